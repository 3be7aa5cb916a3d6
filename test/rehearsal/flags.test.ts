// What the flags of a rehearsal say: faults, step times, and the command that is rehearsed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { STEP_TIMES } from '../../src/lab/simulated/model.ts';
import { faultList, staged } from '../../src/rehearsal/fault-flags.ts';
import { FAULTS } from '../../src/rehearsal/faults.ts';
import { rehearsedCommand } from '../../src/rehearsal/rehearsed-command.ts';
import { STEP_TIME_SOURCES, stepTimes, TIMED } from '../../src/rehearsal/step-times.ts';
import { inventory } from './written.ts';

const TWENTY = inventory(20);

function refused(run: () => unknown, code: string): UserError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.problem.code, code);
    assert.equal(error.problem.exit, 2);
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was refused' });
}

test('a fault falls on the agents that are named, on a number of them, or on a share', () => {
  const hosts = (flag: string, seed = 1) => [...staged([flag], TWENTY, seed).hosts.keys()].sort();
  assert.deepEqual(hosts('node-fails@10.0.1.13,10.0.1.12'), ['10.0.1.12', '10.0.1.13']);
  assert.equal(hosts('node-fails').length, 1);
  assert.equal(hosts('node-fails@7').length, 7);
  assert.equal(hosts('node-fails@6%').length, 2);
  assert.equal(hosts('node-fails@100%').length, 20);
  assert.deepEqual(hosts('node-fails@7'), hosts('node-fails@7'));
  assert.notDeepEqual(hosts('node-fails@7'), hosts('node-fails@7', 2));
});

test('another fault does not move those that were drawn before it', () => {
  const alone = [...staged(['node-fails@3'], TWENTY, 1).hosts.keys()];
  const both = staged(['node-fails@3', 'cni-slow@5'], TWENTY, 1).hosts;
  assert.deepEqual(
    [...both].filter(([, { steps }]) => steps?.node).map(([host]) => host),
    alone,
  );
});

test('two faults of one agent are both there', () => {
  const { hosts } = staged(
    ['docker-restart@10.0.1.13', 'docker-slow@10.0.1.13', 'node-fails@10.0.1.13'],
    TWENTY,
    1,
  );
  const { steps } = hosts.get('10.0.1.13')!;
  assert.equal(steps?.docker?.slow, 10);
  assert.ok(steps?.docker?.restart);
  assert.ok(steps?.node?.failAfterWork);
});

test('what happens in time happens then; others take all of an agent', () => {
  const { events } = staged(['lost@10.0.1.11+10m', 'failover', 'no-room@10.0.1.12+1h30m'], TWENTY, 1);
  assert.deepEqual(events, [
    { at: 600, agent: '10.0.1.11', do: 'crash' },
    { at: 60, do: 'failover' },
    { at: 5400, agent: '10.0.1.12', do: 'occupy', cpus: 4, mem: 4096 },
  ]);
  const { http } = staged(['no-answer@2.5%'], TWENTY, 1);
  assert.deepEqual(http, [{ method: 'GET', path: '/*', kind: 'status', status: 503, chance: 0.025 }]);
});

for (const flag of [
  'nonsense',
  '',
  'node-fails@',
  'node-fails@10.9.9.9',
  'node-fails@21',
  'node-fails@101%',
  'node-fails+10m',
  'failover@3',
  'lost@1+soon',
  'no-answer@3',
  'no-answer@5%+10m',
])
  test(`--fault "${flag}" is refused, with the way out`, () => {
    const { problem } = refused(() => staged([flag], TWENTY, 1), 'rehearsal-fault');
    assert.ok(problem.why);
    assert.match((problem.remedy ?? []).join('\n'), /--list-faults/);
  });

test('every fault of the list can be chosen, says what it does, and does something', () => {
  assert.equal(new Set(FAULTS.map(({ name }) => name)).size, FAULTS.length);
  for (const { name, means, takes } of faultList()) {
    const { hosts, events, http } = staged([name], TWENTY, 1);
    assert.equal(hosts.size + events.length + http.length, 1, name);
    assert.ok(means.length > 10 && !means.endsWith('.'), name);
    assert.ok(takes);
  }
});

test('step times: a flag wins over the file, the file over the default, and every default has its source', () => {
  assert.deepEqual(stepTimes([]), STEP_TIMES);
  const times = stepTimes(['node=20-90', 'restart=45'], { node: [1, 2], cni: 7, docker: [0, 0.5] });
  assert.deepEqual(times.work.node, [20, 90]);
  assert.deepEqual(times.work.cni, [7, 7]);
  assert.deepEqual(times.work.docker, [0, 0.5]);
  assert.deepEqual(times.work.libnetwork, STEP_TIMES.work.libnetwork);
  assert.deepEqual(times.restart, [45, 45]);
  assert.deepEqual(STEP_TIMES.work.node, stepTimes([]).work.node, 'the defaults are not written over');
  for (const timed of TIMED) assert.match(STEP_TIME_SOURCES[timed], /assumed|measured/);
});

for (const [flag, file] of [
  ['node', {}],
  ['node=90-20', {}],
  ['bird=3', {}],
  ['node=100000', {}],
  [undefined, []],
  [undefined, { node: '20' }],
  [undefined, { node: [1, 2, 3] }],
  [undefined, { toString: 3 }],
] as [string | undefined, unknown][])
  test(`step time ${flag ?? JSON.stringify(file)} is refused`, () => {
    refused(() => stepTimes(flag === undefined ? [] : [flag], file), 'rehearsal-step-time');
  });

test('the command that is rehearsed is the one that the operator would type', () => {
  const command = (...argv: string[]) => rehearsedCommand(argv, 'install');
  assert.equal(command(), 'dcos calico install');
  assert.equal(
    command(
      '--options=calico.json',
      '--fault',
      'node-fails@3',
      '--fault=lost',
      '--canary',
      '5%',
      '-vv',
      '--json',
    ),
    'dcos calico install --options=calico.json --canary 5%',
  );
  assert.equal(
    command('--seed', '7', '--step-time', 'node=3', '--set', 'node.ipip=always', '--save-inventory=x'),
    'dcos calico install --set node.ipip=always',
  );
  assert.equal(
    rehearsedCommand(['--uninstall', '--no-restart'], 'uninstall'),
    'dcos calico uninstall --no-restart',
  );
});
