// The four lives that are disturbed: what is there before, the command, how it may be gone on with, and how the cluster must be then.
import { valueAt } from '../../src/options/paths.ts';
import { readOptionsApp } from '../../src/steps/options-app.ts';
import { STEP_NAMES } from '../../src/steps/state.ts';
import { agents } from '../rollout/agents.ts';
import { DirectCluster } from './direct.ts';
import type { Words } from './operator.ts';
import { SMALL, World, type WorldSpec } from './world.ts';

export const SCENARIOS = ['install', 'change', 'restart', 'uninstall'] as const;
export type ScenarioName = (typeof SCENARIOS)[number];

export interface Scenario {
  words: Words;
  /** Other commands that end at the same. */
  orElse: Words[];
  /** The one that brings all that is wanted, whatever else happened meanwhile. */
  whole: Words;
  prepare(spec: WorldSpec): Promise<World>;
  /** Restarts of a daemon that it takes, by address; never more. */
  restarts(world: World): Record<string, number>;
  /** How often a task of a step may begin on an agent after the preparation. */
  launches: number;
  /** Whether Calico is there at the end. */
  present: boolean;
}

const MUST_RESTART = { docker: { restart: 'Docker must restart to drop its old store' } };
const CHANGE = [...SMALL, 'node.ipip=always'];

async function installed(spec: WorldSpec): Promise<World> {
  const world = await World.start(spec);
  const { exit, output } = await world.direct({ command: 'install', set: SMALL, apiOnly: true });
  if (exit !== 0 && exit !== 3) throw new Error(`the preparation ended with ${exit}\n${output}`);
  await world.pass(30_000);
  world.launches.clear();
  Object.assign(world.most, { working: 0, restarting: 0 });
  return world;
}

const none = (world: World) => Object.fromEntries(world.addresses.map((address) => [address, 0]));

export const SCENARIO: Record<ScenarioName, Scenario> = {
  install: {
    words: { command: 'install', set: SMALL },
    orElse: [{ command: 'plan resume' }],
    whole: { command: 'install', set: SMALL },
    prepare: (spec) => World.start(spec),
    restarts: none,
    launches: 1,
    present: true,
  },
  change: {
    words: { command: 'install', set: CHANGE },
    orElse: [{ command: 'plan resume' }],
    whole: { command: 'install', set: CHANGE },
    prepare: installed,
    restarts: none,
    launches: 1,
    present: true,
  },
  restart: {
    words: { command: 'restart' },
    orElse: [{ command: 'install', set: SMALL }],
    whole: { command: 'install', set: SMALL },
    prepare: (spec) => installed({ ...spec, agents: agents(4, { 0: MUST_RESTART, 3: MUST_RESTART }) }),
    restarts: (world) => ({ ...none(world), '10.0.1.11': 1, '10.0.1.14': 1 }),
    launches: 0,
    present: true,
  },
  uninstall: {
    words: { command: 'uninstall' },
    orElse: [],
    whole: { command: 'uninstall' },
    prepare: installed,
    restarts: (world) => Object.fromEntries(world.addresses.map((address) => [address, 1])),
    launches: 1,
    present: false,
  },
};

/** Whether the options in force are those that the command asks for. */
export async function isAsked({ lab }: World, { words }: Scenario): Promise<boolean> {
  if (words.command !== 'install') return true;
  const app = await new DirectCluster(lab, lab.token).marathon.app('/calico/options');
  const installed = app && readOptionsApp(app);
  return (
    installed !== undefined &&
    // Options that only steer a rollout are those of the run.
    (words.set ?? [])
      .filter((one) => !one.startsWith('rollout.'))
      .every((one) => {
        const [path, value] = one.split('=') as [string, string];
        return String(valueAt(installed.options, path)) === value;
      })
  );
}

/** Everything in which the cluster is not as the scenario ends. */
export async function notAsWanted(world: World, scenario: Scenario): Promise<string[]> {
  const wrong: string[] = [];
  const { lab } = world;
  await world.pass(30_000);
  const cluster = new DirectCluster(lab, lab.token);
  const group = await cluster.marathon.group('/calico');
  const open = await cluster.marathon.deployments();
  if (open.length > 0)
    wrong.push(`a deployment is still open: ${JSON.stringify(open.map(({ affectedApps }) => affectedApps))}`);
  if (!scenario.present) {
    if (group) wrong.push('the group is still there');
    for (const address of world.addresses)
      for (const step of STEP_NAMES)
        if (world.host(address).isDone(step)) wrong.push(`${step} is still on ${address}`);
    return wrong;
  }
  const helpers = (group?.groups ?? []).flatMap(({ apps }) => apps.map(({ id }) => id));
  if (helpers.length > 0) wrong.push(`still there: ${helpers.join(', ')}`);
  for (const step of STEP_NAMES) {
    const app = group?.apps.find(({ id }) => id === `/calico/${step}`);
    const tasks = (app?.tasks ?? []).filter(({ state }) => state === 'TASK_RUNNING');
    const hosts = tasks.map(({ host }) => host).sort();
    if (hosts.join() !== [...world.addresses].sort().join())
      wrong.push(`${step} runs on ${hosts.join(', ') || 'no agent'}`);
  }
  if (!(await isAsked(world, scenario))) wrong.push('the options in force are not those that were asked for');
  const looked = await world.direct({ command: 'status' });
  const { agents: rows } = looked.document as {
    agents: { address: string; state: string; reason: string }[];
  };
  for (const { address, state, reason } of rows)
    if (state !== 'ready') wrong.push(`${address} is ${state}: ${reason}`);
  return wrong;
}

/** No daemon is restarted more often than it takes; once more where something, said of each address, was undone and done again. */
export function restartedTwice(
  world: World,
  scenario: Scenario,
  again: (address: string) => boolean,
): string[] {
  return Object.entries(scenario.restarts(world)).flatMap(([address, takes]) => {
    const { restarts } = world.host(address);
    const most = takes + (again(address) ? 1 : 0);
    return restarts > most ? [`${restarts} restarts on ${address}, ${most} at most`] : [];
  });
}

/** No task of a step starts anew that could have stayed. */
export function startedTwice(world: World, { launches: most }: Scenario): string[] {
  return [...world.launches]
    .filter(([key, count]) => /^calico_(etcd-proxy|docker|cni|libnetwork|node) /.test(key) && count > most)
    .map(([key, count]) => `${count} tasks began of ${key}, ${most} at most`);
}
