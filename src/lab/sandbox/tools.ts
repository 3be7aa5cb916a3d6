// The commands of a sandbox host: real ones of this machine that it may use, and those that the lab stands in for.
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../errors.ts';

/** Commands with the same meaning on Linux and macOS; nothing else of this machine is reached by a step. */
export const REAL_TOOLS = [
  ...'[ awk base64 basename bash cat chgrp chmod chown cksum cmp comm cp cut date dd dirname du echo egrep env'.split(
    ' ',
  ),
  ...'expr false fgrep find fold grep gunzip gzip head id install join kill ln ls mkdir mkfifo mktemp mv nice'.split(
    ' ',
  ),
  ...'nohup od paste printf pwd readlink rm rmdir sed seq sh sleep sort split stat sync tail tar tee test touch'.split(
    ' ',
  ),
  ...'tr true tty uniq wc xargs xz yes zcat'.split(' '),
];

/** On an agent (GNU coreutils) but not on every developer's machine: linked where they are. */
export const OPTIONAL_TOOLS = ['bash', 'sha256sum', 'timeout', 'xz', 'install', 'seq'];

/** Commands the lab answers itself, by the directory they are in on a CentOS 7 or CoreOS agent. */
export const STAND_INS: Record<'usr/bin' | 'usr/sbin', readonly string[]> = {
  'usr/bin': [
    ...['docker', 'systemctl', 'busctl', 'dbus-send', 'systemd-run', 'journalctl', 'curl', 'getent'],
    ...['df', 'uname', 'hostname', 'dockerd', 'pidof', 'ps'],
  ],
  'usr/sbin': [
    'ip',
    'iptables',
    'iptables-save',
    'ip6tables',
    'ip6tables-save',
    'ipset',
    'modprobe',
    'lsmod',
    'ss',
    'netstat',
    'sysctl',
  ],
};

export interface Tools {
  /** The real Python 3: its executable, not a shim. */
  python: string;
  /** Real paths by name. */
  real: Map<string, string>;
}

const PLACES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin'];

async function find(name: string, places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const path = join(place, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {}
  }
  return undefined;
}

let found: Promise<Tools> | undefined;

async function findTools(): Promise<Tools> {
  const real = new Map<string, string>();
  const missing: string[] = [];
  for (const name of new Set([...REAL_TOOLS, ...OPTIONAL_TOOLS])) {
    const path = await find(name, PLACES);
    if (path) real.set(name, path);
    else if (!OPTIONAL_TOOLS.includes(name)) missing.push(name);
  }
  if (missing.length) {
    throw new UserError({
      code: 'lab-tools-missing',
      what: 'The practice cluster cannot start',
      why: `these commands are missing on this machine: ${missing.join(', ')}`,
      remedy: ['Install them with the package manager of this machine.'],
    });
  }
  // A developer's `python3` can be a shim in front of the real one (pyenv, Xcode): 100 ms a call instead of 10.
  const path = process.env.PATH?.split(':').filter((part) => part.startsWith('/')) ?? [];
  const inPath = path.map((part) => join(part, 'python3'));
  // On a Mac without developer tools the system's one opens a dialogue: last there, first elsewhere.
  const system = '/usr/bin/python3';
  const candidates =
    process.platform === 'darwin'
      ? [...inPath.filter((each) => each !== system), system]
      : [system, ...inPath];
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      const { stdout } = await promisify(execFile)(candidate, [
        '-I',
        '-c',
        'import sys; print("%d.%d" % sys.version_info[:2]); print(sys.executable)',
      ]);
      const [version, executable] = stdout.trim().split('\n');
      const [major, minor] = version!.split('.').map(Number);
      if (major === 3 && minor! >= 5 && executable) return { python: executable, real };
    } catch {}
  }
  throw new UserError({
    code: 'lab-python-missing',
    what: 'The practice cluster cannot start',
    why: 'the step scripts need Python 3.5 or newer, as a DC/OS agent has it, and this machine has none',
    remedy: [
      'Install it: apt-get install python3 (Debian, Ubuntu), dnf install python3 (Fedora), xcode-select --install (macOS).',
    ],
  });
}

/** Looks once a process. Throws a `UserError` that names what is missing and the way to get it. */
export function prepareTools(): Promise<Tools> {
  found ??= findTools();
  return found;
}
