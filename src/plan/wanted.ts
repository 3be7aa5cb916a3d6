// The apps as the options want them.
import type { AppDefinition } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import {
  appDefinition,
  appDifferences,
  type InstalledOptions,
  optionsDefinition,
} from '../steps/app-definition.ts';
import { STEPS } from '../steps/registry.ts';
import type { Carrier } from '../steps/state.ts';
import type { Step } from '../steps/types.ts';
import type { GroupTasks } from './agent-state.ts';
import type { Difference } from './change.ts';

export function enabledSteps(options: Options): Step[] {
  return STEPS.filter((step) => step.isEnabled(options));
}

interface Request {
  options: Options;
  marathon: { version: string; carrier: Carrier };
}

/** Steps that the options do not want and whose app is there: taken off every agent before the app goes. */
export function stepsToRemove(options: Options, tasks: GroupTasks): Step[] {
  return STEPS.filter((step) => !step.isEnabled(options) && tasks.app(step.name) !== undefined);
}

/** A step's app with so many instances; of a step that the options do not want, the one that takes it off. */
export function stepApp(step: Step, instances: number, { options, marathon }: Request): AppDefinition {
  return appDefinition(step, options, {
    mode: step.isEnabled(options) ? 'present' : 'absent',
    instances,
    carrier: marathon.carrier,
    marathonVersion: marathon.version,
    exclude: options.rollout.exclude,
  });
}

/** `/calico/options`: what it holds already is kept as it is, whoever looks now, so that nothing changes when nothing changed. */
export function optionsApp(record: InstalledOptions, { marathon }: Request): AppDefinition {
  return optionsDefinition({ ...record, marathonVersion: marathon.version });
}

/** Each wanted app against the one that is there. */
export function compare(definitions: readonly AppDefinition[], tasks: GroupTasks): Difference[] {
  return definitions.map((definition) => {
    const app = tasks.app(definition.id);
    return {
      definition,
      app,
      fields: app ? appDifferences(app, definition).map(({ field }) => field) : [],
    };
  });
}
