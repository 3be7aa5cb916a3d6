// From who reached whom to the link that is broken, and what probably broke it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Gathering } from '../../src/connectivity/connections.ts';
import { EndpointWatch } from '../../src/connectivity/endpoints.ts';
import { brokenLinks, type Evidence } from '../../src/connectivity/judge.ts';
import { type Answers, endName, pairsOf } from '../../src/connectivity/pairs.ts';
import { underWay } from '../../src/connectivity/refusals.ts';
import type {
  AgentWord,
  Connection,
  Endpoint,
  Got,
  Pair,
  Participant,
} from '../../src/connectivity/types.ts';
import { sessionsOf } from '../../src/connectivity/words.ts';
import type { MarathonApp } from '../../src/dcos/types.ts';
import type { Kind } from '../../src/steps/connectivity/definition.ts';

const [A, B, C] = ['10.0.1.11', '10.0.1.12', '10.0.2.20'] as const;
const agents: Participant[] = [A, B, C].map((host) => ({
  id: `S-${host}`,
  host,
  type: 'private',
  mesosVersion: '',
}));
const KINDS: Kind[] = ['mesos', 'docker'];
const pairs = pairsOf(agents, KINDS);

/** What everybody got in both phases, `wrong` excepted. */
function connections(wrong: (pair: Pair, phase: 'open' | 'guarded') => Got | undefined): Connection[] {
  return (['open', 'guarded'] as const).flatMap((phase) => {
    const gathering = new Gathering(phase, pairs, KINDS, new Map());
    const answers = new Map<string, Answers>();
    for (const pair of pairs) {
      const right: Got = phase === 'guarded' && pair.from.kind !== pair.to.kind ? 'timeout' : 'ok';
      const known = answers.get(endName(pair.from)) ?? { round: 5, got: new Map() };
      (known.got as Map<string, unknown>).set(endName(pair.to), {
        got: wrong(pair, phase) ?? right,
        said: '',
      });
      answers.set(endName(pair.from), known);
    }
    return gathering.take(answers);
  });
}

function judged(wrong: Parameters<typeof connections>[0], more: Partial<Evidence> = {}) {
  return brokenLinks({
    endpoints: [],
    connections: connections(wrong),
    words: new Map(),
    ipip: 'off',
    networks: { mesos: 'calico', docker: 'dcos-calico-connectivity' },
    ...more,
  });
}

const said = (host: string, word: Partial<AgentWord>): Evidence['words'] =>
  new Map([[host, { host, steps: {}, ...word }]]);
const between = (from: string, to: string) => (pair: Pair) =>
  pair.from.host === from && pair.to.host === to ? ('timeout' as const) : undefined;

test('nothing is broken where all is as it should be', () => {
  assert.deepEqual(
    judged(() => undefined),
    [],
  );
});

