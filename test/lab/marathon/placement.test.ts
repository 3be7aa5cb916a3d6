// Where tasks land, when, and what is said when they do not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matches } from '../../../src/lab/marathon/constraints.ts';
import type { AgentSpec } from '../../../src/lab/types.ts';
import { app, Cluster } from './cluster.ts';

const AGENTS: AgentSpec[] = [
  { host: '10.0.1.1', public: false, attributes: { rack: 'a', size: 2 } },
  { host: '10.0.1.2', public: false, attributes: { rack: 'a', os: 'windows' } },
  { host: '10.0.1.3', public: false, attributes: { rack: 'b' } },
  { host: '10.0.1.4', public: false, attributes: { rack: 'b' } },
  { host: '10.0.2.1', public: true },
];
const ALL = ['*', 'slave_public'];

async function placed(more: Record<string, unknown>, agents: AgentSpec[] = AGENTS): Promise<Cluster> {
  const cluster = await Cluster.of('1.11', agents);
  const { status, body } = await cluster.ask(
    'PUT',
    '/v2/apps/x',
    app({ instances: 5, acceptedResourceRoles: ALL, constraints: [], ...more }),
  );
  assert.equal(status, 201, JSON.stringify(body));
  cluster.pass(30);
  return cluster;
}

/** Reasons of the last unused offers, by host. */
async function reasons(cluster: Cluster): Promise<Record<string, string[]>> {
  const { body } = await cluster.ask('GET', '/v2/queue?embed=lastUnusedOffers');
  const offers = body.queue[0]?.lastUnusedOffers ?? [];
  return Object.fromEntries(
    offers
      .map(({ offer, reason }: { offer: { hostname: string }; reason: string[] }) => [offer.hostname, reason])
      .sort(),
  );
}

for (const [constraints, hosts] of [
  [[['hostname', 'UNIQUE']], ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4', '10.0.2.1']],
  [
    [
      ['hostname', 'UNIQUE'],
      ['hostname', 'LIKE', '10\\.0\\.1\\.1|10\\.0\\.2\\.1'],
    ],
    ['10.0.1.1', '10.0.2.1'],
  ],
  // The whole of it must match: `10.0.1.1` is not `10.0.1.1…`, and a dot is any character.
  [
    [
      ['hostname', 'UNIQUE'],
      ['hostname', 'LIKE', '10.0.1'],
    ],
    [],
  ],
  [
    [
      ['hostname', 'UNIQUE'],
      ['hostname', 'UNLIKE', '10\\.0\\.1\\.[12]'],
    ],
    ['10.0.1.3', '10.0.1.4', '10.0.2.1'],
  ],
  [
    [
      ['hostname', 'UNIQUE'],
      ['os', 'UNLIKE', 'windows'],
    ],
    ['10.0.1.1', '10.0.1.3', '10.0.1.4', '10.0.2.1'],
  ],
  [
    [
      ['rack', 'CLUSTER', 'b'],
      ['hostname', 'UNIQUE'],
    ],
    ['10.0.1.3', '10.0.1.4'],
  ],
  [
    [
      ['rack', 'UNIQUE'],
      ['rack', 'LIKE', '.+'],
    ],
    undefined,
  ],
  [[['size', 'IS', '2']], ['10.0.1.1', '10.0.1.1', '10.0.1.1', '10.0.1.1', '10.0.1.1']],
  [[['hostname', 'CLUSTER', '10.0.2.1']], ['10.0.2.1', '10.0.2.1', '10.0.2.1', '10.0.2.1', '10.0.2.1']],
] as const) {
  test(`constraints ${JSON.stringify(constraints)}`, async () => {
    const cluster = await placed({ constraints });
    const found = await cluster.hosts('/x');
    if (hosts) assert.deepEqual(found, hosts);
    else assert.equal(found.length, 2, 'one a rack');
  });
}

test('MAX_PER and GROUP_BY spread', async () => {
  const perHost = await (await placed({ constraints: [['hostname', 'MAX_PER', '1']] })).hosts('/x');
  assert.equal(new Set(perHost).size, 5);
  const spread = await (await placed({ instances: 4, constraints: [['rack', 'GROUP_BY', '2']] })).hosts('/x');
  assert.equal(spread.filter((host) => host === '10.0.1.1' || host === '10.0.1.2').length, 2);
});

test("LIKE is Java's matches: the whole string, alternatives included", () => {
  assert.ok(matches('10.0.1.13', '10\\.0\\.1\\.13|10\\.0\\.2\\.20'));
  assert.ok(!matches('10.0.1.130', '10\\.0\\.1\\.13|10\\.0\\.2\\.20'));
  assert.ok(!matches('x10.0.2.20', '10\\.0\\.1\\.13|10\\.0\\.2\\.20'));
  assert.ok(matches('My Windows 10', '(?i).*windows.*'));
  assert.ok(matches('a-b', 'a\\-b'));
  assert.ok(matches('1.2', '\\Q1.2\\E') && !matches('1x2', '\\Q1.2\\E'));
  assert.ok(!matches('a\nb', 'a.b'));
  assert.throws(() => matches('', '('));
});

test('UNIQUE counts only tasks of the same configuration: old and new are on one host for a while', async () => {
  const cluster = await Cluster.of('1.11', 2);
  const upgradeStrategy = { minimumHealthCapacity: 1, maximumOverCapacity: 1 };
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 2, upgradeStrategy }));
  cluster.pass(20);
  await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
  let most = 0;
  for (let i = 0; i < 30; i++) {
    cluster.pass(0.5);
    most = Math.max(most, (await cluster.hosts('/x')).length);
  }
  assert.equal(most, 4);
  assert.deepEqual(await cluster.hosts('/x'), ['10.0.1.1', '10.0.1.2']);
});

