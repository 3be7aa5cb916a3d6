// How many tasks each app should have, and whose place is lost for good.
import type { AppDefinition, MarathonTask, MesosAgent, TaskState } from '../dcos/types.ts';
import type { StepName } from '../steps/state.ts';
import { type GroupTasks, stepOf } from './agent-state.ts';
import type { Classified } from './classify.ts';
import { shortages } from './room.ts';
import type { LeftOut } from './types.ts';
import type { PlannedAgent } from './waves.ts';

/** Mesos will never say more of these. TASK_LOST is not among them: before partition awareness it only meant out of sight. */
const LOST: ReadonlySet<TaskState> = new Set<TaskState>(['TASK_GONE', 'TASK_UNKNOWN']);

/**
 * Instances of agents that are gone for good: their address belongs to another agent now, or Mesos does not know them. One that is
 * merely unreachable keeps its place.
 */
export function lostForGood(
  agents: readonly MesosAgent[],
  tasks: readonly MarathonTask[],
): { task: MarathonTask; reason: string }[] {
  const byId = new Set(agents.map((agent) => agent.id));
  const away = tasks.filter(({ slaveId }) => slaveId && !byId.has(slaveId));
  if (away.length === 0) return [];
  const byHost = new Map(agents.map((agent) => [agent.hostname, agent.id]));
  return away.flatMap((task) => {
    const now = task.host ? byHost.get(task.host) : undefined;
    if (now) return [{ task, reason: `${task.host} is another agent now` }];
    if (LOST.has(task.state))
      return [{ task, reason: `Mesos no longer knows the agent ${task.host ?? task.slaveId}` }];
    return [];
  });
}

/** An agent that is left out, and that has room for some steps' tasks all the same. */
export interface Stray {
  agent: PlannedAgent;
  steps: StepName[];
}

interface PlacesInput {
  agents: readonly MesosAgent[];
  leftOut: Classified['leftOut'];
  /** Ids of the agents that are to have all tasks. */
  targets: ReadonlySet<string>;
  tasks: GroupTasks;
  /** The apps as they are to be; their instances do not count. */
  definitions: readonly AppDefinition[];
  replaced: ReadonlySet<StepName>;
  /** Ids of tasks whose place is given free. */
  freed: ReadonlySet<string>;
  /** Addresses that the apps keep away from. */
  excluded?: ReadonlySet<string>;
}

/** Marathon offers these nothing, or is told to keep away from them. */
const OUT_OF_REACH: ReadonlySet<LeftOut['kind']> = new Set([
  'excluded',
  'windows',
  'deactivated',
  'draining',
  'inactive',
  'reserved',
  'unreachable',
]);

/**
 * Where Marathon would start a step's task although the agent is left out. It knows nothing of the plan: `UNIQUE` lets a task go to
 * any agent with room for this one task, and each that goes there is missing where it is needed. A constraint that named these agents
 * would have all tasks of the app replaced whenever one of them comes to have room; so they are counted, until all others have theirs.
 */
export function strays(input: PlacesInput): Stray[] {
  const { agents, leftOut, tasks, definitions, excluded = new Set() } = input;
  const byId = new Map(agents.map((agent) => [agent.id, agent]));
  const placing = definitions.filter((definition) => isPlacing(definition, input));
  return leftOut.flatMap(({ agent, kind }): Stray[] => {
    const mesos = byId.get(agent.id);
    if (!mesos || OUT_OF_REACH.has(kind) || excluded.has(agent.host)) return [];
    const here = new Set(tasks.on(agent.id).map(({ appId }) => stepOf(appId)));
    const steps = placing.filter(({ id }) => !here.has(stepOf(id)));
    const fitting = steps.filter((definition) => shortages(mesos, [definition]).length === 0);
    return fitting.length > 0 ? [{ agent, steps: fitting.map(({ id }) => stepOf(id) as StepName) }] : [];
  });
}

/** Whether the plan itself has Marathon start tasks of the app. */
function isPlacing({ id }: AppDefinition, input: PlacesInput): boolean {
  const step = stepOf(id) as StepName;
  if (input.replaced.has(step)) return true;
  return wantedInstances(step, input) > (input.tasks.app(step)?.instances ?? 0);
}

/**
 * Tasks that the app should have: one for each agent that has one (whatever its state: scaling below that would kill one), one for each
 * agent that is to get one, and one for each that gets one unasked.
 */
export function wantedInstances(
  step: StepName,
  { tasks, targets, freed, excluded = new Set() }: PlacesInput,
  unasked: readonly Stray[] = [],
): number {
  const others = new Set<string>();
  const add = (id: string) => targets.has(id) || others.add(id);
  for (const task of tasks.all) {
    if (stepOf(task.appId) === step && task.slaveId && !freed.has(task.id) && !excluded.has(task.host ?? ''))
      add(task.slaveId);
  }
  for (const { agent, steps } of unasked) if (steps.includes(step)) add(agent.id);
  return targets.size + others.size;
}
