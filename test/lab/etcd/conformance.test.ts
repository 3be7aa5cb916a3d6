// The lab's etcd, and a host's etcd proxy in front of it, held against what a real etcd 3.4.23 answered.
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type EtcdServer, startEtcd } from '../../../src/lab/etcd/server.ts';
import { Reach, text, Unreachable } from '../../../src/lab/sandbox/network/reach.ts';
import { type Recording, recordings } from '../../conformance/recordings.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

const clock = new VirtualClock(Date.UTC(2026, 10, 24, 3, 6, 3));
let etcd: EtcdServer;
before(async () => {
  etcd = await startEtcd({ clock });
});
after(() => etcd.stop());

function send(method: string, path: string, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      etcd.url + path,
      { method, agent: false, headers: body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {} },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body ?? undefined);
  });
}

/** What the two bodies differ in: everything but times and Raft's own numbers is the same. */
function differences(recording: Recording, answer: Answer): string[] {
  const found: string[] = [];
  const { response, name } = recording;
  if (answer.status !== response.status)
    found.push(`${name}: status ${response.status}, here ${answer.status}`);
  let body: unknown = answer.body;
  try {
    body = JSON.parse(answer.body);
  } catch {}
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value), (key, entry) => {
      if (key === 'expiration') return typeof entry;
      // The order of a directory's nodes is that of a Go map unless it is sorted.
      if (key === 'nodes' && !recording.request.path.includes('sorted')) {
        return [...entry].sort((a, b) => (a.key < b.key ? -1 : 1));
      }
      return ['id', 'name', 'peerURLs', 'clientURLs'].includes(key) ? typeof entry : entry;
    });
  if (typeof response.body === 'string' || typeof body === 'string') {
    if (body !== response.body)
      found.push(`${name}: ${JSON.stringify(response.body)}, here ${JSON.stringify(body)}`);
  } else {
    try {
      assert.deepEqual(plain(body), plain(response.body));
    } catch {
      found.push(`${name}: ${JSON.stringify(response.body)}, here ${JSON.stringify(body)}`);
    }
  }
  for (const [header, value] of Object.entries(response.headers)) {
    if (['Date', 'Content-Length', 'Transfer-Encoding', 'X-Raft-Index'].includes(header)) continue;
    const here = answer.headers[header.toLowerCase()];
    if (here !== value) found.push(`${name}: ${header}: ${value}, here ${here}`);
  }
  if ('X-Raft-Index' in response.headers !== 'x-raft-index' in answer.headers)
    found.push(`${name}: X-Raft-Index`);
  return found;
}

test('a real etcd and the lab answer alike', async () => {
  const found: string[] = [];
  const direct = recordings('etcd-3.4.23').filter(({ name }) => !name.includes('proxy'));
  assert.equal(direct.length, 32);
  for (const recording of direct) {
    const { method, path, body } = recording.request;
    // The lease of 022 was waited out before 023.
    if (recording.name.startsWith('023')) clock.advance(3000);
    const answer = send(method, path, body);
    if (recording.name.startsWith('029')) {
      await new Promise((resolve) => setImmediate(resolve));
      while (!etcd.store.watched) await new Promise((resolve) => setImmediate(resolve));
      await send('PUT', '/v2/keys/dcos-calico/rollout', 'value=changed');
    }
    found.push(...differences(recording, await answer));
  }
  assert.deepEqual(found, []);
});

test('a real v2 proxy and a host’s proxy answer alike', async () => {
  const { startProxy } = await import('../../../src/lab/sandbox/programs/etcd-proxy.ts');
  const reach = new Reach('10.0.1.11', { routes: { '10.0.0.11': etcd.url } });
  const proxy = startProxy({ reach, clock, peers: ['http://10.0.0.11:2380'], ports: [2379] });
  const ask = async (recording: Recording): Promise<Answer | string> => {
    const { method, path, body } = recording.request;
    const headers: Record<string, string> = body
      ? { 'Content-Type': 'application/x-www-form-urlencoded' }
      : {};
    try {
      const response = await reach.request(`http://localhost:2379${path}`, {
        method,
        headers,
        body: body ? Buffer.from(body as string) : undefined,
        // Only the member that hangs is given up.
        signal: recording.name.startsWith('038') ? AbortSignal.timeout(100) : undefined,
      });
      return { status: response.status, headers: response.headers, body: await text(response) };
    } catch (error) {
      if (error instanceof Unreachable || (error as Error).name.match(/Abort|Timeout/)) return 'no answer';
      throw error;
    }
  };
  const found: string[] = [];
  for (const recording of recordings('etcd-3.4.23').filter(({ name }) => name.includes('proxy'))) {
    if (recording.name.startsWith('038')) etcd.setTrouble('hang');
    if (recording.name.startsWith('039')) etcd.setTrouble(undefined);
    if (recording.name.startsWith('040')) etcd.setTrouble('down');
    const answer = await ask(recording);
    if ('error' in recording.response) {
      if (answer !== 'no answer') found.push(`${recording.name}: answered`);
    } else if (typeof answer === 'string') found.push(`${recording.name}: ${answer}`);
    else found.push(...differences(recording, answer));
  }
  proxy.stop();
  assert.deepEqual(found, []);
});
