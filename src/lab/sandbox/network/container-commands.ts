// What a container's own programs say within its network: ip, and wget and nc of busybox, which Calico's image has.
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import type { Endpoint } from './calico.ts';
import { text, Unreachable } from './reach.ts';

/** `ip addr` in a container: Calico gives it one address, as a network of its own. */
export function ipOf({ kind, address }: Endpoint, call: Call): number {
  const name = kind === 'mesos' ? 'eth0' : 'cali0';
  call.out(
    `5: ${name}    inet ${address}/32 scope global ${name}\\       valid_lft forever preferred_lft forever\n`,
  );
  return 0;
}

function after(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

const SAYS: Record<string, (host: string) => string> = {
  refused: (host) => `wget: can't connect to remote host (${host}): Connection refused\n`,
  timeout: () => 'wget: download timed out\n',
};

export async function wget(machine: Machine, call: Call): Promise<number> {
  const url = new URL(call.args.at(-1) ?? '');
  const endpoint = machine.calico?.of(call.env);
  try {
    if (!endpoint) throw new Unreachable('refused');
    const asked = { method: 'GET', headers: { Host: url.host, 'User-Agent': 'Wget' }, signal: call.signal };
    const body = await text(await machine.calico!.request(endpoint, url, asked));
    await writeFile(resolve(call.cwd, after(call.args, '-O') ?? 'index.html'), body);
    return 0;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    call.err(SAYS[error.failure]?.(url.hostname) ?? 'wget: error getting response\n');
    return 1;
  }
}

/** `nc -l -p PORT`: gives what it reads to the first who connects, and ends. */
export async function nc(machine: Machine, call: Call): Promise<number> {
  const endpoint = machine.calico?.of(call.env);
  const port = Number(after(call.args, '-p'));
  if (!endpoint || !call.args.includes('-l') || !port) {
    call.err('nc: the lab knows it as nc -l -p PORT in a container only\n');
    return 1;
  }
  const answer = await call.stdin();
  return new Promise((ended) => {
    const server = createServer((socket) => {
      server.close();
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
      socket.once('close', () => ended(0));
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      call.err(
        `nc: bind: ${error.code === 'EADDRINUSE' ? 'Address already in use' : 'Address not available'}\n`,
      );
      ended(1);
    });
    call.signal.addEventListener(
      'abort',
      () => {
        server.close();
        ended(143);
      },
      { once: true },
    );
    server.listen(port, machine.calico!.onLoopback(endpoint));
  });
}
