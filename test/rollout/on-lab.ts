// Installs on a simulated lab, in this process, on its virtual clock: hours pass in milliseconds, in the same order each time.
import { test } from 'node:test';
import { Cluster } from '../../src/dcos/cluster.ts';
import { connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { VirtualClock } from '../../src/lab/clock.ts';
import { type Lab, type LabSpec, startLab } from '../../src/lab/lab.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import {
  type CarryRequest,
  carryInstall,
  type InstallRequest,
  prepareInstall,
} from '../../src/rollout/install.ts';
import type { RolloutState } from '../../src/rollout/state.ts';

/** Once on DC/OS 1.12, whose Marathon carries a state by the health check, and once on 2.0, whose Marathon has checks. */
export function onBoth(name: string, run: (dcos: DcosVersion) => Promise<void>): void {
  for (const dcos of ['1.12', '2.0'] as const) test(`${name} (DC/OS ${dcos})`, () => run(dcos));
}

export const START = Date.parse('2026-11-24T03:00:00.000Z');

export async function withLab(spec: LabSpec, use: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ clock: new VirtualClock(START), grade: 'simulated', seed: 7, ...spec });
  try {
    await use(lab);
  } finally {
    await lab.stop();
  }
}

export function clusterOf(lab: Lab, token = lab.token): Cluster {
  const connection = connectionFromEnvironment({ DCOS_URL: lab.url, DCOS_ACS_TOKEN: token });
  return new Cluster(connection, { wait: (ms) => lab.sleep(ms) });
}

export function timeOf(lab: Lab) {
  return { now: () => lab.clock.now(), sleep: (ms: number) => lab.sleep(ms) };
}

/** A host of the simulated grade, to look at it or to change what is wrong with it. */
export function hostOf(lab: Lab, address: string) {
  return (lab.runner as SimulatedRunner).host(address)!;
}

const REQUEST: InstallRequest = {
  sources: {},
  who: 'anna@laptop',
  command: 'dcos calico install',
  message: '',
};

export async function prepare(lab: Lab, sources: InstallRequest['sources'] = {}, request = {}) {
  const found = await prepareInstall(clusterOf(lab), { ...REQUEST, ...request, sources }, lab.clock.now());
  if ('forbidden' in found) throw new Error(found.forbidden.map(({ what }) => what).join('; '));
  return found.prepared;
}

export interface Installing extends Partial<CarryRequest> {
  sources?: InstallRequest['sources'];
  /** More of the request: flags as `noRestart`, and how agents are asked. */
  plan?: Partial<InstallRequest>;
  watch?: (event: RolloutEvent, state: RolloutState) => void;
}

/** One `install --yes`, from the first request to the last. */
export async function install(lab: Lab, { sources = {}, plan, ...request }: Installing = {}) {
  return carry(lab, await prepare(lab, sources, plan), request);
}

/** What was planned, carried out. */
export async function carry(
  lab: Lab,
  prepared: Awaited<ReturnType<typeof prepare>>,
  { watch, ...request }: Omit<Installing, 'sources' | 'plan'> = {},
) {
  const events: RolloutEvent[] = [];
  const ended = await carryInstall(clusterOf(lab), prepared, {
    time: timeOf(lab),
    listener: (event, state) => {
      events.push(event);
      watch?.(event, state);
    },
    pauseAfterCanary: false,
    ...request,
  });
  return { prepared, events, ...ended };
}
