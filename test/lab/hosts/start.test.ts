// What can be held of real hosts without them: what they need, which network they get, how many of which kind they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specOf } from '../../../src/lab/control/spec.ts';
import { overlaps } from '../../../src/lab/hosts/network.ts';
import { impossible, missingPackages } from '../../../src/lab/hosts/requirements.ts';

test('two networks overlap when one holds the other', () => {
  assert.ok(overlaps('10.0.0.0/8', '10.99.0.0/24'));
  assert.ok(overlaps('10.99.0.17', '10.99.0.0/24'));
  assert.ok(overlaps('0.0.0.0/0', '10.99.0.0/24'));
  assert.ok(!overlaps('10.98.0.0/16', '10.99.0.0/24'));
  assert.ok(!overlaps('172.17.0.0/16', '172.30.99.0/24'));
});

test('what is missing is named by its package', () => {
  const all = missingPackages('/nowhere');
  assert.deepEqual(all, [...new Set(all)]);
  assert.ok(all.every((name) => /^[a-z-]+$/.test(name)));
});

test('the last of several hosts is a public agent; more public ones than hosts are refused', () => {
  const agents = (hosts: number, ofPublic?: number) =>
    specOf({ dcos: '2.0', hosts, public: ofPublic }).agents;
  assert.deepEqual(agents(3), { private: 2, public: 1 });
  assert.deepEqual(agents(1), { private: 1, public: 0 });
  assert.deepEqual(agents(3, 3), { private: 0, public: 3 });
  assert.throws(() => agents(2, 3), { name: 'UserError', message: /3 of 2 hosts cannot be public/ });
});

test('where hosts cannot be run the reason is said, and what to do', () => {
  const said = (machine: Parameters<typeof impossible>[0]) => {
    const problem = impossible(machine)?.problem;
    return problem && [problem.why, ...(problem.remedy ?? [])];
  };
  assert.equal(said({ platform: 'linux', uid: 0, missing: [] }), undefined);
  assert.match(said({ platform: 'darwin', uid: 0, missing: [] })![0]!, /only Linux/);
  assert.deepEqual(said({ platform: 'linux', uid: 1000, missing: [] }), [
    'that needs root',
    'Run the same command as root',
  ]);
  assert.deepEqual(said({ platform: 'linux', uid: 0, missing: ['mmdebstrap', 'systemd-container'] }), [
    'mmdebstrap, systemd-container are missing',
    'apt-get install mmdebstrap systemd-container',
  ]);
});