test('from one agent to the next: by what is known, BGP, IPIP, or the network between', () => {
  const [plain, ...others] = judged(between(A, B));
  assert.equal(others.length, 0);
  assert.deepEqual([plain!.link, plain!.agents, plain!.connections], ['between agents', [A, B], 4]);
  assert.match(plain!.cause, /^the network between the hosts drops packets with addresses of containers/);
  const [bgp] = judged(between(A, B), { words: said(B, { sessions: { [A]: false } }) });
  assert.match(bgp!.cause, /^BGP between them is not up.*TCP port 179/);
  const [ipip] = judged(between(A, B), { ipip: 'always' });
  assert.match(ipip!.cause, /IPIP \(IP protocol 4/);
  const [subnets] = judged(between(A, B), { ipip: 'cross-subnet' });
  assert.match(subnets!.cause, /across subnets IPIP/);
  const [node] = judged(between(A, B), {
    words: said(A, { steps: { node: { state: 'failed', reason: "none of BIRD's 2 BGP sessions is up" } } }),
  });
  assert.equal(
    node!.cause,
    `the step node is not ready on ${A}: failed, none of BIRD's 2 BGP sessions is up`,
  );
});

test('an agent whose containers nobody reaches, not even from there: all that fails for it is its own', () => {
  const links = judged(({ from, to }) => (from.host === B || to.host === B ? 'timeout' : undefined));
  assert.deepEqual(
    links.map(({ link, agents: on, kind, connections: count }) => [link, on, kind, count]),
    [['on the agent', [B], undefined, 12]],
  );
  assert.match(links[0]!.cause, /^Felix there/);
  const [docker] = judged(({ to }) => (to.host === B && to.kind === 'docker' ? 'refused' : undefined));
  assert.deepEqual([docker!.link, docker!.kind], ['on the agent', 'docker']);
  assert.match(docker!.cause, /nothing listens/);
  const [bad] = judged(({ to }) => (to.host === B ? 'timeout' : undefined), {
    words: said(B, { steps: { node: { state: 'working', reason: 'Felix has not reported yet' } } }),
  });
  assert.equal(bad!.cause, `the step node is not ready on ${B}: working, Felix has not reported yet`);
});

test('each kind reaches its own and not the other: the policy that lets them is not there', () => {
  const links = judged(({ from, to }, phase) =>
    phase === 'open' && from.kind !== to.kind ? 'timeout' : undefined,
  );
  assert.deepEqual(
    links.map(({ link }) => link),
    ['between networks'],
  );
  assert.equal(links[0]!.agents.length, 3);
});

test('a policy that does not block, and one that blocks too much; of what was broken before it nothing is concluded', () => {
  const leak = judged(({ from, to }, phase) =>
    phase === 'guarded' && to.host === C && from.kind !== to.kind ? 'ok' : undefined,
  );
  assert.deepEqual(
    leak.map(({ link, agents: on }) => [link, on]),
    [['policy', [C]]],
  );
  assert.match(leak[0]!.what, /does not block what it denies/);
  const much = judged(({ from, to }, phase) =>
    phase === 'guarded' && to.host === C && from.kind === to.kind ? 'timeout' : undefined,
  );
  assert.match(much[0]!.what, /blocks more than it denies/);
  const silent = judged(({ from }, phase) =>
    phase === 'guarded' && from.host === B ? 'no answer' : undefined,
  );
  assert.deepEqual(
    silent.map(({ link, agents: on }) => [link, on]),
    [['on the agent', [B]]],
  );
  const before = judged((pair) => between(A, B)(pair));
  assert.ok(before.every(({ link }) => link !== 'policy'));
});

const ATTACHING: [problem: string, kind: Kind, cause: RegExp][] = [
  [
    "Failed to prepare isolators: Unknown CNI network 'calico'",
    'mesos',
    /finds no network calico, or not its plugins/,
  ],
  ["Failed to run 'docker run': network dcos-calico-connectivity not found.", 'docker', /cluster store/],
  ['docker: Error response from daemon: legacy plugin: plugin not found', 'docker', /libnetwork plugin/],
  [
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
    'docker',
    /Docker does not run there/,
  ],
  ['Failed to pull image quay.io/calico/node', 'docker', /--image IMAGE/],
  ['Marathon does not start its task: too little CPU is free', 'mesos', /no room/],
  ["it has the agent's own address, not one of Calico's", 'mesos', /given the agent's network/],
  ['Command exited with status 3', 'mesos', /DC\/OS UI/],
];
for (const [problem, kind, cause] of ATTACHING)
  test(`a container that is not attached: ${problem.slice(0, 50)}`, () => {
    const endpoints: Endpoint[] = [{ host: A, kind, problem }];
    const [link, ...others] = judged(() => undefined, { endpoints });
    assert.equal(others.length, 0);
    assert.deepEqual([link!.link, link!.agents, link!.kind], ['attaching', [A], kind]);
    assert.match(link!.cause, cause);
    assert.ok(link!.next.includes(`dcos calico status ${A}`));
  });

test('what the step says itself counts more than what is guessed', () => {
  const endpoints: Endpoint[] = [{ host: A, kind: 'mesos', problem: "Unknown CNI network 'calico'" }];
  const words = said(A, { steps: { cni: { state: 'failed', reason: 'No space left' } } });
  const [link] = judged(() => undefined, { endpoints, words });
  assert.equal(link!.cause, `the step cni is not ready on ${A}: failed, No space left`);
});

test('whatever fails in the open phase is explained by a link', () =>
  fc.assert(
    fc.property(fc.array(fc.nat({ max: pairs.length - 1 }), { maxLength: 12 }), (which) => {
      const failing = new Set(which.map((index) => pairs[index]));
      const links = judged((pair, phase) => (phase === 'open' && failing.has(pair) ? 'timeout' : undefined));
      const all = connections((pair, phase) =>
        phase === 'open' && failing.has(pair) ? 'timeout' : undefined,
      );
      for (const { phase, passed, from, to } of all) {
        if (phase === 'guarded' || passed) continue;
        assert.ok(
          links.some(({ agents: on }) => on.includes(from.host) || on.includes(to.host)),
          `${endName(from)} ${endName(to)} is explained by none of ${JSON.stringify(links)}`,
        );
      }
    }),
  ));

test('reached once is reached; whether one is kept is what the last round says, and only one that began after the guard', () => {
  const [pair] = pairs.filter(({ from, to }) => from.kind === 'mesos' && to.kind === 'docker');
  const said = (round: number, got: Got) =>
    new Map([[endName(pair!.from), { round, got: new Map([[endName(pair!.to), { got, said: '' }]]) }]]);
  const open = new Gathering('open', [pair!], KINDS, new Map());
  assert.equal(open.take(new Map())[0]!.got, 'no answer');
  assert.equal(open.take(said(2, 'refused'))[0]!.passed, false);
  assert.equal(open.take(said(3, 'ok'))[0]!.passed, true);
  assert.equal(open.take(said(4, 'refused'))[0]!.passed, true);
  const guarded = new Gathering('guarded', [pair!], KINDS, said(4, 'ok'));
  assert.equal(guarded.take(said(4, 'timeout'))[0]!.got, 'no answer');
  assert.equal(guarded.take(said(5, 'timeout'))[0]!.got, 'no answer', 'the round that was under way');
  assert.equal(guarded.take(said(6, 'timeout'))[0]!.passed, true);
  assert.equal(guarded.take(said(7, 'ok'))[0]!.passed, false);
  assert.equal(guarded.take(said(8, 'refused'))[0]!.passed, false, 'a refusal came through');
});

test('containers: who has an address, why others have none, and when to wait no longer', () => {
  const watch = new EndpointWatch(agents.slice(0, 2), ['mesos'], 0);
  const task = (host: string, address: string) => ({
    id: `t-${host}`,
    slaveId: `S-${host}`,
    host,
    state: 'TASK_RUNNING',
    version: '',
    ipAddresses: [{ ipAddress: address, protocol: 'IPv4' }],
  });
  const failed = (taskId: string) => ({ host: B, message: "Unknown CNI network 'calico'", taskId });
  const app = (failure?: object) =>
    ({
      tasks: [task(A, '192.168.1.2')],
      ...(failure ? { lastTaskFailure: failure } : {}),
    }) as unknown as MarathonApp;
  watch.see('mesos', app(), 1000);
  assert.deepEqual(watch.counts, { there: 1, of: 2 });
  assert.equal(watch.isOver(40_000), false);
  assert.equal(watch.isOver(60_000), true, 'nothing came for long');
  watch.see('mesos', app(failed('one')), 2000);
  assert.equal(watch.isOver(3000), false, 'one failure may be the last');
  watch.see('mesos', app(failed('two')), 3000);
  assert.equal(watch.isOver(3000), true);
  assert.deepEqual(watch.result([]), [
    { host: A, kind: 'mesos', address: '192.168.1.2' },
    { host: B, kind: 'mesos', problem: "Unknown CNI network 'calico'" },
  ]);
  const own = new EndpointWatch(agents.slice(0, 1), ['docker'], 0);
  own.see('docker', { tasks: [task(A, A)] } as unknown as MarathonApp, 10);
  assert.match(own.result([])[0]!.problem!, /agent's own address/);
});

test('sessions that are down, by their peer', () => {
  assert.deepEqual(
    sessionsOf({ bgp: { up: 1, of: 3, down: ['Mesh_10_0_1_12', 'Global_10_0_0_1', 'odd'] } }),
    {
      '10.0.1.12': false,
      '10.0.0.1': false,
    },
  );
  assert.deepEqual(sessionsOf(undefined), {});
});

test('a test that began lately is left alone; an older one, or what is left of one, is not', () => {
  const now = Date.parse('2026-11-24T03:10:00.000Z');
  const group = (asked?: string) => ({
    id: '/calico/ops/connectivity',
    apps:
      asked === undefined
        ? []
        : ([
            { id: '/calico/ops/connectivity/keeper', env: { DCOS_CALICO_ASKED: asked } },
          ] as unknown as MarathonApp[]),
  });
  // Over a slow line calicoctl alone may take ten minutes to come.
  const found = underWay(group('2026-11-24T02:58:00.000Z'), now);
  assert.equal(found?.problem.code, 'connectivity-under-way');
  assert.match(found!.problem.why!, /began at 2026-11-24 02:58:00 UTC/);
  assert.equal(underWay(group('2026-11-24T02:54:00.000Z'), now), undefined);
  assert.equal(underWay(group('no time'), now), undefined);
  assert.equal(underWay(group(), now), undefined);
});
