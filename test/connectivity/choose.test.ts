// Who takes part in a test of the network, and who asks whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agentsFlag, chooseAgents, MOST_AGENTS } from '../../src/connectivity/choose.ts';
import { endName, pairsOf, readAnswers, targetsOf } from '../../src/connectivity/pairs.ts';
import type { Participant } from '../../src/connectivity/types.ts';
import type { MesosAgent } from '../../src/dcos/types.ts';
import { UserError } from '../../src/errors.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { agent, publicAgent } from '../plan/cluster.ts';

const options = defaultOptions();
const idsOf = (agents: MesosAgent[]) => new Set(agents.map(({ id }) => id));
const hostsOf = (agents: readonly Participant[]) => agents.map(({ host }) => host);

test('six of many: of every subnet, two public ones between private ones, always the same', () => {
  const all = [1, 2, 3].flatMap((subnet) => [11, 12, 13, 14].map((last) => agent(`10.0.${subnet}.${last}`)));
  all.push(...[20, 21, 22].map((last) => publicAgent(`10.1.2.${last}`)));
  const { agents, of } = chooseAgents(all, idsOf(all), options);
  assert.equal(of, 15);
  assert.deepEqual(hostsOf(agents), [
    '10.0.1.11',
    '10.0.2.11',
    '10.1.2.20',
    '10.0.3.11',
    '10.0.1.12',
    '10.1.2.21',
  ]);
  assert.deepEqual(chooseAgents([...all].reverse(), idsOf(all), options).agents, agents);
});

test('unasked only agents that Calico is ready on and that have room; by name any that has room', () => {
  const full = agent('10.0.1.13', { used_resources: { cpus: 4, mem: 4096, disk: 0 } });
  const all = [agent('10.0.1.11'), agent('10.0.1.12'), full, agent('10.0.1.14', { active: false })];
  const ready = idsOf([all[0]!, full]);
  assert.deepEqual(hostsOf(chooseAgents(all, ready, options).agents), ['10.0.1.11']);
  assert.deepEqual(hostsOf(chooseAgents(all, ready, options, ['10.0.1.12', '10.0.1.11']).agents), [
    '10.0.1.12',
    '10.0.1.11',
  ]);
  for (const [host, why] of [
    ['10.0.1.13', /no room/],
    ['10.0.1.14', /inactive/],
    ['10.9.9.9', /no agent has that address/],
  ] as const)
    assert.throws(
      () => chooseAgents(all, ready, options, [host]),
      (error: UserError) => {
        assert.equal(error.problem.code, 'connectivity-agents');
        assert.match(error.problem.why!, why);
        return true;
      },
    );
});

test('--agents: a number, addresses, each once; nothing else', () => {
  assert.equal(agentsFlag('10'), 10);
  assert.deepEqual(agentsFlag('10.0.1.11,10.0.1.12,10.0.1.11'), ['10.0.1.11', '10.0.1.12']);
  for (const text of ['0', '51', '', ',', Array.from({ length: 51 }, (_, n) => `10.0.1.${n}`).join(',')])
    assert.throws(
      () => agentsFlag(text),
      (error) => error instanceof UserError && error.problem.exit === 2,
    );
});

test('the ring: each agent asks itself and the next, in both kinds; connections grow as the agents do, not as their square', () =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MOST_AGENTS }), fc.constantFrom(1, 2), (count, kinds) => {
      const agents = Array.from({ length: count }, (_, n) => ({
        id: `S${n}`,
        host: `10.0.1.${n}`,
        type: 'private' as const,
        mesosVersion: '1.9.0',
      }));
      const some = (['mesos', 'docker'] as const).slice(0, kinds);
      const pairs = pairsOf(agents, some);
      assert.equal(pairs.length, count * (count > 1 ? 2 : 1) * kinds * kinds);
      assert.equal(
        new Set(pairs.map(({ from, to }) => `${endName(from)} ${endName(to)}`)).size,
        pairs.length,
      );
      for (const { host } of agents) {
        const heard = new Set(pairs.filter(({ to }) => to.host === host).map(({ from }) => from.host));
        assert.equal(heard.size, Math.min(2, count));
      }
    }),
  ));

test('who asks is told whom, of those that are there', () => {
  const agents = ['10.0.1.11', '10.0.1.12'].map((host) => ({
    id: host,
    host,
    type: 'private' as const,
    mesosVersion: '',
  }));
  const pairs = pairsOf(agents, ['mesos', 'docker']);
  const endpoints = new Map([
    ['10.0.1.11/mesos', { host: '10.0.1.11', kind: 'mesos' as const, address: '192.168.1.2' }],
    ['10.0.1.12/mesos', { host: '10.0.1.12', kind: 'mesos' as const, problem: 'gone' }],
    ['10.0.1.12/docker', { host: '10.0.1.12', kind: 'docker' as const, address: '192.168.2.2' }],
  ]);
  assert.deepEqual(targetsOf('mesos', pairs, endpoints), [
    '10.0.1.11|10.0.1.11/mesos|192.168.1.2:9797',
    '10.0.1.11|10.0.1.12/docker|192.168.2.2:9797',
    '10.0.1.12|10.0.1.12/docker|192.168.2.2:9797',
    '10.0.1.12|10.0.1.11/mesos|192.168.1.2:9797',
  ]);
});

test('answers of curl and of wget are understood alike', () => {
  const { round, got } = readAnswers(
    [
      '10.0.1.11/mesos 0 10.0.1.11/mesos ',
      '10.0.1.12/mesos 0 something else',
      '10.0.1.13/mesos 7 curl: (7) Failed to connect to 192.168.1.2 port 9797: Connection refused',
      '10.0.1.14/mesos 28 curl: (28) Connection timed out after 3001 milliseconds',
      '10.0.1.15/mesos 7 curl: (7) Failed to connect to 192.168.1.2 port 9797: No route to host',
      "10.0.1.11/docker 1 wget: can't connect to remote host (192.168.1.2): Connection refused",
      '10.0.1.12/docker 1 wget: download timed out',
      '10.0.1.13/docker 1 wget: error getting response',
      'anything else',
      'round 4',
    ].join('\n'),
  );
  assert.equal(round, 4);
  assert.deepEqual(
    [...got].map(([name, answer]) => [name, answer.got]),
    [
      ['10.0.1.11/mesos', 'ok'],
      ['10.0.1.12/mesos', 'other'],
      ['10.0.1.13/mesos', 'refused'],
      ['10.0.1.14/mesos', 'timeout'],
      ['10.0.1.15/mesos', 'unreachable'],
      ['10.0.1.11/docker', 'refused'],
      ['10.0.1.12/docker', 'timeout'],
      ['10.0.1.13/docker', 'failed'],
    ],
  );
});

test('whatever a host writes is read without a throw, and no name is made of it', () =>
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => {
      for (const name of readAnswers(text).got.keys()) assert.match(name, /^[\w.:-]+\/(mesos|docker)$/);
    }),
  ));