test('public agents are reached only by acceptedResourceRoles; the reason is UnfulfilledRole', async () => {
  const cluster = await placed({ acceptedResourceRoles: ['*'], constraints: [['hostname', 'UNIQUE']] });
  assert.deepEqual(await cluster.hosts('/x'), ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4']);
  assert.ok((await reasons(cluster))['10.0.2.1']!.includes('UnfulfilledRole'));
});

test('no room: the reason names the resource', async () => {
  for (const [more, reason] of [
    [{ cpus: 64 }, 'InsufficientCpus'],
    [{ mem: 1_000_000 }, 'InsufficientMemory'],
    [{ disk: 1_000_000 }, 'InsufficientDisk'],
    [{ gpus: 1 }, 'InsufficientGpus'],
    [
      { requirePorts: true, portDefinitions: [{ port: 40000, protocol: 'tcp', name: 'p' }] },
      'InsufficientPorts',
    ],
    [{ constraints: [['hostname', 'LIKE', 'nowhere']] }, 'UnfulfilledConstraint'],
  ] as const) {
    const cluster = await placed(more);
    const found = await reasons(cluster);
    assert.deepEqual(Object.keys(found).length, 5, reason);
    for (const each of Object.values(found)) assert.deepEqual(each, [reason]);
    const [{ processedOffersSummary, count }] = (await cluster.ask('GET', '/v2/queue')).body.queue;
    assert.equal(count, 5);
    const { rejectSummaryLastOffers } = processedOffersSummary;
    const declined = rejectSummaryLastOffers.filter((step: { declined: number }) => step.declined > 0);
    assert.deepEqual(declined, [{ reason, declined: 5, processed: 5 }]);
  }
});

test('a required port is had by one task a host', async () => {
  const cluster = await placed({
    requirePorts: true,
    portDefinitions: [{ port: 2379, protocol: 'tcp', name: 'etcd' }],
  });
  assert.equal(new Set(await cluster.hosts('/x')).size, 5);
  const { tasks } = await cluster.app('/x');
  assert.ok(tasks.every(({ ports }: { ports: number[] }) => ports[0] === 2379));
});

test('agents that are deactivated, gone, or belong to another role get nothing', async () => {
  const cluster = await Cluster.of('1.11', [
    { host: '10.0.1.1', public: false },
    { host: '10.0.1.2', public: false, reservedRole: 'kafka' },
    { host: '10.0.1.3', public: false },
    { host: '10.0.1.4', public: false },
  ]);
  cluster.mesos.deactivate(cluster.mesos.agentAt('10.0.1.3'));
  cluster.mesos.crashAgent('10.0.1.4');
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 4 }));
  cluster.pass(30);
  assert.deepEqual(await cluster.hosts('/x'), ['10.0.1.1']);
});

