// An inventory: made from what the APIs answer, kept in a file, and refused with its reason when it is none.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { MesosAgent } from '../../src/dcos/types.ts';
import { UserError } from '../../src/errors.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { withEtcdRecord } from '../../src/rehearsal/etcd-records.ts';
import { type Inventory, inventoryOf } from '../../src/rehearsal/inventory.ts';
import { inventoryProblem, loadInventory, saveInventory } from '../../src/rehearsal/inventory-file.ts';
import type { Read } from '../../src/rollout/facts.ts';
import { optionsDefinition, readOptionsApp } from '../../src/steps/app-definition.ts';
import { agent, app, groupOf, publicAgent } from '../plan/cluster.ts';
import { inventory } from './written.ts';

const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-inventory-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-11-24T04:00:00.000Z');

function made(
  agents: MesosAgent[],
  more: Partial<Read['snapshot']> = {},
  docker: unknown = { value: [] },
): Inventory {
  return inventoryOf({
    read: {
      dcos: { version: '2.0.6', release: { major: 2, minor: 0, patch: 6, text: '2.0.6' }, variant: 'open' },
      packages: { value: [] },
      snapshot: {
        info: { name: 'marathon', version: '1.9.136', frameworkId: 'F-0001', leader: null },
        carrier: 'check',
        agents,
        group: undefined,
        installed: undefined,
        deployments: [],
        ...more,
      },
    } as Read,
    url: 'https://dcos.example.com',
    now: NOW,
    srv: {},
    docker: docker as never,
  });
}

test('what others hold is told from what our own tasks hold', () => {
  const used = { cpus: 1.02, mem: 132, disk: 0, gpus: 0, ports: '[2379-2379, 9000-9001]' };
  const one = agent('10.0.1.11', { used_resources: used });
  const env = optionsDefinition({
    options: defaultOptions(),
    who: '',
    when: '',
    command: '',
    message: '',
    owed: [],
    marathonVersion: '1.9.136',
  }).env;
  const group = groupOf([one], () => 0);
  group.apps = group.apps.filter(({ id }) => id === '/calico/etcd-proxy');
  group.apps[0]!.tasks![0]!.ports = [2379];
  group.apps.push(app('options', [], { env }));
  const { agents, installed } = made([one], { group, installed: readOptionsApp({ env }) });
  assert.deepEqual(agents[0]!.used, { cpus: 1, mem: 100, disk: 0, ports: '[9000-9001]' });
  assert.deepEqual(agents[0]!.ready, ['etcd-proxy']);
  assert.equal(agents[0]!.cpus, 4);
  assert.deepEqual(installed, env);
});

test('agents by kind and state, in the order people read them', () => {
  const none = { cpus: 0, mem: 0, disk: 0, gpus: 0 };
  const all = { cpus: 4, mem: 4096, disk: 10000, gpus: 0 };
  const { agents, notes } = made([
    agent('10.0.1.100'),
    agent('10.0.1.9', { deactivated: true }),
    publicAgent('10.0.2.20', { active: false }),
    agent('10.0.1.12', { unreserved_resources: none, reserved_resources: { kafka: all } }),
    agent('10.0.1.13', { reserved_resources: { kafka: { ...none, cpus: 1 } } }),
  ]);
  assert.deepEqual(
    agents.map(({ host, type, state, reservedTo }) => [host, type, state, reservedTo]),
    [
      ['10.0.1.9', 'private', 'deactivated', undefined],
      ['10.0.1.12', 'private', 'active', 'kafka'],
      ['10.0.1.13', 'private', 'active', undefined],
      ['10.0.1.100', 'private', 'active', undefined],
      ['10.0.2.20', 'public', 'inactive', undefined],
    ],
  );
  assert.deepEqual(notes, [
    '1 agent also has resources that are reserved to other roles: these are left out',
  ]);
});

