// What is asked and answered: groups, apps, versions, refusals, by version.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, CHECK, Cluster, HEALTH_CHECK } from './cluster.ts';

const group = (...ids: string[]): Record<string, unknown> => ({
  enforceRole: false,
  apps: ids.map((id) => app({ id, instances: 0 })),
});

test('a group put removes the apps that it does not name, and leaves subgroups alone unless it names groups', async () => {
  const cluster = await Cluster.of('1.11', 1);
  await cluster.ask('PUT', '/v2/groups/g', group('a', 'b'));
  await cluster.ask('PUT', '/v2/apps/g/ops/turn', app({ instances: 0 }));
  cluster.pass(10);
  await cluster.ask('PUT', '/v2/groups/g', group('a'));
  cluster.pass(10);
  const ids = async (): Promise<string[]> => {
    const { body } = await cluster.ask('GET', '/v2/groups/g');
    const all = [...body.apps, ...body.groups.flatMap((inner: { apps: unknown[] }) => inner.apps)];
    return all.map(({ id }) => id).sort();
  };
  assert.deepEqual(await ids(), ['/g/a', '/g/ops/turn']);
  await cluster.ask('PUT', '/v2/groups/g', { ...group('a'), groups: [] });
  cluster.pass(10);
  assert.deepEqual(await ids(), ['/g/a']);
  // Without `apps` they stay, too.
  await cluster.ask('PUT', '/v2/groups/g', { dependencies: [] });
  assert.deepEqual(await ids(), ['/g/a']);
});

test('a group put with a version is a rollback to it', async () => {
  const cluster = await Cluster.of('1.11', 1);
  await cluster.ask('PUT', '/v2/groups/g', group('a'));
  cluster.pass(10);
  const { version } = (await cluster.ask('GET', '/v2/groups/g')).body;
  await cluster.ask('PUT', '/v2/groups/g', group('b'));
  cluster.pass(10);
  const { status, body } = await cluster.ask('PUT', '/v2/groups/g', { version });
  assert.equal(status, 200);
  assert.ok(body.version > version);
  cluster.pass(10);
  const { apps } = (await cluster.ask('GET', '/v2/groups/g')).body;
  assert.deepEqual(
    apps.map(({ id }: { id: string }) => id),
    ['/g/a'],
  );
  const missing = await cluster.ask('PUT', '/v2/groups/g', { version: '2001-01-01T00:00:00.000Z' });
  assert.equal(missing.status, 422);
});

test('versions are times, each later than the one before, also within one millisecond', async () => {
  const cluster = await Cluster.of('1.11', 1);
  const seen: string[] = [];
  for (let i = 0; i < 20; i++) {
    const { body } = await cluster.ask(
      'PUT',
      '/v2/apps/x?force=true',
      app({ instances: 0, env: { I: String(i) } }),
    );
    seen.push(body.version);
  }
  assert.deepEqual(seen, [...new Set(seen)].sort());
  assert.ok(seen.every((version) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(version)));
  const { versions } = (await cluster.ask('GET', '/v2/apps/x/versions')).body;
  assert.deepEqual(versions.sort(), seen);
  const old = await cluster.ask('GET', `/v2/apps/x/versions/${seen[3]}`);
  assert.deepEqual(old.body.env, { I: '3' });
  await cluster.ask('PUT', '/v2/apps/x?force=true', { version: seen[3] });
  assert.deepEqual((await cluster.app('/x')).env, { I: '3' });
});

test('the same put again answers with a deployment, and none runs', async () => {
  const cluster = await Cluster.of('1.11', 3);
  const x = app({ id: 'x', check: CHECK, healthChecks: [HEALTH_CHECK], env: { A: '1' }, labels: { l: 'm' } });
  await cluster.ask('PUT', '/v2/groups/g', { enforceRole: false, apps: [x] });
  cluster.pass(20);
  const before = (await cluster.app('/g/x')).version;
  const { body } = await cluster.ask('PUT', '/v2/groups/g', { enforceRole: false, apps: [x] });
  assert.ok(body.deploymentId);
  assert.deepEqual(await cluster.deployments(), []);
  assert.equal((await cluster.app('/g/x')).version, before);
});

