// Secrets, searched for in everything that the built program leaves: what it prints, with -vv too, its command line among the processes,
// the files it writes, what stands in the cluster, and the archive for a support case.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import { type Bundle, buildBundle } from '../../bundle.ts';
import type { Choice, Family, Outcome } from '../case.ts';
import { DirectCluster } from '../direct.ts';
import { PLANTED, secretsIn } from '../secrets.ts';

/** Each is run against one lab, one after the other. */
const RUNS: string[][] = [
  ['install', '--yes', '-vv', '--message', 'a try'],
  ['status', '-vv', '--all'],
  ['status', '--json'],
  ['diff', '--set', 'node.ipip=always', '--out', 'plan.json'],
  ['options', 'show'],
  ['plan', 'status', '-v'],
  ['logs', '10.0.1.11', 'node'],
  ['preflight', '-v'],
  ['diagnostics', 'create', '-o', 'case.tar.gz'],
  ['uninstall', '--yes', '-v', '--api-only'],
  // What is refused is not repeated either.
  ['options', 'validate', '--set', `etcd.etcd-endpoints=http://user:${PLANTED}@10.0.0.1:2379`],
  ['install', '--yes', '--set', `registry.password=${PLANTED}`],
];

async function run(_: string, seed: number): Promise<Outcome> {
  const bundle = buildBundle();
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-faults-'));
  const lab = await startLab({ speed: 200, seed, agents: { private: 3, public: 1 } });
  const wrong: string[] = [];
  try {
    for (const args of RUNS) wrong.push(...(await searched(bundle, lab, folder, args)));
    wrong.push(...files(folder, lab.token));
  } finally {
    await lab.stop();
    bundle.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return { wrong, went: `${RUNS.length} commands and what they left` };
}

async function searched(bundle: Bundle, lab: Lab, folder: string, args: string[]): Promise<string[]> {
  const wrong: string[] = [];
  const look = (text: string, where: string) =>
    wrong.push(
      ...secretsIn(text, [lab.token]).map((which) => `${args.slice(0, 2).join(' ')}: ${which} in ${where}`),
    );
  const inFolder = args.map((one) => (/^(plan\.json|case\.tar\.gz)$/.test(one) ? join(folder, one) : one));
  const { process: child, ended } = bundle.start(inFolder, {
    DCOS_URL: lab.url,
    DCOS_ACS_TOKEN: lab.token,
    XDG_CACHE_HOME: folder,
  });
  const watching = setInterval(() => look(commandLineOf(child.pid!, args), 'the process list'), 20);
  const { exit, stdout, stderr } = await ended;
  clearInterval(watching);
  look(stdout, 'stdout');
  look(stderr, 'stderr');
  if (exit === 70) wrong.push(`${args.join(' ')} ended as a bug: ${stderr.slice(0, 800)}`);
  const cluster = new DirectCluster(lab, lab.token);
  look(JSON.stringify((await cluster.marathon.group('/calico')) ?? {}), 'the apps on the cluster');
  return wrong;
}

/** Secrets that were typed there are the shell's to hide; what this program adds to it is looked at. */
function commandLineOf(pid: number, args: readonly string[]): string {
  try {
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return args.reduce((rest, one) => rest.replace(one, ''), line);
  } catch {
    return '';
  }
}

/** Everything that was written, unpacked; and who may read it. */
function files(folder: string, token: string): string[] {
  const wrong: string[] = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const raw = readFileSync(path);
    const text = entry.name.endsWith('.gz') ? gunzipSync(raw).toString('latin1') : raw.toString('latin1');
    wrong.push(...secretsIn(text, [token]).map((which) => `${which} in ${entry.name}`));
    const mode = statSync(path).mode & 0o777;
    if (mode & 0o077) wrong.push(`${entry.name} has the mode ${mode.toString(8)}`);
  }
  return wrong;
}

async function cases(_: Choice): Promise<string[]> {
  return ['in everything that is left'];
}

export const SECRETS: Family = { name: 'secrets', about: 'Secrets, searched for in everything', cases, run };
