// Whether each app has as many places as there are tasks to be had.
import { type GroupTasks, isWanted, stepOf } from '../plan/agent-state.ts';
import type { Stray } from '../plan/instances.ts';
import type { StepName } from '../steps/state.ts';
import type { Carrying } from './carry-out.ts';
import type { Places, Placing } from './state.ts';

export interface PlacesLook {
  tasks: GroupTasks;
  steps: readonly StepName[];
  /** Ids of the agents that are still to have their turn. */
  toCome: readonly string[];
  /** Ids of all agents of the plan: one that cannot have its turn now keeps its place. */
  planned: readonly string[];
  /** Left out by the plan, with a place all the same. */
  strays: readonly Stray[];
}

/**
 * A place that an agent needs and that a task elsewhere has taken is made anew; a place that was counted for an agent that is left out,
 * and that nothing filled, is taken back. Never is a place taken that a task has.
 */
export function placesOf(look: PlacesLook): Pick<Placing, 'settle' | 'full'> {
  const settle: Places[] = [];
  let full = true;
  for (const step of look.steps) {
    const app = look.tasks.app(step);
    if (!app) continue;
    const all = look.tasks.all.filter((task) => stepOf(task.appId) === step);
    const on = new Set(all.filter((task) => isWanted(task, app)).map(({ slaveId }) => slaveId));
    const lacking = look.toCome.filter((id) => !on.has(id)).length;
    if (on.size < app.instances) full = false;
    if (lacking > 0 && on.size >= app.instances) {
      settle.push({ step, instances: app.instances + lacking });
      continue;
    }
    const unfilled = look.strays.filter(({ agent, steps }) => steps.includes(step) && !on.has(agent.id));
    const here = new Set(all.map(({ slaveId }) => slaveId));
    const kept = look.planned.filter((id) => !here.has(id)).length;
    const free = Math.min(unfilled.length, app.instances - all.length - kept);
    if (free > 0) settle.push({ step, instances: app.instances - free });
  }
  return { settle, full };
}

/** Versions by id of the apps that were scaled. What is open of them is ours, and has nothing left to start. */
export async function putPlaces(
  { cluster, stepsIn = '/calico', signal }: Pick<Carrying, 'cluster' | 'stepsIn' | 'signal'>,
  apps: readonly Places[],
): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const { step, instances } of apps) {
    const id = `${stepsIn}/${step}`;
    const how = { force: true, ...(signal ? { signal } : {}) };
    versions[id] = (await cluster.marathon.scaleApp(id, instances, how)).version;
  }
  return versions;
}
