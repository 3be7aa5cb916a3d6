// What stands between a client and the services: tokens, HTML, redirects, and what `dcos cluster setup` asks.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type Lab, type LabSpec, startLab } from '../../../src/lab/lab.ts';
import { ask, type Question } from './ask.ts';

const START = Date.parse('2026-11-24T00:00:00Z');
const shared = await startLab({ clock: new VirtualClock(START) });
after(() => shared.stop());

async function fresh(t: TestContext, spec: LabSpec): Promise<Lab> {
  const lab = await startLab({ clock: new VirtualClock(START), agents: { private: 1, public: 0 }, ...spec });
  t.after(() => lab.stop());
  return lab;
}

const get = (lab: Lab, path: string, question: Question = {}) =>
  ask(lab.url + path, { headers: { authorization: `token=${lab.token}` }, ...question });

const PROTECTED = [
  '/mesos/slaves',
  '/mesos/version',
  '/service/marathon/v2/info',
  '/marathon/v2/info',
  '/agent/x/flags',
  '/mesos_dns/v1/services/_etcd-server._tcp.etcd.mesos',
  '/metadata',
  '/pkgpanda/active.buildinfo.full.json',
  '/dcos-metadata/bootstrap-config.json',
];

test('without a token, with a foreign or an expired one: 401 as HTML, with the challenge', async () => {
  const expired = shared.tokens.issue('bootstrapuser', Date.now() - 1000);
  const forged = `${shared.token.slice(0, -4)}AAAA`;
  for (const path of PROTECTED) {
    for (const authorization of [
      undefined,
      `token=${expired}`,
      `token=${forged}`,
      'token=nonsense',
      'Basic eDp5',
    ]) {
      const answer = await ask(shared.url + path, { headers: authorization ? { authorization } : {} });
      assert.equal(answer.status, 401, path);
      assert.equal(answer.headers['www-authenticate'], 'oauthjwt');
      assert.equal(answer.headers['content-type'], 'text/html; charset=UTF-8');
      assert.match(answer.text, /<h1>Unauthorized<\/h1>/);
    }
  }
});

test('a token is taken as `token=` and as `Bearer`, until it expires', async () => {
  const lasting = shared.tokens.issue('someone', Date.now() + 60_000);
  for (const authorization of [`token=${lasting}`, `Bearer ${lasting}`]) {
    assert.equal((await ask(`${shared.url}/mesos/version`, { headers: { authorization } })).status, 200);
  }
});

test('a path that is no route is 404 as HTML, to everybody', async () => {
  const anybody: Record<string, string>[] = [{}, { authorization: `token=${shared.token}` }];
  for (const headers of anybody) {
    const answer = await ask(`${shared.url}/nothing/here`, { headers });
    assert.equal(answer.status, 404);
    assert.match(answer.headers['content-type']!, /^text\/html/);
  }
});

test('an unknown service or agent is 404 as text', async () => {
  assert.match((await get(shared, '/service/kafka/v1/plan')).text, /^404 Not Found: service `kafka` unknown/);
  assert.match((await get(shared, '/agent/nobody/flags')).text, /^404 Not Found: agent `nobody` unknown/);
});

test('paths without their final slash are redirected', async () => {
  for (const [path, status, location] of [
    ['/mesos', 301, `${shared.url}/mesos/`],
    ['/service/marathon', 301, `${shared.url}/service/marathon/`],
    ['/marathon?x=1', 307, '/marathon/?x=1'],
  ] as const) {
    const answer = await get(shared, path);
    assert.deepEqual([answer.status, answer.headers.location], [status, location]);
  }
});

test('the old way to Marathon leads to the same one', async () => {
  const [old, current] = await Promise.all([
    get(shared, '/marathon/v2/info'),
    get(shared, '/service/marathon/v2/info'),
  ]);
  assert.equal(old.text, current.text);
  assert.equal(JSON.parse(current.text).frameworkId, shared.master.frameworkId);
});

test('compression only from the master, only when asked for, and not of small answers', async () => {
  const authorization = `token=${shared.token}`;
  const encodingOf = async (path: string, accept?: string) => {
    const headers = { authorization, ...(accept ? { 'accept-encoding': accept } : {}) };
    return (await ask(shared.url + path, { headers })).headers['content-encoding'];
  };
  assert.equal(await encodingOf('/mesos/slaves'), undefined);
  assert.equal(await encodingOf('/mesos/slaves', 'gzip, deflate'), 'gzip');
  assert.equal(await encodingOf('/mesos/version', 'gzip'), undefined);
  const agent = shared.master.registered()[0]!.id;
  assert.equal(await encodingOf(`/agent/${agent}/slave(1)/state`, 'gzip'), undefined);
});

test('an agent whose process is down: 502 as HTML from Admin Router', async (t) => {
  const lab = await fresh(t, {});
  const { id, host } = lab.master.registered()[0]!;
  assert.equal((await get(lab, `/agent/${id}/flags`)).status, 200);
  lab.master.crashAgent(host);
  const answer = await get(lab, `/agent/${id}/flags`);
  assert.equal(answer.status, 502);
  assert.match(answer.text, /Bad gateway/);
});

