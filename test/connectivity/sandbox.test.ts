// The test of the network on sandbox labs, whose agents really run its scripts.
import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Ajv } from 'ajv';
import type { GroupDefinition } from '../../src/dcos/types.ts';
import { CONNECTIVITY_GROUP } from '../../src/steps/connectivity/definition.ts';
import { clusterOf } from '../rollout/on-lab.ts';
import { A, connectivity, hostOf, leftOf, PUBLIC, setFaults, type Tested, withCalico } from './on-sandbox.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/connectivity.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

// At the same time: they wait more than they work.
suite('on sandbox labs', { concurrency: true }, () => {
  test('all well; nothing stays, after Ctrl-C neither, and what a killed run has left goes first', () =>
    withCalico(async (lab) => {
      const well = await connectivity(lab);
      assert.ok(validate(well.document), JSON.stringify(validate.errors));
      assert.equal(well.exit, 0, well.out + well.talk);
      const { connections, endpoints } = well.document;
      assert.equal(endpoints.length, 6);
      assert.equal(new Set(endpoints.map(({ address }) => address)).size, 6);
      assert.ok(endpoints.every(({ address }) => address?.startsWith('192.168.')));
      // A ring of three: each asks itself and the next, both kinds each kind, before the guard and with it.
      assert.equal(connections.length, 2 * 3 * 2 * 4);
      const blocked = connections.filter(({ expected }) => expected === 'blocked');
      assert.equal(blocked.length, 12);
      assert.ok(blocked.every(({ got, from, to }) => got === 'timeout' && from.kind !== to.kind));
      assert.deepEqual(await leftOf(lab), []);
      assert.match(well.out, /^The network works: all 48 connections were as they should be$/m);
      assert.match(
        well.out,
        /^A policy that denies blocked 12 of 12 connections, and let 12 of 12 others through$/m,
      );

      const interrupts: (() => string | Promise<string>)[] = [];
      let cut: Promise<string> | undefined;
      const { promise: called, resolve: calls } = Promise.withResolvers<void>();
      const running = connectivity(
        lab,
        {},
        {
          interrupts,
          said: (line) => {
            if (!/are on the network/.test(line)) return;
            cut ??= Promise.resolve(interrupts.at(-1)!());
            calls();
          },
        },
      );
      // In the command the process is gone after that line; here the run may find its apps gone, and comes to a poor verdict.
      const ended = await Promise.race([running, called.then(() => cut)]);
      assert.notEqual((ended as Partial<Tested>).exit, 0);
      assert.equal(
        await cut,
        'Interrupted: the tasks of the test end now, and take what they told Calico along',
      );
      for (let looks = 0; looks < 600 && (await leftOf(lab)).length > 0; looks++) await lab.sleep(100);
      assert.deepEqual(await leftOf(lab), []);

      // Somebody else's, which goes on: Ctrl-C of one that was refused because of it leaves it alone.
      const theirs = {
        id: 'keeper',
        cmd: 'sleep 1',
        instances: 0,
        env: { DCOS_CALICO_ASKED: new Date().toISOString() },
      };
      await clusterOf(lab).marathon.putGroup(
        { id: CONNECTIVITY_GROUP, apps: [theirs] } as unknown as GroupDefinition,
        { force: true },
      );
      await assert.rejects(connectivity(lab, {}, { interrupts }), /is there already/);
      await interrupts.at(-1)!();
      assert.ok((await clusterOf(lab).marathon.group(CONNECTIVITY_GROUP))?.apps.length);

      // A run that was killed: its group stands there, with what it told Calico.
      await clusterOf(lab).marathon.putGroup({ id: CONNECTIVITY_GROUP, apps: [] }, { force: true });
      const cleaned = await connectivity(lab, { cleanUp: true });
      assert.equal(cleaned.exit, 0);
      assert.match(cleaned.talk, /An earlier test has left something: it is taken away first/);
      assert.match(cleaned.out, /^Nothing of a test of the network is on the cluster$/m);
      assert.deepEqual(await leftOf(lab), []);
    }));

  test('each link that is broken is named, with its cause; the others are well', () =>
    withCalico(
      async (lab) => {
        const at = (last: number) => `10.0.1.${last}`;
        setFaults(lab, at(11), { bird: { [at(12)]: 'down' } });
        setFaults(lab, at(13), { felix: { dataplane: 'down' } });
        setFaults(lab, at(15), { felix: { policy: 'ignored' } });
        hostOf(lab, at(14)).machine.engine.store = '';
        const broken = hostOf(lab, PUBLIC);
        broken.setFaults({
          disk: { '/opt/mesosphere/active/cni': 'read-only', '/opt/mesosphere/packages': 'read-only' },
        });
        rmSync(broken.path('/opt/mesosphere/active/cni/calico-ipam'));
        const tested = await connectivity(lab);
        assert.equal(tested.exit, 1);
        assert.ok(validate(tested.document), JSON.stringify(validate.errors));
        const links = tested.document.broken;
        assert.deepEqual(
          links.map(({ link, agents, kind }) => [link, ...agents, ...(kind ? [kind] : [])].join(' ')).sort(),
          [
            `attaching ${at(14)} docker`,
            `attaching ${PUBLIC} mesos`,
            `between agents ${at(11)} ${at(12)}`,
            `on the agent ${at(13)}`,
            `policy ${at(15)}`,
          ],
          tested.out,
        );
        const causeOf = (agent: string) => links.find(({ agents }) => agents.includes(agent))!.cause;
        assert.match(causeOf(at(11)), /BGP between them|drops packets/);
        assert.match(causeOf(at(13)), /Felix/);
        assert.match(causeOf(at(14)), /cluster store/);
        assert.match(causeOf(at(15)), /Felix does not apply policies/);
        assert.match(causeOf(PUBLIC), /cni/i);
        hostOf(lab, at(14)).machine.engine.store = hostOf(lab, A).machine.engine.store;
        assert.deepEqual(await leftOf(lab), []);
      },
      { agents: { private: 5, public: 1 } },
    ));
});
