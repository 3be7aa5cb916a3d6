// `npm run demo`: the main job, played through on a practice cluster with the commands that an operator types.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs, styleText } from 'node:util';

const { values: flags } = parseArgs({
  options: { hosts: { type: 'string' }, wizard: { type: 'boolean' } },
});
const program = join(import.meta.dirname, '..', 'dist', 'dcos-calico.cjs');
const directory = mkdtempSync(join(tmpdir(), 'dcos-calico-demo-'));
const labDirectory = join(directory, 'lab');
const env: NodeJS.ProcessEnv = { ...process.env, DCOS_CALICO_LAB_DIR: labDirectory };
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  colour ? styleText(style, text) : text;
const say = (text = '') => process.stdout.write(`${text}\n`);

/** Runs one command line, its output shown as it comes or taken. Resolves with its exit code and what it printed. */
function run(args: string[], { quiet = false } = {}): Promise<{ exit: number; stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'calico', ...args], {
      env,
      stdio: ['inherit', quiet ? 'pipe' : 'inherit', 'inherit'],
    });
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ exit: code ?? 1, stdout }));
  });
}

async function show(args: string[], expected = 0): Promise<void> {
  say(`\n${paint('bold', `$ dcos calico ${args.join(' ')}`)}`);
  const { exit } = await run(args);
  if (exit !== expected) throw new Error(`dcos calico ${args.join(' ')} ended with exit code ${exit}`);
}

function heading(text: string): void {
  say(`\n${paint(['bold', 'cyan'], `── ${text} ${'─'.repeat(Math.max(2, 74 - text.length))}`)}`);
}

/** The files below some directories of an agent's root, as `find` would list them. */
function files(root: string, below: string[]): string[] {
  return below
    .map((path) => join(root, path))
    .filter((path) => existsSync(path))
    .flatMap((path) =>
      statSync(path).isFile()
        ? [path]
        : readdirSync(path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name)),
    )
    .map((path) => `/${relative(root, path)}`)
    .sort();
}

function showFile(root: string, path: string): void {
  say(`\n${paint('bold', `$ cat /${path}`)}`);
  say(readFileSync(join(root, path), 'utf8').trimEnd());
}

function showAgent(host: string): void {
  heading(`What is now on the agent ${host}`);
  const root = join(labDirectory, 'hosts', host);
  const places = [
    'opt/dcos-calico',
    'etc/systemd/system',
    'etc/docker',
    'opt/mesosphere/etc/dcos/network/cni',
  ];
  say(paint('bold', `$ find ${places.map((place) => `/${place}`).join(' ')} -type f`));
  for (const path of files(root, places)) say(path);
  showFile(root, 'etc/docker/daemon.json');
  showFile(root, 'opt/mesosphere/etc/dcos/network/cni/calico.cni');
  showFile(root, 'etc/systemd/system/dcos-calico-node.service');
}

async function main(): Promise<void> {
  const size = flags.hosts ? ['--hosts', flags.hosts] : ['--private', '5', '--public', '1'];
  heading(
    `A practice cluster: ${flags.hosts ? `${flags.hosts} real hosts` : '5 private agents and 1 public one'}`,
  );
  say(paint('bold', `$ dcos calico lab start ${size.join(' ')}`));
  const started = await run(['lab', 'start', ...size, '--owner', String(process.pid), '--json'], {
    quiet: true,
  });
  if (started.exit !== 0) throw new Error(`The lab did not start:\n${started.stdout}`);
  const lab = JSON.parse(started.stdout) as { url: string; dcos: string; tokenFile: string };
  env.DCOS_URL = lab.url;
  env.DCOS_ACS_TOKEN = readFileSync(lab.tokenFile, 'utf8').trim();
  say(`DC/OS ${lab.dcos} answers at ${lab.url}; every agent really runs the steps' scripts.`);

  heading('Before: nothing is installed');
  await show(['status']);
  if (flags.wizard) {
    heading('The wizard: a few questions, a file, and on to the install');
    const { demoWizard } = await import('./demo-wizard.ts');
    await demoWizard({ program, directory, env, say });
  } else {
    heading('Install: the plan, then wave after wave');
    await show(['install', '--yes']);
  }
  heading('After: every agent, every step');
  await show(['status']);
  if (!flags.hosts) showAgent('10.0.1.11');
  heading('Again: nothing to do, and nothing is touched');
  const options = flags.wizard ? ['--options', join(directory, 'calico.json')] : [];
  await show(['install', ...options, '--yes']);
}

let failed: unknown;
try {
  await main();
} catch (error) {
  failed = error;
} finally {
  if (existsSync(labDirectory)) {
    heading('The end: the cluster is gone, and nothing stays');
    await show(['lab', 'stop']);
  }
  rmSync(directory, { recursive: true, force: true });
}
if (failed) {
  process.stderr.write(`\n${failed instanceof Error ? failed.message : String(failed)}\n`);
  process.exitCode = 1;
}