test('Mesos-DNS: one record a target, and one empty record where there is none', async () => {
  const found = JSON.parse((await get(shared, '/mesos_dns/v1/services/_etcd-server._tcp.etcd.mesos')).text);
  assert.equal(found.length, 3);
  assert.deepEqual(Object.keys(found[0]), ['service', 'host', 'ip', 'port']);
  assert.equal(typeof found[0].port, 'string');
  const none = JSON.parse((await get(shared, '/mesos_dns/v1/services/_nothing._tcp.mesos')).text);
  assert.deepEqual(none, [{ service: '', host: '', ip: '', port: '' }]);
});

test('each version of DC/OS says which it is, and what it is made of', async (t) => {
  for (const [dcos, version, mesos, marathon, calico, variant, providers] of [
    ['1.9', '1.9.10', '1.2.3', '1.4.12', false, undefined, 404],
    ['1.12', '1.12.5', '1.7.3', '1.7.216', false, 'open', 404],
    ['2.0', '2.0.6', '1.9.1', '1.9.136', false, 'open', 200],
    ['2.2', '2.2.1', '1.11.1', '1.11.23', true, 'open', 200],
  ] as const) {
    const lab = await fresh(t, { dcos });
    const json = async (path: string) => JSON.parse((await get(lab, path)).text);
    const said = await json('/dcos-metadata/dcos-version.json');
    assert.deepEqual([said.version, said['dcos-variant']], [version, variant]);
    assert.equal((await json('/mesos/version')).version, mesos);
    assert.equal((await json('/service/marathon/v2/info')).version, marathon);
    assert.equal('calico' in (await json('/pkgpanda/active.buildinfo.full.json')), calico);
    assert.equal((await get(lab, '/acs/api/v1/auth/providers')).status, providers);
    const [agent] = (await json('/mesos/slaves')).slaves;
    assert.equal('deactivated' in agent, dcos.startsWith('2'));
  }
});

test('the enterprise variant has another challenge, and its security mode', async (t) => {
  const lab = await fresh(t, { security: 'strict' });
  assert.equal((await ask(`${lab.url}/mesos/version`)).headers['www-authenticate'], 'acsjwt');
  assert.equal(JSON.parse((await get(lab, '/dcos-metadata/bootstrap-config.json')).text).security, 'strict');
  assert.equal((await get(shared, '/dcos-metadata/bootstrap-config.json')).status, 404);
});

test('what `dcos cluster setup` asks, in its order', async () => {
  assert.equal((await ask(`${shared.url}/`, { method: 'HEAD' })).status, 200);
  const challenge = await ask(`${shared.url}/pkgpanda/active.buildinfo.full.json`, { method: 'HEAD' });
  assert.deepEqual([challenge.status, challenge.headers['www-authenticate']], [401, 'oauthjwt']);
  const providers = JSON.parse((await ask(`${shared.url}/acs/api/v1/auth/providers`)).text);
  assert.equal(providers['dcos-users'].config.start_flow_url, '/acs/api/v1/auth/login');
  const login = (password: string) =>
    ask(`${shared.url}/acs/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uid: 'bootstrapuser', password }),
    });
  assert.equal((await login('wrong')).status, 401);
  const { token } = JSON.parse((await login('deleteme')).text);
  const headers = { authorization: `token=${token}` };
  const metadata = JSON.parse((await ask(`${shared.url}/metadata`, { headers })).text);
  assert.match(metadata.CLUSTER_ID, /^[0-9a-f-]{36}$/);
  assert.equal(JSON.parse((await ask(`${shared.url}/mesos/state-summary`, { headers })).text).cluster, 'lab');
  const describe = (packageName: string) =>
    ask(`${shared.url}/package/describe`, { method: 'POST', headers, body: JSON.stringify({ packageName }) });
  const { package: core } = JSON.parse((await describe('dcos-core-cli')).text);
  const { url, contentHash } = core.resource.cli.binaries.linux['x86-64'];
  const zip = await fetch(url).then((answer) => answer.bytes());
  assert.equal(createHash('sha256').update(zip).digest('hex'), contentHash[0].value);
  assert.equal((await describe('kafka')).status, 400);
});

test('over TLS, with the certificate that it is given', async (t) => {
  const file = (name: string) => readFileSync(join(import.meta.dirname, '../../dcos/tls', name), 'utf8');
  const lab = await fresh(t, { tls: { key: file('key.pem'), cert: file('good.pem') } });
  assert.match(lab.url, /^https:\/\/127\.0\.0\.1:/);
  const question = { headers: { authorization: `token=${lab.token}` }, ca: file('authority.pem') };
  assert.equal((await ask(`${lab.url}/mesos/version`, question)).status, 200);
  await assert.rejects(ask(`${lab.url}/mesos/version`), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
});
