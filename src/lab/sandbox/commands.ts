// Which stand-in answers which command, and what faults do to it first.
import { readFileSync } from 'node:fs';
import type { Call } from './call.ts';
import { docker } from './docker/cli.ts';
import type { Machine } from './machine.ts';
import { ipOf, nc, wget } from './network/container-commands.ts';
import { curl } from './network/curl.ts';
import { ipset, iptables, iptablesSave } from './network/iptables.ts';
import { ip, modprobe, ss } from './network/kernel-commands.ts';
import { busctl, dbusSend } from './systemd/bus.ts';
import { systemctl } from './systemd/systemctl.ts';

type Answer = (machine: Machine, call: Call) => Promise<number> | number;

function getent(machine: Machine, call: Call): number {
  const [database, name = ''] = call.args;
  if (database !== 'hosts' && database !== 'ahosts' && database !== 'ahostsv4')
    return database === 'passwd' ? 0 : 1;
  if (machine.reach.isHere(name)) {
    call.out(`127.0.0.1       ${name}\n`);
    return 0;
  }
  if (!machine.reach.route(name, 0) && !machine.reach.route(name, 443) && !machine.reach.route(name, 80))
    return 2;
  call.out(`198.51.100.7    ${name}\n`);
  return 0;
}

/** In a task's own PID namespace only the task is seen (facts §12); of all others there is nothing. */
function ownNamespace(_: Machine, call: Call): number {
  if (call.name === 'ps') call.out('  PID TTY          TIME CMD\n    1 ?        00:00:00 sh\n');
  return call.name === 'ps' ? 0 : 1;
}

function df(machine: Machine, call: Call): number {
  const free = machine.spec.freeKilobytes ?? 20 * 1024 * 1024;
  const paths = call.args.filter((argument) => !argument.startsWith('-'));
  call.out('Filesystem     1024-blocks    Used Available Capacity Mounted on\n');
  for (const _ of paths.length ? paths : ['/']) {
    call.out(
      `/dev/sda1         ${free + 10485760} 10485760 ${free}      ${Math.round((100 * 10485760) / (free + 10485760))}% /\n`,
    );
  }
  return 0;
}

function uname(machine: Machine, call: Call): number {
  const parts: Record<string, string> = {
    s: 'Linux',
    n: machine.address,
    r: '3.10.0-1160.el7.x86_64',
    m: 'x86_64',
    p: 'x86_64',
    o: 'GNU/Linux',
  };
  const letters = call.args.flatMap((argument) => (argument.startsWith('-') ? [...argument.slice(1)] : []));
  const shown = letters.includes('a') ? Object.keys(parts) : letters.length ? letters : ['s'];
  call.out(`${shown.map((letter) => parts[letter] ?? '').join(' ')}\n`);
  return 0;
}

function journalctl(machine: Machine, call: Call): number {
  const { args } = call;
  const unit = args.includes('-u')
    ? args[args.indexOf('-u') + 1]
    : args.find((argument) => argument.startsWith('--unit='))?.slice(7);
  const count = Number(
    args.includes('-n')
      ? args[args.indexOf('-n') + 1]
      : (args.find((argument) => argument.startsWith('--lines='))?.slice(8) ?? Number.NaN),
  );
  const entries = machine.journal.filter(
    (entry) => !unit || entry.unit === unit || entry.unit === `${unit}.service`,
  );
  for (const { at, unit: name, line } of Number.isFinite(count) ? entries.slice(-count) : entries) {
    call.out(
      args.some((argument) => /^(-o|--output)=?cat$/.test(argument)) || args[args.indexOf('-o') + 1] === 'cat'
        ? `${line}\n`
        : `${new Date(at).toISOString().slice(0, 19)} ${machine.address} ${name.replace(/\.service$/, '')}[1]: ${line}\n`,
    );
  }
  return 0;
}

function sysctl(machine: Machine, call: Call): number {
  for (const name of call.args.filter((argument) => !argument.startsWith('-'))) {
    try {
      const value = readFileSync(machine.path(`/proc/sys/${name.replaceAll('.', '/')}`), 'utf8').trim();
      call.out(call.args.includes('-n') ? `${value}\n` : `${name} = ${value}\n`);
    } catch {
      call.err(`sysctl: cannot stat /proc/sys/${name.replaceAll('.', '/')}: No such file or directory\n`);
      return 255;
    }
  }
  return 0;
}

const ANSWERS: Record<string, Answer> = {
  docker: (machine, call) => docker(machine, call.args, call),
  systemctl,
  busctl,
  'dbus-send': dbusSend,
  'systemd-run': (_, call) => {
    call.err('Failed to connect to bus: No data available\n');
    return 1;
  },
  journalctl,
  curl,
  getent,
  df,
  uname,
  hostname: (machine, call) => {
    call.out(`${machine.address}\n`);
    return 0;
  },
  dockerd: (machine, call) => {
    call.out(
      `Docker version ${machine.spec.docker?.versionOnDisk ?? machine.engine.version}, build 9997c60\n`,
    );
    return call.args.includes('--version') || call.args.includes('-v') ? 0 : 1;
  },
  pidof: ownNamespace,
  ps: ownNamespace,
  ip: (machine, call) => {
    const endpoint = machine.calico?.of(call.env);
    return endpoint ? ipOf(endpoint, call) : ip(machine, call);
  },
  iptables,
  ip6tables: iptables,
  'iptables-save': iptablesSave,
  'ip6tables-save': iptablesSave,
  ipset,
  modprobe,
  lsmod: (machine, call) => {
    call.out('Module                  Size  Used by\n');
    for (const name of machine.kernel.loaded) call.out(`${name.padEnd(23)} 16384  0\n`);
    return 0;
  },
  ss,
  netstat: ss,
  wget,
  nc,
  sysctl,
};

/** Answers a stand-in's call, with the faults that the host's spec has for it. */
export async function answer(machine: Machine, call: Call): Promise<number> {
  const fault = machine.faults.draw(call.name, call.args);
  if (fault?.hang) {
    await new Promise<void>((resolve) =>
      call.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    return 137;
  }
  if (fault?.slow) {
    await new Promise<void>((resolve) => {
      const timer = machine.after(fault.slow!, resolve);
      call.signal.addEventListener(
        'abort',
        () => {
          timer.cancel();
          resolve();
        },
        { once: true },
      );
    });
    if (call.signal.aborted) return 137;
  }
  const tell = (): void => {
    if (fault?.stdout) call.out(fault.stdout);
    if (fault?.stderr) call.err(fault.stderr);
  };
  const act = ANSWERS[call.name];
  if (!act) {
    call.err(`${call.name}: the lab does not know this command\n`);
    return 127;
  }
  if (fault && !fault.after && (fault.fail !== undefined || fault.stdout !== undefined)) {
    tell();
    return fault.fail ?? 0;
  }
  const code = await act(machine, call);
  if (!fault?.after) return code;
  tell();
  return fault.fail ?? code;
}
