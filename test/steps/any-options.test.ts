// Off again leaves a host as it was, for any options: the five steps' own scripts on sandbox hosts. Options are drawn, and what was on the
// host before; they may change in between; then all that is on goes, as an uninstall has it go: every step at once, each waiting for its turn
// in the order that they keep among themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CNI_PACKAGE } from '../../src/lab/sandbox/layout.ts';
import { setAt } from '../../src/options/paths.ts';
import type { Options } from '../../src/options/types.ts';
import { STEPS } from '../../src/steps/registry.ts';
import type { StepStatus } from '../../src/steps/state.ts';
import { assertSame, type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

/** Each a whole life of a host, some seconds long; `PROPERTY_RUNS` asks for more. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 3);

const MEMBERS = 'http://10.0.0.11:2379';
const NETWORKS = '/opt/mesosphere/etc/dcos/network/cni';

/** What an option may be, besides what it is: by path, each independent of the others. */
const CHOICES: Record<string, readonly unknown[]> = {
  'etcd.proxy-endpoints': [[], [MEMBERS]],
  'docker.enable': [true, true, false],
  'docker.cluster-advertise-port': [62376, 2376],
  'cni.enable': [true, true, false],
  'cni.network-name': ['calico', 'shop-net'],
  'cni.cni-plugins-dir': ['/opt/mesosphere/active/cni/', '/opt/mesosphere/active/dcos-cni/'],
  'libnetwork.enable': [true, false],
  'libnetwork.cpu-limit': [0.2, 1.5],
  'node.enable': [true, true, false],
  'node.ipip': ['off', 'always', 'cross-subnet'],
  'node.mem-limit': [256, 512],
  'node.as-number': [64512, 64999],
  'node.interface': ['', 'interface=eth.*'],
  'node.networking-backend': ['bird', 'none'],
  'registry.config-dir': ['', '/etc/docker-registry'],
};

const choices = fc.record(
  Object.fromEntries(Object.entries(CHOICES).map(([path, values]) => [path, fc.constantFrom(...values)])),
  { noNullPrototype: true },
);

function optionsOf(chosen: Record<string, unknown>, proxy: boolean): Options {
  const options = optionsWith();
  for (const [path, value] of Object.entries(chosen)) setAt(options, path, value);
  // Contradictions are refused before any agent hears of them: these are none.
  if (!options.docker.enable) options.libnetwork.enable = false;
  if (!proxy) {
    options.etcd['run-proxy'] = false;
    options.etcd['proxy-endpoints'] = [];
    options.etcd['etcd-endpoints'] = MEMBERS;
  }
  return options;
}

/** What somebody had on the host before: none of it is ours to lose. */
const hosts: fc.Arbitrary<HostOptions> = fc
  .record({
    daemonJson: fc.constantFrom(undefined, { debug: false }, { 'log-opts': { 'max-size': '1m' } }),
    networks: fc.subarray(['calico.cni', 'other.conf', 'calico']),
    container: fc.boolean(),
    dcos: fc.constantFrom('1.9' as const, '1.12' as const, '2.0' as const),
  })
  .map(({ daemonJson, networks, container, dcos }) => ({
    dcos,
    docker: {
      ...(daemonJson ? { daemonJson } : {}),
      ...(container ? { containers: [{ name: 'web', image: 'nginx:1.27' }] } : {}),
    },
    files: Object.fromEntries([
      ['/etc/docker-registry/config.json', '{}\n'],
      ['/opt/mesosphere/active/dcos-cni/.keep', ''],
      ...networks.flatMap((name) => {
        if (name === 'calico.cni') return [[`${NETWORKS}/${name}`, '{"name": "calico", "type": "calico"}\n']];
        if (name === 'calico')
          return [[`/opt/mesosphere/packages/${CNI_PACKAGE}/${name}`, '#!/bin/sh\n# an earlier one\n']];
        return [[`${NETWORKS}/${name}`, '{"name": "other", "type": "bridge"}\n']];
      }),
    ]),
  }));

const lives = fc.record({ host: hosts, proxy: fc.boolean(), first: choices, second: fc.option(choices) });

let version = 0;
/** Marathon's time of the next change. */
const next = () => new Date(Date.parse('2026-11-24T00:00:00.000Z') + 1000 * ++version).toISOString();

/** Every step at once, those that are off as an absent one, until all are ready. */
async function converge(bench: Bench, wanted: (step: string) => 'present' | 'absent', options: Options) {
  const at = next();
  const running = STEPS.map(({ name }) => bench.run(name, { mode: wanted(name), options, version: at }));
  // Other flags of the Mesos agent are the operator's: where a step waits for those, all else of it is done.
  const done = ({ state, needs }: StepStatus) =>
    state === 'ready' || (state === 'restart pending' && needs.includes('restart agent'));
  await Promise.all(running.map((task) => task.until(done)));
  await Promise.all(running.map((task) => task.stop()));
}

test('whatever the options, and whatever they become, off again leaves the host as it was', async () => {
  await fc.assert(
    fc.asyncProperty(lives, ({ host, proxy, first, second }) =>
      onHost(host, async (bench) => {
        const before = bench.picture();
        await bench.giveTurn({ allows: 'restart', interrupts: '*=*' });
        let options = optionsOf(first, proxy);
        for (const chosen of second ? [first, second] : [first]) {
          options = optionsOf(chosen, proxy);
          const on = new Set(
            STEPS.filter((step) => step.isEnabled(options)).map(({ name }) => name as string),
          );
          await converge(bench, (step) => (on.has(step) ? 'present' : 'absent'), options);
        }
        await converge(bench, () => 'absent', options);
        const left = bench.picture();
        for (const picture of [before, left])
          for (const key of Object.keys(picture))
            if (/^\/(var\/log|tmp)(\/|$)/.test(key)) delete picture[key];
        assertSame(left, before);
        assert.deepEqual(
          [...bench.world.keys.keys()].filter((key) => key.startsWith('/calico/bgp/v1/host')),
          [],
        );
      }),
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
});
