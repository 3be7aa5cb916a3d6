// The questions as data: which are asked, what they suggest, what comes out, forwards and back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Answers } from '../../src/wizard/answers.ts';
import { answer, back, begin, inputOf, next, type State, tested } from '../../src/wizard/flow.ts';
import { judge } from '../../src/wizard/judge.ts';
import { resultOf } from '../../src/wizard/result.ts';
import type { Base, Found } from '../../src/wizard/types.ts';
import { privateAgents, publicAgent } from '../plan/cluster.ts';
import { base, found, NO_RECORD } from './found.ts';

const ALL_WELL = { agent: '10.0.1.11', endpoints: [] };

/** Answers every question, with what `say` has for it, else as suggested. Fails for an answer that is not taken. */
async function play(what: Found, on: Base, say: Answers = {}, from: State = begin()) {
  let state = from;
  const asked: string[] = [];
  for (;;) {
    const now = next(what, on, state);
    if (now.kind === 'test') {
      state = tested(state, now.context, ALL_WELL);
      continue;
    }
    if (now.kind === 'conflict') throw new Error('a conflict');
    if (now.kind === 'done') return { asked, state, ...resultOf(now.walked) };
    const { question, suggestion, context } = now;
    asked.push(question.id);
    const value = say[question.id] ?? suggestion.value;
    assert.ok(value !== undefined, `${question.id} has no suggestion`);
    assert.equal(await judge(question, value, context, inputOf(what, on, state)), undefined, question.id);
    state = answer(state, question.id, value);
  }
}

async function wrong(what: Found, on: Base, say: Answers, id: string, value: string): Promise<string> {
  let state = begin();
  for (;;) {
    const now = next(what, on, state);
    assert.equal(now.kind, 'ask');
    if (now.kind !== 'ask') throw new Error('no such question');
    if (now.question.id === id) {
      const why = await judge(now.question, value, now.context, inputOf(what, on, state));
      assert.ok(why, `${value} is taken for ${id}`);
      return why;
    }
    state = answer(state, now.question.id, say[now.question.id] ?? now.suggestion.value!);
  }
}

const refuses = async (say: Answers, id: string, value: string, why: RegExp, what = found(), on = base()) =>
  assert.match(await wrong(what, on, say, id, value), why);

test('without surprises: five questions, all of them suggested, and the result the sixth', async () => {
  const { asked, document, differences } = await play(found(), base());
  assert.deepEqual(asked, ['containers', 'pool', 'ipip', 'downloads', 'pace']);
  assert.deepEqual(document, { node: { ipip: 'cross-subnet' } });
  assert.deepEqual(differences, [{ path: 'node.ipip', before: 'off', after: 'cross-subnet' }]);
});

test('one agent alone: no pace to ask for, and nothing between agents to wrap', async () => {
  const { asked, document } = await play(found({ agents: privateAgents(1) }), base());
  assert.deepEqual(asked, ['containers', 'pool', 'ipip', 'downloads']);
  assert.deepEqual(document, {});
});

test('etcd is asked only where no record was found, and each way leads to its options', async () => {
  const what = found({ record: NO_RECORD });
  const suggested = await play(what, base());
  assert.deepEqual(suggested.asked.slice(0, 3), ['containers', 'etcd', 'pool']);
  assert.deepEqual(suggested.before, ['dcos package install etcd --package-version=0.0.3']);
  assert.equal(suggested.document.etcd, undefined);

  const urls = 'http://10.9.0.5:2379,http://10.9.0.6:2379';
  const proxy = await play(what, base(), { etcd: 'proxy', endpoints: urls });
  assert.deepEqual(proxy.asked.slice(1, 4), ['etcd', 'endpoints', 'test']);
  assert.deepEqual(proxy.document.etcd, { 'proxy-endpoints': urls.split(',') });

  const direct = await play(what, base(), { etcd: 'static', endpoints: urls });
  assert.deepEqual(direct.document.etcd, { 'run-proxy': false, 'etcd-endpoints': urls });
  assert.deepEqual(direct.before, []);
});