test('declined offers come back after five minutes, at once when an agent has more, or when another instance waits', async () => {
  const cluster = await Cluster.of('1.11', 1);
  cluster.mesos.occupy('10.0.1.1', { cpus: 3.95 });
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 1 }));
  cluster.pass(30);
  const seen = async (): Promise<number> =>
    (await cluster.ask('GET', '/v2/queue')).body.queue[0].processedOffersSummary.processedOffersCount;
  const first = await seen();
  assert.ok(first > 0);
  cluster.pass(200);
  assert.equal(await seen(), first, 'nothing is offered meanwhile');
  cluster.pass(120);
  assert.ok((await seen()) > first, 'offered again after 300 s');
  cluster.mesos.occupy('10.0.1.1', { cpus: 0 });
  cluster.pass(5);
  assert.deepEqual(await cluster.hosts('/x'), ['10.0.1.1']);
});

test('an agent that was declined and then went away does not keep Marathon busy', async () => {
  const cluster = await Cluster.of('1.11', 1);
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 1, cpus: 64 }));
  cluster.pass(60);
  cluster.mesos.crashAgent('10.0.1.1');
  let timers = 0;
  const { after } = cluster.clock;
  cluster.clock.after = function counted(ms, run) {
    assert.ok(++timers < 100, 'timers without end');
    return after.call(this, ms, run);
  };
  cluster.pass(3600);
});

test('an agent that joins gets what waits for it within seconds', async () => {
  const cluster = await Cluster.of('1.11', 2);
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 3 }));
  cluster.pass(60);
  assert.equal((await cluster.hosts('/x')).length, 2);
  await cluster.mesos.addAgent({ host: '10.0.9.9', public: false });
  cluster.pass(5);
  assert.ok((await cluster.hosts('/x')).includes('10.0.9.9'));
});

test('a turn given to another agent moves within nine seconds', async () => {
  const cluster = await Cluster.of('1.11', 5);
  const turn = (host: string): Record<string, unknown> =>
    app({
      instances: 1,
      constraints: [
        ['hostname', 'UNIQUE'],
        ['hostname', 'LIKE', host.replaceAll('.', '\\.')],
      ],
    });
  for (const host of ['10.0.1.1', '10.0.1.4', '10.0.1.2', '10.0.1.3']) {
    await cluster.ask('PUT', '/v2/apps/turn?force=true', turn(host));
    let seconds = 0;
    while (
      !(await cluster.app('/turn')).tasks.some(
        (t: { host: string; startedAt?: string }) => t.host === host && t.startedAt,
      )
    ) {
      cluster.pass(0.5);
      seconds += 0.5;
      assert.ok(seconds <= 9, `${host} after ${seconds} s`);
    }
    cluster.pass(3);
    assert.deepEqual(await cluster.hosts('/turn'), [host]);
  }
});

test('placement is chance, and the same with the same seed', async () => {
  const order = async (seed: number): Promise<string> => {
    const cluster = await Cluster.of('1.11', 8, seed);
    await cluster.ask('PUT', '/v2/apps/x', app({ instances: 3 }));
    cluster.pass(20);
    return (await cluster.hosts('/x')).join();
  };
  assert.equal(await order(1), await order(1));
  const different = new Set(await Promise.all([1, 2, 3, 4, 5].map(order)));
  assert.ok(different.size > 1);
});
