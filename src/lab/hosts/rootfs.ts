// The root file system of the hosts: Debian's packages, made once and kept by a hash of what went into it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import hook from './rootfs-hook.sh';

/** Bookworm is the last Debian whose Docker, 20.10, has a cluster store. */
const SUITE = 'bookworm';

const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'dbus', 'docker.io', 'containerd', 'etcd-server'],
  ...['iptables', 'ipset', 'iproute2', 'curl', 'ca-certificates', 'openssl', 'kmod', 'procps'],
  ...['python3', 'busybox-static', 'dash', 'bash', 'diffutils'],
];

export interface Rootfs {
  /** The lower directory of every host's overlay; never written to once it is there. */
  directory: string;
  /** False where it was there already. */
  made: boolean;
  seconds: number;
}

/** `$XDG_CACHE_HOME/dcos-calico-lab`, else below /var/cache: for root alone. */
export function cacheDirectory(env: Record<string, string | undefined> = process.env): string {
  return join(env.XDG_CACHE_HOME || '/var/cache', 'dcos-calico-lab');
}

/** Makes the root file system, or finds it in the cache. Throws `lab-rootfs` with what mmdebstrap said last. */
export async function rootfs(say: (line: string) => void, signal?: AbortSignal): Promise<Rootfs> {
  const cache = cacheDirectory();
  const name = `debian-${createHash('sha256')
    .update([SUITE, hook, ...PACKAGES].join('\n'))
    .digest('hex')
    .slice(0, 16)}`;
  const directory = join(cache, name);
  if (existsSync(directory)) return { directory, made: false, seconds: 0 };
  const began = Date.now();
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  chmodSync(cache, 0o700);
  // Those of other package lists, and what an interrupted run left: no lab uses them, as there is one at a time.
  for (const old of readdirSync(cache)) {
    if (old.startsWith('debian-')) rmSync(join(cache, old), { recursive: true, force: true });
  }
  say('Making the root file system of the hosts from Debian packages (once, about 200 MB to fetch) ...');
  const unfinished = `${directory}.new`;
  const hookFile = join(tmpdir(), `dcos-calico-rootfs-${process.pid}.sh`);
  writeFileSync(hookFile, hook, { mode: 0o600 });
  try {
    await mmdebstrap(hookFile, unfinished, signal);
    renameSync(unfinished, directory);
  } finally {
    rmSync(hookFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
  return { directory, made: true, seconds: (Date.now() - began) / 1000 };
}

function mmdebstrap(hookFile: string, target: string, signal?: AbortSignal): Promise<void> {
  const child = spawn(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg',
      `--include=${PACKAGES.join(',')}`,
      `--customize-hook=sh ${hookFile} "$1"`,
      SUITE,
      target,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' },
  );
  signal?.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
  let talk = '';
  child.stderr.on('data', (chunk: Buffer) => {
    talk = `${talk}${chunk}`.slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      reject(
        new UserError({
          code: 'lab-rootfs',
          what: 'The root file system of the hosts could not be made',
          why: talk.trim().split('\n').at(-1) || `mmdebstrap ended with code ${code}`,
          remedy: ['See that this machine reaches a Debian mirror, then try again'],
          detail: talk.trim(),
        }),
      );
    });
  });
}
