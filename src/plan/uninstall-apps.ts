// The apps that take their steps off: the same as those that put them there, in their other mode.
import type { AppDefinition, MarathonApp } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { appDefinition } from '../steps/app-definition.ts';
import { anyOf } from '../steps/frame.ts';
import { STEPS } from '../steps/registry.ts';
import type { Carrier } from '../steps/state.ts';
import type { Step } from '../steps/types.ts';
import type { GroupTasks } from './agent-state.ts';

export interface AbsentRequest {
  options: Options;
  instances: number;
  /** Addresses that must not get a task. */
  exclude: readonly string[];
  /** Addresses that alone may get one; undefined: all others. */
  only?: readonly string[] | undefined;
  /** Whether Docker may be restarted where it keeps the store otherwise. */
  restart: boolean;
  marathon: { version: string; carrier: Carrier };
}

export function absentApp(step: Step, request: AbsentRequest): AppDefinition {
  const { options, instances, exclude, only, restart, marathon } = request;
  const definition = appDefinition(step, options, {
    mode: 'absent',
    instances,
    carrier: marathon.carrier,
    marathonVersion: marathon.version,
    exclude,
  });
  return {
    ...definition,
    constraints: only
      ? [...definition.constraints, ['hostname', 'LIKE', anyOf(only)]]
      : definition.constraints,
    env: {
      ...definition.env,
      ...(step.name === 'docker' && !restart ? { DCOS_CALICO_LEAVE_STORE: 'true' } : {}),
    },
  };
}

/** The addresses that an app is bound to; undefined: it is bound to none. */
export function boundTo(app: Pick<MarathonApp, 'constraints'> | undefined): string[] | undefined {
  const like = app?.constraints.find(([field, operator]) => field === 'hostname' && operator === 'LIKE');
  return like?.[2]
    ?.split('|')
    .map((one) => one.replaceAll('\\', ''))
    .filter(Boolean);
}

/** Whether Calico is being taken off everywhere: every app of a step is there for that. */
export function isRemoval(tasks: GroupTasks): boolean {
  const apps = STEPS.map(({ name }) => tasks.app(name)).filter((app) => app !== undefined);
  return apps.length > 0 && apps.every((app) => app.env.DCOS_CALICO_MODE === 'absent');
}
