// Durations, the flag `--wait`, and finding an agent by what was typed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareAddresses } from '../../src/status/address.ts';
import { buildStatus } from '../../src/status/build.ts';
import { durationText, parseDuration, timeText } from '../../src/status/duration.ts';
import { findAgent } from '../../src/status/find-agent.ts';
import { waitMsOf, withWaitValue } from '../../src/status/wait-flag.ts';
import { clusterRead, idOf } from './cluster.ts';

test('durations are read and written', () => {
  assert.deepEqual(['90s', '10m', '1h30m', '2d', '10', 'm', '1h30', '-5s', ''].map(parseDuration), [
    90_000,
    600_000,
    5_400_000,
    172_800_000,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  assert.deepEqual([0, 119_000, 120_000, 7_199_000, 7_200_000, 172_800_000, -5].map(durationText), [
    '0 s',
    '119 s',
    '2 min',
    '119 min',
    '2 h',
    '2 days',
    '0 s',
  ]);
  assert.equal(timeText('2026-11-24T03:54:45.108Z'), '2026-11-24 03:54:45 UTC');
  assert.equal(timeText('yesterday'), 'yesterday');
});

test('a time that is none has nothing that a terminal acts on', () => {
  assert.equal(timeText('2026-11-24T03:54:45.108Z'), '2026-11-24 03:54:45 UTC');
  assert.equal(timeText('\u001b[2J\u001b]0;owned\u0007\u202e2026-11-24'), '2J0owned2026-11-24');
  assert.equal(timeText('x'.repeat(500)).length, 40);
});

test('--wait stands alone or with a duration', () => {
  const read = (line: string) => withWaitValue(line.split(' ')).join(' ');
  assert.equal(read('--wait'), '--wait forever');
  assert.equal(read('--wait 10m'), '--wait 10m');
  assert.equal(read('--wait --json'), '--wait forever --json');
  assert.equal(read('--wait 10.0.1.13'), '--wait forever 10.0.1.13');
  assert.equal(read('10.0.1.13 --wait'), '10.0.1.13 --wait forever');
  assert.equal(read('--wait=5s'), '--wait=5s');
  assert.equal(read('-- --wait'), '-- --wait');
  assert.equal(waitMsOf(undefined), undefined);
  assert.equal(waitMsOf('forever'), Number.POSITIVE_INFINITY);
  assert.equal(waitMsOf('10m'), 600_000);
  assert.throws(() => waitMsOf('10'), /"10" is not a duration/);
});

test('addresses sort as people read them', () => {
  const sorted = ['10.0.1.10', '10.0.1.9', 'node-b', '9.0.0.1', 'node-a'].sort(compareAddresses);
  assert.deepEqual(sorted, ['9.0.0.1', '10.0.1.9', '10.0.1.10', 'node-a', 'node-b']);
});

test('an agent is found by address or id, and what comes near is named', () => {
  const hosts = ['10.0.1.11', '10.0.1.12', '10.0.2.11', '192.168.1.1'];
  const { agents } = buildStatus(clusterRead({ agents: hosts.map((host) => ({ host })) }));
  const found = (wanted: string) => {
    const one = findAgent(agents, wanted);
    return 'row' in one ? one.row.address : one.near;
  };
  assert.equal(found('10.0.1.12'), '10.0.1.12');
  assert.equal(found(idOf('10.0.2.11')), '10.0.2.11');
  assert.deepEqual(found('10.0.1.13'), ['10.0.1.11', '10.0.1.12', '10.0.2.11']);
  assert.deepEqual(found('nonsense'), []);
});

test('an address with a dead agent and its successor means the living one', () => {
  const read = clusterRead({ agents: [{ host: '10.0.1.11' }] });
  const { agents } = buildStatus({ ...read, agents: [{ ...read.agents[0]!, id: 'NEW-S9' }] });
  const found = findAgent(agents, '10.0.1.11');
  assert.ok('row' in found && found.row.id === 'NEW-S9');
});
