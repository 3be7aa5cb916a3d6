// `npm run test:hosts`: the steps on real hosts. Installs the Debian packages that it needs, boots the hosts, runs all tests of
// test/hosts, takes everything down, and holds that nothing is left. Says so, with exit code 69, where it cannot run.
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../src/errors.ts';
import { missingPackages, requireHosts } from '../src/lab/hosts/requirements.ts';

/** "Service unavailable" (sysexits.h): neither passed nor failed. */
const CANNOT = 69;
const root = join(import.meta.dirname, '..');

function cannot(why: string): never {
  const line = `test:hosts DID NOT RUN: ${why}`;
  const rule = '='.repeat(Math.min(100, line.length));
  process.stderr.write(`${rule}\n${line}\n${rule}\n`);
  process.exit(CANNOT);
}

function installPackages(): void {
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) {
    cannot(`${missing.join(', ')} cannot be installed: this machine has no apt-get`);
  }
  console.log(`Installing ${missing.join(', ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
  ]) {
    const done = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (done.status !== 0) cannot(`apt-get ${args[0]} failed: ${done.stderr.trim().split('\n').at(-1)}`);
  }
}

/** What a lab could leave behind on this machine, each as a line. */
function traces(): Set<string> {
  const found = new Set<string>();
  for (const line of readFileSync('/proc/mounts', 'utf8').split('\n')) {
    if (/dcos-calico|nspawn/.test(line)) found.add(`mount: ${line}`);
  }
  for (const name of readdirSync('/sys/class/net')) {
    if (/^(dcos-calico|vb-calico)/.test(name)) found.add(`link: ${name}`);
  }
  for (const name of readdirSync(tmpdir())) {
    if (/^dcos-calico-(hosts|cli|rootfs)/.test(name)) found.add(`file: ${join(tmpdir(), name)}`);
  }
  const groups = spawnSync('find', ['/sys/fs/cgroup', '-type', 'd', '-name', 'dcos-calico-lab'], {
    encoding: 'utf8',
  });
  for (const line of groups.stdout.split('\n')) if (line) found.add(`cgroup: ${line}`);
  for (const pid of readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== process.pid,
  )) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (/^systemd-nspawn .*dcos-calico|dcos-calico-hosts|test\/hosts\/all\.ts/.test(command)) {
        found.add(`process: ${pid} ${command.slice(0, 100)}`);
      }
    } catch {
      // It has just ended.
    }
  }
  return found;
}

async function left(before: Set<string>): Promise<string[]> {
  // What was killed takes a moment to be gone.
  for (let tries = 0; ; tries++) {
    const rest = [...traces()].filter((trace) => !before.has(trace));
    if (rest.length === 0 || tries === 20) return rest;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function main(): Promise<number> {
  try {
    if (process.platform === 'linux' && process.geteuid?.() === 0) installPackages();
    requireHosts();
  } catch (error) {
    if (error instanceof UserError) cannot(error.problem.why ?? error.message);
    throw error;
  }
  const before = traces();
  const began = Date.now();
  const tests = spawn(
    process.execPath,
    ['--import', './scripts/text-modules.mjs', 'test/hosts/all.ts', ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  );
  // They end themselves, and take the hosts down: of a Ctrl-C they hear from the terminal.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => tests.kill(signal));
  process.on('SIGINT', () => {});
  const code = await new Promise<number>((resolve) => tests.once('close', (exit) => resolve(exit ?? 1)));
  const rest = await left(before);
  for (const trace of rest) process.stderr.write(`left on this machine: ${trace}\n`);
  console.log(
    `test:hosts ${code === 0 ? 'passed' : 'FAILED'} in ${Math.round((Date.now() - began) / 1000)} s, ${rest.length || 'nothing'} left behind`,
  );
  return rest.length > 0 && code === 0 ? 1 : code;
}

process.exitCode = await main();