test('an app is put in part: what is not said stays', async () => {
  const cluster = await Cluster.of('1.11', 1);
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 0, env: { A: '1' }, labels: { keep: 'me' } }));
  cluster.pass(5);
  await cluster.ask('PUT', '/v2/apps/x', { cpus: 0.5 });
  cluster.pass(5);
  const { cpus, env, labels, instances } = await cluster.app('/x');
  assert.deepEqual([cpus, env, labels, instances], [0.5, { A: '1' }, { keep: 'me' }, 0]);
  const whole = await cluster.ask('PUT', '/v2/apps/x?partialUpdate=false', { cmd: 'true', instances: 0 });
  assert.equal(whole.status, 200);
  assert.equal((await cluster.app('/x')).env, undefined);
  assert.equal((await cluster.ask('PATCH', '/v2/apps/none', { cmd: 'true' })).status, 404);
});

for (const [what, version, json, status, details] of [
  [
    'a field of the wrong type',
    '1.11',
    { instances: 'three' },
    422,
    [{ path: '/instances', errors: ['error.expected.jsnumber'] }],
  ],
  [
    'no command',
    '1.11',
    { cmd: null },
    422,
    [
      {
        path: '/',
        errors: ["AppDefinition must either contain one of 'cmd' or 'args', and/or a 'container'."],
      },
    ],
  ],
  [
    'a capacity above one',
    '1.7',
    { upgradeStrategy: { minimumHealthCapacity: 2 } },
    422,
    [{ path: '/upgradeStrategy/minimumHealthCapacity', errors: ['error.max'] }],
  ],
  [
    'a pattern that is none',
    '1.11',
    { constraints: [['hostname', 'LIKE', '(']] },
    422,
    [{ path: '/constraints', errors: ['is not a valid regular expression'] }],
  ],
  [
    'a role of somebody else',
    '1.11',
    { role: 'kafka' },
    422,
    [{ path: '/role', errors: ['got kafka, expected one of: [slave_public]'] }],
  ],
  ['the same before roles were known', '1.8', { role: 'kafka' }, 201, undefined],
  ['a check before checks were known', '1.7', { check: { exec: 7 } }, 201, undefined],
  [
    'a check of the wrong form',
    '1.8',
    { check: { exec: 7 } },
    422,
    [{ path: '/check/exec', errors: ['error.expected.jsobject'] }],
  ],
  [
    'a grace period of the greatest number',
    '1.7',
    { healthChecks: [{ ...HEALTH_CHECK, gracePeriodSeconds: 2147483647 }] },
    201,
    undefined,
  ],
  ['an unknown field', '1.11', { nonsense: true }, 201, undefined],
] as const) {
  test(`${what}, put to Marathon ${version}: ${status}`, async () => {
    const cluster = await Cluster.of(version, 1);
    const answer = await cluster.ask('PUT', '/v2/apps/x', app({ instances: 0, ...json }));
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    if (details) assert.deepEqual(answer.body.details, details);
  });
}

test('fields that a version does not know do not come back', async () => {
  for (const [version, check, role] of [
    ['1.7', false, false],
    ['1.8', true, false],
    ['1.9', true, true],
  ] as const) {
    const cluster = await Cluster.of(version, 1);
    const x = app({ id: 'x', instances: 0, check: CHECK, role: 'slave_public' });
    await cluster.ask('PUT', '/v2/groups/g', { enforceRole: false, apps: [x] });
    const { body } = await cluster.ask('GET', '/v2/groups/g');
    assert.equal('check' in body.apps[0], check);
    assert.equal('role' in body.apps[0], role);
    assert.equal('enforceRole' in body, role);
  }
});

