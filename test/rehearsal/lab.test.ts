// Rehearsals of a cluster that is a simulated lab: only read, played with the product's own run, and what they come to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterOf, install, withLab } from '../rollout/on-lab.ts';
import { dockerApp, inventoryOfLab, putApps, rehearse, validate } from './on-stage.ts';

const SIX = { agents: { private: 5, public: 1 } };

test('every request that a rehearsal makes to the cluster is a read, whatever it plays', () =>
  withLab(SIX, async (lab) => {
    await install(lab);
    const before = await clusterOf(lab).marathon.group('/');
    lab.resetRequests();
    await rehearse(lab, { fault: ['docker-restart@2', 'node-fails@10.0.1.12', 'failover'] });
    await rehearse(lab, { set: ['node.ipip=always'] });
    await rehearse(lab, { uninstall: true });
    const asked = lab.requests();
    assert.ok(asked.length >= 5);
    assert.deepEqual([...new Set(asked.map(({ method }) => method))], ['GET']);
    assert.equal((await clusterOf(lab).marathon.group('/'))?.version, before?.version);
  }));

test('the install goes through all agents; the same seed gives the same course, another one another', () =>
  withLab(SIX, async (lab) => {
    const inventory = await inventoryOfLab(lab);
    const [one, again, other] = [
      await rehearse(inventory),
      await rehearse(inventory),
      await rehearse(inventory, { seed: 2 }),
    ];
    assert.equal(one.exit, 0);
    assert.ok(validate(one.document), JSON.stringify(validate.errors));
    assert.equal(
      one.document.waves.reduce((sum, { agents }) => sum + agents, 0),
      6,
    );
    assert.deepEqual(one.document.restarted, []);
    assert.deepEqual(again.document, one.document);
    assert.equal(again.talk, one.talk);
    assert.notDeepEqual(other.document.waves, one.document.waves);
    assert.match(one.out, /^Calico is ready on all 6 agents$/m);
    assert.match(one.out, /^Nobody is disturbed: no daemon is restarted$/m);
    assert.match(one.talk, /^Next: dcos calico status$/m);
  }));

test('step times decide how long it takes', () =>
  withLab(SIX, async (lab) => {
    const inventory = await inventoryOfLab(lab);
    const quick = await rehearse(inventory, { stepTime: ['node=1', 'libnetwork=1'] });
    const slow = await rehearse(inventory, { stepTime: ['node=600-601'] });
    const waves = slow.document.waves.length;
    assert.ok(slow.document.seconds - quick.document.seconds > waves * 550, JSON.stringify(slow.document));
  }));

test('a restart of Docker interrupts the tasks that run there, by name, and nobody else', () =>
  withLab(SIX, async (lab) => {
    await putApps(lab, [
      dockerApp('/shop/cart', '10.0.1.12'),
      dockerApp('/shop/web', '10.0.1.12'),
      dockerApp('/billing', '10.0.1.13'),
    ]);
    const played = await rehearse(lab, { fault: ['docker-restart@10.0.1.12,10.0.1.15'] });
    assert.equal(played.exit, 0, played.talk);
    assert.deepEqual(played.document.restarted, [
      { host: '10.0.1.12', times: 1, interrupted: ['/shop/cart', '/shop/web'] },
      { host: '10.0.1.15', times: 1, interrupted: [] },
    ]);
    assert.match(played.out, /^Docker is restarted on 2 agents, which interrupts 2 of its tasks$/m);
    assert.match(played.out, /^ {2}10\.0\.1\.12: \/shop\/cart, \/shop\/web$/m);
    // The plan of the run names them too: it is the product's own.
    assert.match(played.out, /10\.0\.1\.12: .*interrupts \/shop\/cart, \/shop\/web/);
    const without = await rehearse(lab, {
      fault: ['docker-restart@10.0.1.12'],
      'no-restart': true,
    });
    assert.deepEqual(without.document.restarted, []);
    assert.equal(without.exit, 3);
  }));

test('a failed canary stops it there: who was not begun, and what to type', () =>
  withLab({ agents: { private: 20, public: 2 } }, async (lab) => {
    const argv = ['--canary', '10.0.1.13', '--fault', 'node-fails@10.0.1.13', '--seed=3'];
    const played = await rehearse(lab, {
      canary: '10.0.1.13',
      fault: ['node-fails@10.0.1.13'],
      argv,
      seed: 3,
    });
    assert.equal(played.exit, 1);
    assert.equal(played.document.waves.length, 1);
    assert.equal(played.document.notBegun, 21);
    assert.ok(played.document.planned > 1);
    assert.equal(played.document.rehearsed, 'dcos calico install --canary 10.0.1.13');
    assert.match(played.document.failed[0]!.reason, /calico\/node does not come up/);
    assert.match(played.out, /^Not begun: \d+ of \d+ waves, 21 agents: they stay as they are$/m);
    for (const line of [
      'status 10.0.1.13',
      'repair --agent 10.0.1.13',
      'plan skip 10.0.1.13 -m WHY',
      'plan resume',
    ])
      assert.ok(played.talk.includes(`dcos calico ${line}`), line);
  }));

test('a conflict that the agents tell when they are asked stops it before anything is changed', () =>
  withLab(SIX, async (lab) => {
    const played = await rehearse(lab, { fault: ['docker-conflict@10.0.1.14'] });
    assert.equal(played.exit, 8);
    assert.match(played.out, /^stops .*Docker already uses zk:\/\/10\.0\.0\.1:2181/m);
    assert.deepEqual(played.document.waves, []);
    assert.equal(played.document.planned, 0);
    const others = await rehearse(lab, {
      fault: ['docker-conflict@10.0.1.14'],
      exclude: ['10.0.1.14'],
    });
    assert.equal(others.exit, 0);
  }));

