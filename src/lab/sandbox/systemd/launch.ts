// Runs a command of a unit: what the lab models is modelled, anything else really runs, as a process of the host.
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { dockerProcess } from '../docker/cli.ts';
import { startGroup } from '../group.ts';
import type { Machine } from '../machine.ts';
import { startEtcd } from '../programs/etcd-proxy.ts';
import { startMesosAgent } from '../programs/mesos-agent.ts';
import { modelled, type Process } from './process.ts';
import type { Unit } from './unit.ts';

function over(machine: Machine, code: number): Process {
  const process = modelled(machine.nextPid());
  process.end(code, null);
  return process;
}

/** systemd's own exit status where a program cannot be executed. */
const EXEC_FAILED = 203;

function startDockerd(machine: Machine, args: string[]): Process {
  const process = modelled(machine.nextPid());
  try {
    const { hangs, slow } = machine.engine.start(args);
    if (hangs) process.notified = new Promise(() => {});
    else if (slow) process.notified = new Promise((resolve) => machine.after(slow, resolve));
  } catch (error) {
    machine.log('docker.service', (error as Error).message);
    process.end(1, null);
    return process;
  }
  process.handle = (signal) => {
    if (signal === 'SIGHUP') machine.engine.reload();
    else
      process.end(
        signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : null,
        signal === 'SIGTERM' ? null : signal,
      );
  };
  process.onEnd(() => machine.engine.stop());
  return process;
}

function signalByNumber(words: readonly string[]): { signal: string; pid: number } {
  let signal = 'SIGTERM';
  let pid = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const name = word === '-s' ? words[++i]! : /^-\w/.test(word) ? word.slice(1) : undefined;
    if (name)
      signal =
        { 1: 'SIGHUP', 9: 'SIGKILL', 15: 'SIGTERM' }[name] ?? (name.startsWith('SIG') ? name : `SIG${name}`);
    else pid = Number(word);
  }
  return { signal, pid };
}

/** An argument that names a file of the host by its absolute path, as a process of this machine finds it. */
function onThisMachine(machine: Machine, argument: string): string {
  return argument.startsWith('/') && existsSync(machine.path(argument)) ? machine.path(argument) : argument;
}

export function launch(machine: Machine, unit: Unit, argv: string[], env: Record<string, string>): Process {
  const program = machine.hostPath(argv[0] ?? '');
  const name = basename(program);
  const args = argv.slice(1);
  if (name === 'kill') {
    const { signal, pid } = signalByNumber(args);
    if (unit.main && (pid === unit.main.pid || !pid)) unit.main.signal(signal);
    return over(machine, unit.main ? 0 : 1);
  }
  if (program === '/opt/mesosphere/bin/mesos-agent') return startMesosAgent(machine, env);
  if (program.startsWith('/opt/mesosphere/bin/') && !/\/(python3?|detect_ip)$/.test(program)) {
    return modelled(machine.nextPid());
  }
  if (name === 'ip' && program.endsWith('/sbin/ip')) {
    if (args.join(' ') === 'link del docker0') {
      machine.kernel.links = machine.kernel.links.filter((link) => link.name !== 'docker0');
    }
    return over(machine, 0);
  }
  if (name === 'dockerd') return startDockerd(machine, args);
  if (name === 'docker') return dockerProcess(machine, args, unit.name);
  const path = machine.path(program);
  try {
    accessSync(path, constants.X_OK);
    if (!statSync(path).isFile()) throw new Error('not a file');
  } catch {
    machine.log(unit.name, `Failed at step EXEC spawning ${program}: No such file or directory`);
    return over(machine, EXEC_FAILED);
  }
  if (name === 'etcd') {
    // Only what begins like a program is one: a broken download fails here as it does on a host.
    const content = readFileSync(path).toString('latin1');
    const head = content.slice(0, 4);
    if (!head.startsWith('#!') && head !== '\x7fELF') {
      machine.log(unit.name, `Failed at step EXEC spawning ${program}: Exec format error`);
      return over(machine, EXEC_FAILED);
    }
    const version = /etcd Version: (\d+\.\d+\.\d+)/.exec(content.slice(0, 4096))?.[1];
    return startEtcd(machine, args, env, unit.name, version);
  }
  const prefixed = (env.PATH ?? '').split(':').map((part) => machine.path(machine.hostPath(part)));
  return startGroup({
    argv: [path, ...args.map((argument) => onThisMachine(machine, argument))],
    cwd: machine.root,
    env: { ...env, ...machine.environment, PATH: prefixed.join(':') },
    stdout: 'pipe',
    stderr: 'pipe',
    onOutput: (_, text) => {
      for (const line of text.split('\n')) if (line) machine.log(unit.name, line);
    },
  });
}