test('role and enforceRole: a new group enforces its own unless told otherwise, and is not changed together with apps', async () => {
  const cluster = await Cluster.of('1.11', 1);
  const withRole = (role?: string): unknown => ({
    apps: [app({ id: 'x', instances: 0, ...(role ? { role } : {}) })],
  });
  assert.equal((await cluster.ask('PUT', '/v2/groups/g', withRole('slave_public'))).status, 422);
  assert.equal((await cluster.ask('PUT', '/v2/groups/g', withRole())).status, 200);
  assert.equal((await cluster.app('/g/x')).role, 'g');
  cluster.pass(5);
  const both = await cluster.ask('PUT', '/v2/groups/g', { ...group('x'), enforceRole: false });
  assert.equal(both.status, 422);
  assert.match(both.body.details[0].errors[0], /^enforceRole cannot be modified in a request/);
  const nested = await cluster.ask('PUT', '/v2/groups/g/inner', { enforceRole: true });
  assert.equal(nested.status, 422);
});

test('apps are found by their command, id and labels', async () => {
  const cluster = await Cluster.of('1.11', 1);
  for (const [id, cmd, labels] of [
    ['a', 'sleep 1', { kind: 'web', tier: '1' }],
    ['b', 'serve', { kind: 'db' }],
    ['c', 'Serve more', {}],
  ] as const) {
    await cluster.ask('PUT', `/v2/apps/${id}`, app({ instances: 0, cmd, labels }));
  }
  const found = async (query: string): Promise<string> => {
    const { apps } = (await cluster.ask('GET', `/v2/apps?${query}`)).body;
    return apps
      .map(({ id }: { id: string }) => id)
      .sort()
      .join('');
  };
  assert.equal(await found(''), '/a/b/c');
  assert.equal(await found('cmd=serve'), '/b/c');
  assert.equal(await found('id=B'), '/b');
  assert.equal(await found('label=kind'), '/a/b');
  assert.equal(await found('label=kind==web'), '/a');
  assert.equal(await found('label=kind!=web'), '/b');
  assert.equal(await found('label=!kind'), '/c');
  assert.equal(await found(`label=${encodeURIComponent('kind in (web,x), tier')}`), '/a');
});

test('a group or an app that is there is not created again', async () => {
  const cluster = await Cluster.of('1.11', 1);
  assert.equal((await cluster.ask('POST', '/v2/groups', { id: '/g', ...group('a') })).status, 201);
  const again = await cluster.ask('POST', '/v2/groups', { id: '/g', ...group('a') });
  assert.deepEqual(
    [again.status, again.body.message],
    [409, 'Group /g is already created. Use PUT to change this group.'],
  );
  const created = await cluster.ask('POST', '/v2/apps', app({ id: '/y', instances: 0 }));
  assert.deepEqual(
    [created.status, created.body.id, created.headers.Location],
    [201, '/y', 'http://127.0.0.1:8080/y'],
  );
  assert.equal((await cluster.ask('POST', '/v2/apps', app({ id: '/y', instances: 0 }))).status, 409);
});

test('paths with doubled slashes are the same path', async () => {
  const cluster = await Cluster.of('1.11', 1);
  await cluster.ask('PUT', '/v2/groups//g', group('a'));
  assert.equal((await cluster.ask('GET', '/v2/groups//g//')).status, 200);
  assert.equal((await cluster.ask('GET', '/v2/apps/g/a')).status, 200);
});

test('a body that is no JSON: 400, with what is missing', async () => {
  const cluster = await Cluster.of('1.11', 1);
  const half = await cluster.ask('PUT', '/v2/apps/x', '{"cmd": [1, ');
  assert.deepEqual(half.body, {
    message: 'Invalid JSON',
    details: 'Unexpected end-of-input within/between Array entries',
  });
  assert.equal((await cluster.ask('PUT', '/v2/apps/x', '')).status, 400);
  assert.equal((await cluster.ask('PUT', '/v2/apps/x', '{"cmd": nope}')).status, 400);
});

test('a task of Marathon 1.4 says less: what is empty is not there', async () => {
  const cluster = await Cluster.of('1.4', 1);
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 1 }));
  cluster.pass(20);
  const { tasks, container, networks } = await cluster.app('/x');
  assert.deepEqual(Object.keys(tasks[0]).sort(), [
    ...[
      'appId',
      'host',
      'id',
      'ipAddresses',
      'ports',
      'slaveId',
      'stagedAt',
      'startedAt',
      'state',
      'version',
    ],
  ]);
  assert.deepEqual([container, networks], [null, undefined]);
});
