// Secrets, searched for in everything that the built program leaves: what it prints, with -vv too, its command line among the processes,
// the files it writes, what stands in the cluster and on its agents, pages, and the archive for a support case.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import { type Bundle, buildBundle } from '../../bundle.ts';
import type { Choice, Family, Outcome } from '../case.ts';
import { DirectCluster } from '../direct.ts';
import { filesBelow, ProcessWatch } from '../searched.ts';
import { PLANTED, secretsIn } from '../secrets.ts';

/** Each is run against one lab, one after the other. */
const RUNS: string[][] = [
  ['install', '--yes', '-vv', '--message', 'a try', '--report', 'install.html'],
  ['status', '-vv', '--all', '--html', 'status.html'],
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

/** The cases run beside each other, and see each other's processes. */
const TYPED = RUNS.flat().filter((argument) => argument.includes(PLANTED));

const CASES: Record<string, (seed: number) => Promise<Outcome>> = {
  'in everything that is left': async (seed) => {
    const bundle = buildBundle();
    const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-faults-'));
    const lab = await startLab({ speed: 200, seed, agents: { private: 3, public: 1 } });
    const wrong: string[] = [];
    try {
      for (const args of RUNS) wrong.push(...(await searched(bundle, lab, folder, args)).wrong);
      for (const name of ['install.html', 'status.html', 'plan.json', 'case.tar.gz'])
        if (!existsSync(join(folder, name))) wrong.push(`${name} was not written`);
      wrong.push(...files(folder, lab.token));
    } finally {
      await lab.stop();
      bundle.remove();
      rmSync(folder, { recursive: true, force: true });
    }
    return { wrong, went: `${RUNS.length} commands and what they left` };
  },
  'on hosts that run the steps': (seed) => onHosts(seed),
};

/** Where credentials of a registry lie on an agent: what they are is never read, carried or printed. */
const REGISTRY = '/etc/registry';
const ON_HOSTS: string[][] = [
  [
    'install',
    '--yes',
    '-vv',
    ...['rollout.settle-seconds=1', `registry.config-dir=${REGISTRY}`].flatMap((one) => ['--set', one]),
  ],
  ['status', '10.0.1.11', '-v'],
  ['logs', '10.0.1.11', 'node'],
  ['preflight', '-v'],
  ['diagnostics', 'create', '-o', 'case.tar.gz'],
];

/** The steps really run: their processes, sandboxes and files are looked at as well. */
async function onHosts(seed: number): Promise<Outcome> {
  const bundle = buildBundle();
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-faults-'));
  const directory = join(folder, 'lab');
  const out = join(folder, 'out');
  mkdirSync(out);
  const lab = await startLab({ grade: 'sandbox', seed, directory, agents: { private: 1, public: 1 } });
  const wrong: string[] = [];
  const processes = new ProcessWatch([lab.token], 50, TYPED);
  try {
    const planted = [...lab.master.agents.values()].map(({ host }) => join(lab.hostRoot(host), REGISTRY));
    for (const place of planted) {
      mkdirSync(place, { recursive: true });
      const auths = { 'quay.io': { auth: PLANTED } };
      writeFileSync(join(place, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 });
    }
    for (const args of ON_HOSTS) {
      const { wrong: found, exit, stderr } = await searched(bundle, lab, out, args);
      wrong.push(...found);
      if (exit !== 0) wrong.push(`${args.slice(0, 2).join(' ')} ended with ${exit}: ${stderr.slice(-800)}`);
    }
    wrong.push(...processes.stop());
    if (processes.steps.size === 0) wrong.push('no process of a step was ever seen');
    wrong.push(...files(out, lab.token));
    if (!existsSync(directory)) wrong.push('the hosts are not where they were to be');
    for (const { path, text } of filesBelow(directory, (one) => planted.includes(one)))
      wrong.push(
        ...secretsIn(text, [lab.token]).map((which) => `${which} in ${path.slice(directory.length)}`),
      );
  } finally {
    processes.stop();
    await lab.stop();
    bundle.remove();
    rmSync(folder, { recursive: true, force: true });
  }
  return { wrong, went: `${ON_HOSTS.length} commands on hosts that run the steps` };
}

async function searched(
  bundle: Bundle,
  lab: Lab,
  folder: string,
  args: string[],
): Promise<{ wrong: string[]; exit: number | null; stderr: string }> {
  const wrong: string[] = [];
  const look = (text: string, where: string) =>
    wrong.push(
      ...secretsIn(text, [lab.token]).map((which) => `${args.slice(0, 2).join(' ')}: ${which} in ${where}`),
    );
  const inFolder = args.map((one) => (/^[a-z]+\.(json|html|tar\.gz)$/.test(one) ? join(folder, one) : one));
  const watching = new ProcessWatch([lab.token], 20, [...args, ...TYPED]);
  const { ended } = bundle.start(inFolder, {
    DCOS_URL: lab.url,
    DCOS_ACS_TOKEN: lab.token,
    XDG_CACHE_HOME: folder,
  });
  const { exit, stdout, stderr } = await ended;
  wrong.push(...watching.stop());
  look(stdout, 'stdout');
  look(stderr, 'stderr');
  if (exit === 70) wrong.push(`${args.join(' ')} ended as a bug: ${stderr.slice(0, 800)}`);
  const cluster = new DirectCluster(lab, lab.token);
  look(JSON.stringify((await cluster.marathon.group('/calico')) ?? {}), 'the apps on the cluster');
  return { wrong, exit, stderr };
}

/** Everything that was written, unpacked; and who may read it. */
function files(folder: string, token: string): string[] {
  const wrong: string[] = [];
  for (const { path, text, mode } of filesBelow(folder)) {
    wrong.push(...secretsIn(text, [token]).map((which) => `${which} in ${path}`));
    if (mode & 0o077) wrong.push(`${path} has the mode ${mode.toString(8)}`);
  }
  return wrong;
}

async function cases({ depth }: Choice): Promise<string[]> {
  const names = Object.keys(CASES);
  return depth === 'short' ? names.slice(0, 1) : names;
}

export const SECRETS: Family = {
  name: 'secrets',
  about: 'Secrets, searched for in everything',
  cases,
  run: (name, seed) => CASES[name]!(seed),
};
