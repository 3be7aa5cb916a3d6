// Apps that no deployment will ever finish: a deployment that is superseded or cancelled by force leaves a mixture of versions, and
// the same PUT again changes nothing (recorded). `POST …/restart` takes them up again.
import type { MarathonDeployment } from '../dcos/types.ts';
import type { StepName } from '../steps/state.ts';
import { type GroupTasks, isWanted, stepOf } from './agent-state.ts';
import type { AppChange } from './types.ts';

export interface CutOffInput {
  steps: readonly StepName[];
  tasks: GroupTasks;
  /** Deployments of ours that are open. */
  open: readonly MarathonDeployment[];
  changes: readonly AppChange[];
  /** Whether the plan puts the group, and so cuts off what is open. */
  puts: boolean;
}

/** Those that are cut off already, and those that the plan's own PUT cuts off. */
export function cutOffApps({ steps, tasks, open, changes, puts }: CutOffInput): StepName[] {
  const anew = new Set(
    changes
      .filter(({ how }) => how === 'create' || how === 'replace' || how === 'drop')
      .map(({ step }) => step),
  );
  return steps.filter((step) => {
    const app = tasks.app(step);
    if (!app || anew.has(step)) return false;
    const own = tasks.all.filter((task) => stepOf(task.appId) === step);
    const wanted = own.filter((task) => isWanted(task, app)).length;
    const deployments = open.filter(({ affectedApps }) => affectedApps.includes(app.id));
    if (deployments.length === 0) return wanted < own.length;
    // One that only scales leaves nothing half done: Marathon itself counts again after up to 300 s.
    const half = wanted < own.length || deployments.some((deployment) => replaces(deployment, app.id));
    return puts && half && wanted < app.instances;
  });
}

function replaces({ currentActions = [] }: MarathonDeployment, id: string): boolean {
  return currentActions.some(({ action, app }) => app === id && action === 'RestartApplication');
}
