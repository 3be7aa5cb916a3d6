// How many tasks each app should have, and whose place is lost for good.
import type { MarathonTask, MesosAgent, TaskState } from '../dcos/types.ts';
import type { StepName } from '../steps/state.ts';
import { type GroupTasks, stepOf } from './agent-state.ts';
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
  const byHost = new Map(agents.map((agent) => [agent.hostname, agent.id]));
  return tasks.flatMap((task) => {
    if (!task.slaveId || byId.has(task.slaveId)) return [];
    const now = task.host ? byHost.get(task.host) : undefined;
    if (now) return [{ task, reason: `${task.host} is another agent now` }];
    if (LOST.has(task.state))
      return [{ task, reason: `Mesos no longer knows the agent ${task.host ?? task.slaveId}` }];
    return [];
  });
}

/**
 * Tasks that the app should have: one for each agent that has one (whatever its state: scaling below that would kill one), and one
 * for each agent that is to get one.
 */
export function wantedInstances(
  step: StepName,
  tasks: GroupTasks,
  targets: readonly PlannedAgent[],
  freed: ReadonlySet<string>,
  excluded: ReadonlySet<string> = new Set(),
): number {
  const agents = new Set(targets.map((agent) => agent.id));
  for (const task of tasks.all) {
    if (stepOf(task.appId) === step && task.slaveId && !freed.has(task.id) && !excluded.has(task.host ?? ''))
      agents.add(task.slaveId);
  }
  return agents.size;
}