test('tasks in Docker are known by their app where Marathon runs them, else by their own name', () => {
  const uuid = '0c3f1f3e-1d5f-11f1-8d0c-0242ac110002';
  const of = (id: string, frameworkId = 'F-0001') => ({ id, agentId: 'S-10.0.1.11', frameworkId });
  const { agents, dockerKnown } = made(
    [agent('10.0.1.11'), agent('10.0.1.12')],
    {},
    {
      value: [
        of(`shop_cart.instance-${uuid}._app.1`),
        of(`billing.${uuid}`),
        of(`job.${uuid}`, 'F-0002'),
        of('driver-7', 'F-0003'),
      ],
    },
  );
  assert.deepEqual(
    agents[0]!.docker!.map(({ app: name }) => name),
    ['/shop/cart', '/billing', '', ''],
  );
  assert.equal(agents[1]!.docker, undefined);
  assert.equal(dockerKnown, true);
  const unknown = made([agent('10.0.1.11')], {}, { unknown: 'Mesos did not answer' });
  assert.equal(unknown.dockerKnown, false);
  assert.match(unknown.notes[0]!, /Mesos did not answer/);
});

test('a file is written for its owner alone, read again as it was, and written over an inventory only', async () => {
  const path = join(folder, 'agents.json');
  const written = inventory(3);
  await saveInventory(path, written);
  assert.deepEqual(await loadInventory(path), written);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  await saveInventory(path, inventory(2));
  assert.equal((await loadInventory(path)).agents.length, 2);
  const other = join(folder, 'notes.txt');
  writeFileSync(other, 'mine');
  await assert.rejects(
    saveInventory(other, written),
    (error: UserError) => error.problem.code === 'file-in-the-way',
  );
  assert.equal(readFileSync(other, 'utf8'), 'mine');
  await assert.rejects(
    saveInventory(join(folder, 'no', 'such', 'folder.json'), written),
    (error: UserError) => error.problem.code === 'cannot-write',
  );
});

interface Loose {
  format: unknown;
  agents: Record<string, unknown>[];
  dcos: unknown;
  srv: unknown;
}

const BROKEN: Record<string, (copy: Partial<Loose> & Pick<Loose, 'agents'>) => void> = {
  'of another format': (copy) => {
    copy.format = 'dcos-calico-plan/1';
  },
  'without its agents': (copy) => {
    delete (copy as Partial<Loose>).agents;
  },
  'without its version of DC/OS': (copy) => {
    delete copy.dcos;
  },
  'without records': (copy) => {
    delete copy.srv;
  },
  'with an agent without an address': ({ agents }) => {
    delete agents[1]!.host;
  },
  'with an agent of no kind': ({ agents }) => {
    agents[1]!.type = 'windows';
  },
  'with a negative CPU': ({ agents }) => {
    agents[1]!.cpus = -1;
  },
  'with an agent twice': ({ agents }) => {
    agents[1]!.host = agents[0]!.host;
  },
  'with an agent in no state': ({ agents }) => {
    agents[0]!.state = 'fine';
  },
  'with ports that are a list': ({ agents }) => {
    agents[0]!.ports = [];
  },
};

for (const [what, change] of Object.entries(BROKEN))
  test(`an inventory ${what} is refused, and it is said why`, () => {
    const copy = structuredClone(inventory(3));
    assert.equal(inventoryProblem(copy), undefined);
    change(copy as unknown as Loose);
    assert.equal(typeof inventoryProblem(copy), 'string');
  });

test('what is not JSON, or not there, is refused with the command that makes one', async () => {
  const path = join(folder, 'broken.json');
  writeFileSync(path, '{');
  for (const name of [path, join(folder, 'none.json')])
    await assert.rejects(loadInventory(name), (error: UserError) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.problem.code, 'rehearsal-inventory');
      assert.match(error.problem.remedy![0]!, /--save-inventory/);
      return true;
    });
});

test('a record of etcd that was not asked for is taken to be there, and that is said; one that was asked for counts', () => {
  const options = defaultOptions();
  const before = inventory(1);
  const assumed = withEtcdRecord(before, options);
  assert.equal(assumed.inventory.srv['_etcd-server._tcp.etcd.mesos']!.length, 3);
  assert.match(assumed.notes[0]!, /_etcd-server\._tcp\.etcd\.mesos/);
  const empty = { ...before, srv: { '_etcd-server._tcp.etcd.mesos': [] } };
  assert.deepEqual(withEtcdRecord(empty, options), { inventory: empty, notes: [] });
  options.etcd['proxy-endpoints'] = ['http://10.0.0.5:2379'];
  assert.deepEqual(withEtcdRecord(before, options), { inventory: before, notes: [] });
});