test('on a cluster that has Calico the change is played, from what is installed', () =>
  withLab(SIX, async (lab) => {
    await install(lab, { sources: { set: ['node.nat-outgoing=false'] } });
    const nothing = await rehearse(lab);
    assert.equal(nothing.exit, 0);
    assert.match(nothing.out, /^Nothing to do: Calico is ready on all 6 agents$/m);
    assert.equal(nothing.document.seconds < 60, true);
    const change = await rehearse(lab, { set: ['node.ipip=always'] });
    assert.equal(change.exit, 0, change.talk + change.out);
    assert.match(change.out, /^Change Calico on 6 of 6 agents$/m);
    assert.doesNotMatch(change.out, /nat-outgoing/);
    const store = await rehearse(lab, {
      set: [
        'docker.override-docker-cluster-store=zk://10.0.0.1:2181/docker',
        'docker.replace-cluster-store=true',
      ],
    });
    assert.equal(store.document.restarted.length, 6, store.out);
  }));

test('agents that joined, are not ready, have no room or are out of service are as on the cluster', () =>
  withLab(SIX, async (lab) => {
    await install(lab);
    await lab.master.addAgent({ host: '10.0.9.1', public: false });
    await lab.master.addAgent({ host: '10.0.9.2', public: false, reservedRole: 'kafka' });
    await lab.master.addAgent({ host: '10.0.9.3', public: false });
    lab.master.occupy('10.0.9.3', { cpus: 3.9 });
    await lab.master.addAgent({ host: '10.0.9.4', public: false });
    lab.master.deactivate(lab.master.agentAt('10.0.9.4'));
    const inventory = await inventoryOfLab(lab);
    const of = (host: string) => inventory.agents.find((agent) => agent.host === host)!;
    assert.deepEqual(of('10.0.1.11').used, { cpus: 0, mem: 0, disk: 0, ports: '' });
    assert.equal(of('10.0.1.11').ready!.length, 5);
    assert.equal(of('10.0.9.2').reservedTo, 'kafka');
    assert.equal(of('10.0.9.3').used.cpus, 3.9);
    assert.equal(of('10.0.9.4').state, 'deactivated');
    const played = await rehearse(inventory);
    assert.equal(played.exit, 3);
    assert.match(played.out, /^Cover 1 agent that Calico is not ready on, of 10$/m);
    for (const reason of [
      /10\.0\.9\.2: .*reserved to the role kafka/,
      /10\.0\.9\.3: no room/,
      /10\.0\.9\.4: deactivated/,
    ])
      assert.match(played.out, reason);
    assert.equal(
      played.document.waves.reduce((sum, { agents }) => sum + agents, 0),
      1,
    );
  }));

test('an uninstall is played too', () =>
  withLab(SIX, async (lab) => {
    await install(lab);
    const played = await rehearse(lab, { uninstall: true });
    assert.equal(played.exit, 0, played.talk);
    assert.equal(played.document.rehearsed, 'dcos calico uninstall');
    assert.equal(played.document.restarted.length, 6);
    assert.match(played.out, /Calico is off all 6 agents/);
  }));

for (const fault of [
  'lost@10.0.1.12+30s',
  'reboot@10.0.1.12+60s',
  'gone@1',
  'replaced@1',
  'failover+20s',
  'marathon-failover',
  'no-room@2+0s',
  'no-answer@10%',
  'node-hangs@1',
  'node-slow@50%',
  'node-drifts@1',
  'cni-fails-twice@3',
])
  test(`${fault}: the rehearsal comes to an end of its own`, () =>
    withLab(SIX, async (lab) => {
      const played = await rehearse(lab, { fault: [fault] });
      assert.ok([0, 1, 3].includes(played.exit), `${played.exit}: ${played.out}${played.talk}`);
      assert.deepEqual(played.document.didNotHappen, []);
      if (/^node-slow|^cni-fails-twice|failover|no-answer/.test(fault))
        assert.equal(played.exit, 0, played.out);
      if (/^node-hangs/.test(fault)) assert.match(played.out, /^wave 1 \(canary\) +2 +30 min/m);
    }));

test('without SRV records of etcd on the cluster it stops where the install would', () =>
  withLab({ ...SIX, srv: {} }, async (lab) => {
    const played = await rehearse(lab);
    assert.equal(played.exit, 8);
    assert.match(played.talk, /^Preflight stops it/m);
    assert.equal(played.document.waves.length, 0);
  }));

test("where Marathon has many tasks to start, it is said that its pace is not the cluster's", () =>
  withLab({ agents: { private: 1, public: 0 } }, async (lab) => {
    const few = await rehearse(lab);
    assert.doesNotMatch(few.out, /tasks a second/);
    const inventory = await inventoryOfLab(lab);
    const [one] = inventory.agents;
    inventory.agents = Array.from({ length: 200 }, (_, index) => ({ ...one!, host: `10.0.1.${index + 11}` }));
    const many = await rehearse(inventory, {
      fault: ['node-fails@10.0.1.11'],
      canary: '10.0.1.11',
      ignore: ['CAL1010'],
    });
    assert.match(many.out, /^Note: The lab's Marathon starts about 90 tasks a second; yours may start 12/m);
  }));