test('etcd over TLS asks for the files, and not before they are needed', async () => {
  const { asked, document } = await play(found({ record: NO_RECORD }), base(), {
    containers: 'ucr',
    etcd: 'static',
    endpoints: 'https://10.9.0.5:2379',
    'ca-file': '/etc/etcd/ca.pem',
    'client-files': '/etc/etcd/c.pem,/etc/etcd/k.pem',
  });
  assert.deepEqual(asked.slice(2, 6), ['endpoints', 'ca-file', 'client-files', 'test']);
  assert.deepEqual(document.etcd, {
    'run-proxy': false,
    'etcd-endpoints': 'https://10.9.0.5:2379',
    'ca-file': '/etc/etcd/ca.pem',
    'cert-file': '/etc/etcd/c.pem',
    'key-file': '/etc/etcd/k.pem',
  });
  const tls = { etcd: 'static' };
  const what = found({ record: NO_RECORD });
  await refuses(tls, 'endpoints', 'https://10.9.0.5:2379', /Docker is given no certificates/, what);
  await refuses(tls, 'endpoints', 'http://10.9.0.5', /Allowed: URLs as/, what);
  await refuses(tls, 'endpoints', 'http://me:pw@10.9.0.5:2379', /user or a password/, what);
  await refuses(tls, 'endpoints', ' , ', /No URL/, what);
  const proxy = { etcd: 'proxy', endpoints: 'https://10.9.0.5:2379' };
  await refuses(proxy, 'ca-file', 'ca.pem', /absolute path/, what);
  await refuses({ ...proxy, 'ca-file': '/ca.pem' }, 'client-files', '/only-one', /Two paths/, what);
});

test('the package etcd without a record: its own address is suggested', async () => {
  const packages = { value: [{ id: '/infra/etcd', name: 'etcd', version: '0.1.0-3.3.12' }] };
  const what = found({ record: NO_RECORD, packages });
  const { document, before } = await play(what, base());
  assert.deepEqual(document.etcd, {
    'run-proxy': false,
    'etcd-endpoints': 'http://api.infraetcd.l4lb.thisdcos.directory:2379',
  });
  assert.deepEqual(before, []);
  await refuses({}, 'etcd', 'package', /one of proxy, static/, what);
});

test('the package etcd whose record is still to come is waited for', async () => {
  const packages = { value: [{ id: '/etcd', name: 'etcd', version: '0.0.3' }] };
  const { asked, before, document } = await play(found({ record: NO_RECORD, packages }), base());
  assert.equal(asked[1], 'etcd');
  assert.deepEqual([before, document.etcd], [[], undefined]);
});

test('a record of another name is taken over, and not asked', async () => {
  const record = { domain: 'etcd-a.mesos', members: found().record.members };
  const { asked, document } = await play(found({ record }), base());
  assert.ok(!asked.includes('etcd'));
  assert.deepEqual(document.etcd, { 'etcd-discovery-url': 'etcd-a.mesos' });
});

test('a record that could not be asked is asked for', async () => {
  const record = { domain: 'etcd.mesos', members: { unknown: 'Mesos-DNS does not answer' } };
  assert.equal((await play(found({ record }), base())).asked[1], 'etcd');
});

test('other addresses, again, or keep: what follows an etcd that does not answer', async () => {
  const what = found({ record: NO_RECORD });
  let state = begin({ containers: 'both', etcd: 'proxy', endpoints: 'http://10.9.0.9:2379' });
  state = answer(state, 'test', 'yes');
  const due = next(what, base(), state);
  assert.ok(due.kind === 'test');
  assert.deepEqual(due.endpoints, ['http://10.9.0.9:2379']);
  const silent = { agent: 'a', endpoints: [{ url: 'u', answers: false, what: 'refused' }] };
  state = tested(state, due.context, silent);
  const asked = next(what, base(), state);
  assert.ok(asked.kind === 'ask' && asked.question.id === 'unreachable');
  assert.equal(asked.suggestion.value, 'other');

  assert.equal(next(what, base(), answer(state, 'unreachable', 'again')).kind, 'test');
  const kept = next(what, base(), answer(state, 'unreachable', 'keep'));
  assert.ok(kept.kind === 'ask' && kept.question.id === 'pool');
  const other = next(what, base(), answer(state, 'unreachable', 'other'));
  assert.ok(other.kind === 'ask' && other.question.id === 'endpoints', 'asked, though a flag had said it');
  assert.equal(other.suggestion.value, 'http://10.9.0.9:2379');
});

