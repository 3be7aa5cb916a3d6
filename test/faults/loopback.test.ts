// The practice cluster is this machine's own: nobody reaches it from elsewhere, and nobody without its token.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { VirtualClock } from '../../src/lab/clock.ts';
import { startLab } from '../../src/lab/lab.ts';

const refused = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect(port, host);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });

test('it listens on loopback alone, and wants its token', async () => {
  const lab = await startLab({ clock: new VirtualClock(0), agents: { private: 1, public: 0 } });
  try {
    const { hostname, port } = new URL(lab.url);
    assert.equal(hostname, '127.0.0.1');
    const others = Object.values(networkInterfaces())
      .flatMap((all) => all ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) assert.ok(await refused(address, Number(port)), address);
    assert.equal((await fetch(`${lab.url}/service/marathon/v2/apps`)).status, 401);
    const headers = { authorization: `token=${lab.token.slice(0, -2)}xx` };
    assert.equal((await fetch(`${lab.url}/mesos/slaves`, { headers })).status, 401);
  } finally {
    await lab.stop();
  }
});

/** Addresses on which this process listens, as Linux has them: the bytes of an IPv4 address backwards. */
function listening(): string[] {
  const own = new Set(
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? ''];
      } catch {
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/self/net/${table}`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && own.has(inode!))
      .map(([, local]) => local!.split(':')[0]!),
  );
}

test('of a lab whose hosts run the steps, no server listens elsewhere either', async () => {
  const lab = await startLab({ grade: 'sandbox', agents: { private: 1, public: 1 } });
  try {
    const all = listening();
    assert.ok(all.length >= 3, `${all.length} servers`);
    // 127.0.0.0/8.
    for (const address of all) assert.match(address, /^.{6}7F$/);
  } finally {
    await lab.stop();
  }
});
