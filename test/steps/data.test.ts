// What one agent sees and takes away of Docker's networks, for the whole cluster.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Options } from '../../src/options/types.ts';
import { type DataTask, dataDefinition } from '../../src/steps/data/definition.ts';
import { readCalicoData } from '../../src/steps/data/report.ts';
import { type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const OURS = 'etcd://10.0.0.11:2379';
const OTHER = 'zk://10.0.0.1:2181';

let asked = 0;
async function data(bench: Bench, options: Options, task: DataTask) {
  const agent = bench.host.address;
  const app = dataDefinition({
    agent,
    options,
    task,
    asked: String(++asked),
    carrier: 'check',
    marathonVersion: '1.9.136',
  });
  const running = bench.start('data', app.cmd, app.env);
  await running.until('ready');
  await running.stop();
  return readCalicoData(running.file('data.json'))!;
}

const withStore = (store: string): HostOptions => ({
  docker: { daemonJson: store ? { 'cluster-store': store, 'cluster-advertise': '10.0.1.11:2376' } : {} },
});

for (const [what, store, docker, unseen] of [
  ['the store of the options', OURS, true, undefined],
  ['no store', '', true, 'Docker on 10.0.1.11 has no cluster store'],
  ['another store', OTHER, true, `Docker on 10.0.1.11 has the store ${OTHER}`],
  ['a store that is its owner’s, where the options leave Docker alone', OTHER, false, undefined],
] as const)
  test(`an engine with ${what}`, () =>
    onHost(withStore(store), async (bench) => {
      const { networks } = bench.host.machine.engine;
      networks.push({ id: 'a'.repeat(64), name: 'shop', driver: 'calico', scope: 'global' });
      const options = optionsWith({ etcd: ETCD, docker: { enable: docker } });
      const looked = await data(bench, options, { do: 'look' });
      const names = looked.networks.map(({ name }) => name);
      assert.deepEqual([looked.networksUnseen, names], [unseen, unseen ? [] : ['shop']]);
      const after = await data(bench, options, { do: 'delete networks' });
      assert.deepEqual([after.networksUnseen, after.networks], [unseen, []]);
      assert.equal(
        networks.some(({ name }) => name === 'shop'),
        unseen !== undefined,
      );
      assert.ok(networks.some(({ name }) => name === 'bridge'));
    }));
