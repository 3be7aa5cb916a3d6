// What has to be put for the apps to be as wanted.
import type { AppDefinition, GroupDefinition, MarathonApp } from '../dcos/types.ts';
import type { StepName } from '../steps/state.ts';
import { type GroupTasks, stepOf } from './agent-state.ts';
import type { AppChange } from './types.ts';

/** What one wanted app differs in from the app that is there. `fields` are those besides `instances`. */
export interface Difference {
  definition: AppDefinition;
  app: MarathonApp | undefined;
  fields: string[];
}

/** The steps whose tasks will be replaced: their apps differ in more than the number of instances. */
export function replacedSteps(differences: readonly Difference[]): Set<StepName> {
  return new Set(
    differences
      .filter(({ app, fields }) => app && fields.length > 0)
      .map(({ definition }) => stepOf(definition.id) as StepName),
  );
}

/** The changes, in the order of the apps; apps that are as wanted have none. */
export function appChanges(differences: readonly Difference[], tasks: GroupTasks): AppChange[] {
  return differences.flatMap(({ definition, app, fields }): AppChange[] => {
    const step = stepOf(definition.id) as AppChange['step'];
    const to = definition.instances;
    const mode = definition.env.DCOS_CALICO_MODE === 'absent' ? 'absent' : 'present';
    if (!app) return [{ step, how: 'create', mode, from: 0, to, fields: [], replaced: 0 }];
    if (fields.length > 0) {
      const replaced = tasks.all.filter((task) => stepOf(task.appId) === step).length;
      return [{ step, how: 'replace', mode, from: app.instances, to, fields, replaced }];
    }
    if (app.instances === to) return [];
    return [{ step, how: 'scale', mode, from: app.instances, to, fields: [], replaced: 0 }];
  });
}

/** Apps that go: what they had to do is done. */
export function drops(steps: readonly StepName[], tasks: GroupTasks): AppChange[] {
  return steps.map((step) => ({
    step,
    how: 'drop',
    mode: 'absent',
    from: tasks.app(step)!.instances,
    to: 0,
    fields: [],
    replaced: 0,
  }));
}

/**
 * The group with every app that it should have. A PUT deletes apps that it does not name, so none may be missing: apps found there
 * that are not ours stop the plan before this. `enforceRole: false` lets the apps keep Marathon's own role (≥ 1.9).
 */
export function groupDefinition(apps: AppDefinition[], knowsRoles: boolean): GroupDefinition {
  return knowsRoles ? { id: '/calico', enforceRole: false, apps } : { id: '/calico', apps };
}