test('the pool: one that no agent is in is suggested; one that preflight stops is not taken', async () => {
  const agents = [...privateAgents(3), publicAgent('192.168.7.20')];
  const now = next(found({ agents }), base(), answer(begin(), 'containers', 'both'));
  assert.ok(now.kind === 'ask' && now.question.id === 'pool');
  assert.equal(now.suggestion.value, '10.200.0.0/16');
  await refuses({}, 'pool', '10.0.0.0/8', /contains the addresses of agents/);
  await refuses({}, 'pool', '9.1.0.0/16', /DC\/OS's own overlay/);
  await refuses({}, 'pool', '10.200.0.0/30', /smaller than a block/);
  await refuses({}, 'pool', '10.200.0.0', /Allowed: an IPv4 network/);
  await refuses({}, 'pool', 'x'.repeat(3000), /longer than/);
});

test('the pool and the addresses of etcd do not overlap, whichever was said first', async () => {
  const what = found({ record: NO_RECORD });
  const say = { etcd: 'static', endpoints: 'http://10.200.0.5:2379', test: 'no' };
  await refuses(say, 'pool', '10.200.0.0/16', /addresses of real machines/, what);
  const on = base({ flags: { node: { 'pool-cidr': '10.200.0.0/16' } } });
  await refuses(say, 'endpoints', say.endpoints, /addresses of real machines/, what, on);
});

test('more agents than a mesh is meant for: the shape is asked, and the reflectors', async () => {
  const agents = [...privateAgents(99), publicAgent('10.9.2.20')];
  const what = found({ agents });
  const { asked, document } = await play(what, base(), { peers: '10.9.0.1,10.9.0.2@65001' });
  assert.deepEqual(asked.slice(3, 5), ['topology', 'peers']);
  assert.deepEqual(document.node?.['bgp-peers'], [
    { peer: '10.9.0.1', 'as-number': 64512, agent: '' },
    { peer: '10.9.0.2', 'as-number': 65001, agent: '' },
  ]);
  assert.equal(document.node?.['node-to-node-mesh'], false);
  await refuses({}, 'peers', 'a@b@c', /ADDRESS@AS/, what);
  await refuses({}, 'peers', '10.9.0.1@70000000000', /ADDRESS@AS/, what);
  await refuses({}, 'peers', '127.0.0.1', /not the address of a router/, what);
  const many = found({ agents: privateAgents(201) });
  await refuses({}, 'topology', 'mesh', /201 nodes/, many);
  const some = next(
    found({ agents: privateAgents(60) }),
    base(),
    begin({ containers: 'both', pool: '192.168.0.0/16', ipip: 'off' }),
  );
  assert.ok(some.kind === 'ask' && some.question.id === 'topology' && some.suggestion.value === 'mesh');
});

test('a mirror and a registry of one’s own', async () => {
  const { asked, document } = await play(found(), base(), {
    downloads: 'mirror',
    mirror: 'https://mirror.example.com/calico',
    registry: 'registry.example.com:5000',
  });
  assert.deepEqual(asked.slice(3, 6), ['downloads', 'mirror', 'registry']);
  assert.deepEqual(document.artifacts, { mirrors: ['https://mirror.example.com/calico'] });
  assert.equal(document.node?.['override-node-image'], 'registry.example.com:5000/calico/node:v2.6.12');
  assert.equal(
    document.libnetwork?.['override-libnetwork-image'],
    'registry.example.com:5000/calico/libnetwork-plugin:v1.1.3',
  );
  const none = await play(found(), base(), { downloads: 'mirror', mirror: 'none', registry: 'none' });
  assert.deepEqual(none.document, { node: { ipip: 'cross-subnet' } });
  await refuses({ downloads: 'mirror' }, 'mirror', 'ftp://x', /base URL|http/);
  await refuses({ downloads: 'mirror', mirror: 'none' }, 'registry', 'a b', /an image as/);
});

test('the first wave by name: only agents that are there and can have tasks', async () => {
  const unfit = [{ host: '10.0.1.12', kind: 'no room', reason: 'no room: 0.12 CPU needed, 0.05 free' }];
  const what = found({ unfit });
  const { document } = await play(what, base(), { pace: 'named', canary: '10.0.1.11,10.1.2.20' });
  assert.deepEqual(document.rollout, { canary: ['10.0.1.11', '10.1.2.20'] });
  await refuses({ pace: 'named' }, 'canary', '10.0.1.12', /can have no task now: no room/, what);
  await refuses({ pace: 'named' }, 'canary', '10.0.1.99', /There is no agent 10\.0\.1\.99/, what);
  const slow = await play(what, base(), { pace: 'slow' });
  assert.deepEqual(slow.document.rollout, { 'max-concurrent': 1, 'max-failures': 0 });
});

test('--set decides: what it says is not asked, and stands in the result', async () => {
  const flags = { node: { 'pool-cidr': '10.77.0.0/16', ipip: 'always' } } as Base['flags'];
  const { asked, document, settings } = await play(found(), base({ flags }));
  assert.deepEqual(asked, ['containers', 'downloads', 'pace']);
  assert.deepEqual(document, { node: { 'pool-cidr': '10.77.0.0/16', ipip: 'always' } });
  assert.deepEqual(settings, ['node.pool-cidr=10.77.0.0/16', 'node.ipip=always']);
});

test('an options file is where it starts: what it says is suggested, what no answer covers can be kept', async () => {
  const file = {
    node: { ipip: 'always', 'override-node-image': 'r.example.com/my/node:1' },
    rollout: { 'max-concurrent': 7 },
    docker: { 'replace-cluster-store': true },
  } as Base['file'];
  const { document } = await play(found(), base({ file }));
  assert.deepEqual(document, file);
  const reset = await play(found(), base({ file }), { ipip: 'off', downloads: 'internet', pace: 'usual' });
  assert.deepEqual(reset.document, { docker: { 'replace-cluster-store': true } });
});

test('where Calico is installed, going back to a default has to be said', async () => {
  const installed = { node: { ...defaultOptions().node, ipip: 'always' as const } };
  const kept = await play(found(), base({ installed }));
  assert.deepEqual(kept.document, { node: { ipip: 'always' } });
  const { document, differences, settings } = await play(found(), base({ installed }), { ipip: 'off' });
  assert.deepEqual(document, { node: { ipip: 'off' } });
  assert.deepEqual(differences, []);
  assert.deepEqual(settings, ['node.ipip=off']);
});

test('back takes answers back one by one, and each is suggested again', () => {
  const what = found();
  let state = begin();
  for (const [id, value] of [
    ['containers', 'ucr'],
    ['pool', '10.77.0.0/16'],
  ] as const)
    state = answer(state, id, value);
  state = back(back(state));
  assert.deepEqual(state.trail, []);
  assert.equal(back(state), state);
  const first = next(what, base(), state);
  assert.ok(first.kind === 'ask' && first.suggestion.value === 'ucr' && first.number === 1);
  const second = next(what, base(), answer(state, 'containers', 'both'));
  assert.ok(second.kind === 'ask' && second.suggestion.value === '10.77.0.0/16' && second.number === 2);
});

test('the same answers, given beforehand, ask nothing and give the same', async () => {
  const say = { etcd: 'proxy', endpoints: 'http://10.9.0.5:2379', pace: 'named', canary: '10.0.1.11' };
  const what = found({ record: NO_RECORD });
  const first = await play(what, base(), say);
  const again = await play(what, base(), { test: 'no' }, begin(first.answers));
  assert.deepEqual(again.asked, ['test']);
  assert.deepEqual(again.document, first.document);
});
