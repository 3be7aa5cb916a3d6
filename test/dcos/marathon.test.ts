// The client against what real Marathons answered: every recording of a request that it makes, replayed.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Marathon } from '../../src/dcos/marathon.ts';
import type { AppDefinition, GroupDefinition } from '../../src/dcos/types.ts';
import { UserError } from '../../src/errors.ts';
import { type Recording, recordings } from '../conformance/recordings.ts';
import { html, httpTo, json, serve } from './server.ts';

const OF_111 = recordings('marathon-1.11.24');
const OF_17 = recordings('marathon-1.7.216');
const named = (name: string, all = OF_111): Recording => all.find((one) => one.name === name)!;

/** A server that answers one recording, and holds the request against it. */
async function replay(t: TestContext, recording: Recording) {
  const server = await serve(t, (_, response) => {
    json(response, recording.response.body, recording.response.status);
  });
  const marathon = new Marathon(httpTo(server.url));
  const check = () => {
    const { method, url, body } = server.asked.at(-1)!;
    assert.equal(method, recording.request.method, recording.name);
    assert.equal(url, `/service/marathon${recording.request.path}`, recording.name);
    if (method === 'PUT') assert.deepEqual(JSON.parse(body), recording.request.body);
  };
  return { marathon, check };
}

const failure = async (asking: Promise<unknown>): Promise<UserError['problem']> => {
  const error = await asking.then(
    () => assert.fail('it was answered'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof UserError, String(error));
  return error.problem;
};

test('info, with a version that is a build count', async (t) => {
  const { marathon, check } = await replay(t, named('001-info'));
  assert.deepEqual(await marathon.info(), {
    name: 'unknown',
    version: '1.11.24',
    release: { major: 1, minor: 11, patch: 24, text: '1.11.24' },
    frameworkId: '2ac9c803-b0db-4b3d-9a48-0566ff83972e-0000',
    leader: '127.0.0.1:8090',
  });
  check();
});

test('every recorded group, with its tasks, in the one request that was recorded', async (t) => {
  const all = [...OF_111, ...OF_17].filter(({ request }) =>
    request.path.startsWith('/v2/groups/calico?embed='),
  );
  assert.ok(all.length > 15);
  for (const recording of all) {
    const { marathon, check } = await replay(t, recording);
    const group = await marathon.group('/calico');
    check();
    if (recording.response.status === 404) assert.equal(group, undefined);
    else {
      const recorded = recording.response.body as {
        id: string;
        apps: { id: string; tasks: { id: string }[] }[];
      };
      assert.deepEqual(
        group!.apps.map(({ id, tasks }) => [id, tasks!.map((task) => task.id)]),
        recorded.apps.map(({ id, tasks }) => [id, tasks.map((task) => task.id)]),
      );
    }
  }
});

test('a group and an app that are not there are undefined', async (t) => {
  const group = await replay(t, named('004-group-missing'));
  assert.equal(await group.marathon.group('/calico'), undefined);
  const app = await replay(t, named('005-app-missing'));
  assert.equal(await app.marathon.app('/calico/node'), undefined);
  assert.equal(await app.marathon.deleteApp('/calico/node'), undefined);
  assert.equal(await group.marathon.deleteGroup('/calico'), undefined);
});

test('an app with its tasks', async (t) => {
  const recording = OF_111.find(({ name }) => name === '032-app-all-ready')!;
  const { marathon } = await replay(t, recording);
  const app = await marathon.app('/calico/node');
  assert.equal(app!.id, '/calico/node');
  assert.deepEqual(
    app!.tasks!.map((task) => task.checkResult?.command?.exitCode),
    [0, 0, 0],
  );
});

test('writes as recorded: groups, apps, with and without force', async (t) => {
  for (const recording of [...OF_111, ...OF_17]) {
    const { request, response } = recording;
    const id = /^\/v2\/(groups|apps)(\/[^?]+)/.exec(request.path)?.[2];
    const accepted = response.status < 300 && !request.path.includes('dryRun');
    if (request.method !== 'PUT' || !id || !accepted || (request.body as { version?: string }).version)
      continue;
    if ((request.body as { id?: string }).id !== id) continue;
    const { marathon, check } = await replay(t, recording);
    const options = request.path.endsWith('?force=true') ? { force: true } : {};
    const answer = request.path.startsWith('/v2/groups')
      ? await marathon.putGroup(request.body as GroupDefinition, options)
      : await marathon.putApp(request.body as AppDefinition, options);
    check();
    assert.equal(answer.version, (response.body as { version: string }).version);
  }
});

test('deletions as recorded', async (t) => {
  const app = await replay(t, named('037-delete-turn'));
  assert.equal((await app.marathon.deleteApp('/calico/ops/turn'))!.version, '2026-11-24T03:54:58.159Z');
  app.check();
  const group = await replay(t, named('082-delete-group'));
  assert.ok((await group.marathon.deleteGroup('/calico'))!.deploymentId);
  group.check();
  const forced = await replay(t, named('059-failing-delete'));
  await forced.marathon.deleteApp('/calico/ops/preflight', { force: true });
  forced.check();
});

test('deployments and queue as recorded', async (t) => {
  const under = await replay(t, named('034-deployment-change-node'));
  const [deployment] = await under.marathon.deployments();
  under.check();
  assert.deepEqual(deployment!.affectedApps, ['/calico/options', '/calico/node']);
  const queue = await replay(t, named('051-no-room-queue'));
  const [item] = await queue.marathon.queue();
  queue.check();
  assert.equal(item!.count, 3);
  assert.ok(item!.lastUnusedOffers!.every(({ reason }) => reason.length > 0));
});

test('places of tasks that are gone are given free as recorded', async (t) => {
  const recording = named('078-task-wipe');
  const { marathon, check } = await replay(t, recording);
  await marathon.wipeTasks((recording.request.body as { ids: string[] }).ids);
  check();
});

test('tasks of a large cluster are ended some hundreds at a time, each once', async (t) => {
  const recording = named('078-task-wipe');
  const server = await serve(t, (_, response) => json(response, recording.response.body));
  const ids = Array.from({ length: 1234 }, (_, index) => `calico_node.instance-${index}._app.1`);
  await new Marathon(httpTo(server.url)).wipeTasks(ids);
  const sent = server.asked.map(({ body }) => (JSON.parse(body) as { ids: string[] }).ids);
  assert.deepEqual(
    sent.map(({ length }) => length),
    [500, 500, 234],
  );
  assert.deepEqual(sent.flat(), ids);
});

test('apps of packages, also where Marathon does not know the label selector', async (t) => {
  const labels = { DCOS_PACKAGE_NAME: 'etcd', DCOS_PACKAGE_VERSION: '0.0.3' };
  const server = await serve(t, (_, response) =>
    json(response, { apps: [{ id: '/etcd', labels }, { id: '/other' }] }),
  );
  const marathon = new Marathon(httpTo(server.url));
  assert.deepEqual(await marathon.packages(), [{ id: '/etcd', name: 'etcd', version: '0.0.3' }]);
});

test('a lock is not a refusal for good: names the deployments', async (t) => {
  for (const name of ['018-locked-group', '019-locked-app', '084-put-while-deleting']) {
    const recording = named(name);
    const { marathon } = await replay(t, recording);
    const { code, data } = await failure(marathon.putGroup(recording.request.body as GroupDefinition));
    assert.equal(code, 'marathon-locked');
    const { deployments } = recording.response.body as { deployments: { id: string }[] };
    assert.deepEqual(
      data!.deployments,
      deployments.map(({ id }) => id),
    );
  }
});

test('a rejected definition lists its faults path by path', async (t) => {
  const bad = await replay(t, named('011-bad-constraint'));
  const { code, data } = await failure(bad.marathon.putApp({ id: '/calico/x' } as AppDefinition));
  assert.equal(code, 'marathon-rejected');
  assert.deepEqual(data!.faults, [
    '/constraints: operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS',
    '/role: got slave_public, expected one of: [calico]',
  ]);
  const malformed = await replay(t, named('008-malformed-json'));
  const second = await failure(malformed.marathon.putGroup({ id: '/calico', apps: [] }));
  assert.equal(second.code, 'marathon-rejected');
  assert.deepEqual(second.data!.faults, ['Unexpected end-of-input within/between Object entries']);
});

test('403 by too many deployments is not a matter of permission; 403 by Admin Router is', async (t) => {
  const message =
    'Max number (100) of running deployments reached. Deployments are limited. Please retry later or cancel one.';
  const server = await serve(t, ({ method }, response) =>
    method === 'PUT' ? json(response, { message }, 403) : html(response, 403),
  );
  const marathon = new Marathon(httpTo(server.url));
  assert.equal((await failure(marathon.putGroup({ id: '/calico', apps: [] }))).code, 'marathon-full');
  assert.equal((await failure(marathon.deleteGroup('/calico'))).code, 'forbidden');
});

test('a 409 or 404 of Admin Router is not one of Marathon', async (t) => {
  const server = await serve(t, ({ method }, response) => html(response, method === 'PUT' ? 409 : 404));
  const marathon = new Marathon(httpTo(server.url), 'infra/other');
  const rejected = await failure(marathon.putGroup({ id: '/calico', apps: [] }));
  assert.equal(rejected.code, 'rejected');
  assert.ok(rejected.remedy?.includes('dcos service list'), 'even so it says what to do');
  assert.equal((await failure(marathon.group('/calico'))).code, 'no-such-service');
  assert.equal((await failure(marathon.deleteApp('/calico/x'))).code, 'no-such-service');
  assert.equal(server.asked[1]!.url.split('?')[0], '/service/infra/other/v2/groups/calico');
});

test('an app that is gone when it is written says so, and what to do', async (t) => {
  const server = await serve(t, (_, response) => json(response, { message: 'gone' }, 404));
  const marathon = new Marathon(httpTo(server.url));
  const gone = await failure(marathon.restartApp('/calico/node'));
  assert.equal(gone.code, 'not-found');
  assert.ok(gone.remedy?.includes('dcos service list'));
});

test('a name that is none of a service is a wrong usage', () => {
  for (const name of ['', '../mesos', 'a b', '/x', 'x/', 'x?y', 'x#y']) {
    assert.throws(
      () => new Marathon(httpTo('http://127.0.0.1:1'), name),
      (error) => error instanceof UserError && error.problem.exit === 2,
      name,
    );
  }
});

test('the versions of a group, and the group as it was at one, as recorded', async (t) => {
  const versions = await replay(t, named('063-group-versions'));
  const all = await versions.marathon.versions('/calico');
  versions.check();
  assert.equal(all.length, 19);
  const then = await replay(t, named('064-group-version'));
  const group = await then.marathon.groupAt('/calico', '2026-11-24T03:54:53.872Z');
  then.check();
  assert.equal(group?.apps.find(({ id }) => id === '/calico/options')?.version, '2026-11-24T03:54:53.872Z');
});

test('how far Marathon is: for who may see nothing of it, and where it has never run anything, it does not say', async (t) => {
  const answers: [unknown, string | undefined][] = [
    [{ id: '/', version: '2026-11-24T03:54:53.872Z' }, '2026-11-24T03:54:53.872Z'],
    [{ id: '/', version: '1970-01-01T00:00:00.000Z' }, undefined],
    [{ id: '/' }, undefined],
  ];
  for (const [body, version] of answers) {
    const server = await serve(t, (_, response) => json(response, body));
    assert.equal(await new Marathon(httpTo(server.url)).version(), version);
  }
});
