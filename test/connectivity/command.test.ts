// The command as it is shipped: what it refuses, what it says before it runs anything, and its exit codes with and without --json.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundle } from '../bundle.ts';
import { install, withLab } from '../rollout/on-lab.ts';

const { run } = bundle();

const writes = (lab: { requests(): { method: string }[] }) =>
  lab.requests().filter(({ method }) => method !== 'GET');

test('nothing is run unasked; what would be is said; agents that cannot take part are refused', () =>
  withLab({ agents: { private: 3, public: 1 } }, async (lab) => {
    const env = { DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token };
    const both = async (args: string[], exit: number) => {
      const [text, json] = await Promise.all([
        run(['connectivity', 'test', ...args], env),
        run(['connectivity', 'test', ...args, '--json'], env),
      ]);
      assert.equal(text.exit, exit, text.stderr);
      assert.equal(json.exit, exit, json.stderr);
      return { ...text, document: JSON.parse(json.stdout || 'null') as Record<string, unknown> };
    };
    assert.match((await both(['--yes'], 1)).stderr, /Calico is not installed on this cluster/);
    await install(lab);
    lab.resetRequests();
    assert.match((await both([], 2)).stderr, /must be confirmed, and there is nobody to ask/);
    assert.match((await both(['--agents', '0', '--yes'], 2)).stderr, /it takes 1 to 50 agents/);
    assert.match((await both(['--agents', '10.9.9.9', '--yes'], 2)).stderr, /no agent has that address/);
    const dry = await both(['--dry-run'], 7);
    assert.match(dry.stdout, /^Test the network between 4 agents$/m);
    assert.match(dry.stdout, /^16 small tasks .* They make 32 connections on port 9797$/m);
    assert.deepEqual((dry.document.agents as { host: string }[]).length, 4);
    assert.equal('connections' in dry.document, false);
    const two = await both(['--dry-run', '--agents', '10.0.1.11,10.1.2.20', '--image', 'busybox:1.36'], 7);
    assert.match(two.stdout, /10\.0\.1\.11, 10\.1\.2\.20 \(public\)$/m);
    assert.match(two.stdout, /with the image busybox:1\.36/);
    assert.deepEqual(writes(lab), []);
  }));
