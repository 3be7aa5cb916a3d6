// A step's app, as it is put. It depends on the options of its own step alone: another step's change replaces none of its tasks.
import type { AppDefinition, Constraint } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { anyOf, frame, reporting } from './frame.ts';
import type { Carrier, StepMode } from './state.ts';
import type { Step } from './types.ts';

export { type AppDifference, appDifferences } from './app-differences.ts';
export { carrierOf, hasRoles } from './frame.ts';
export { type InstalledOptions, optionsDefinition, readOptionsApp } from './options-app.ts';
export { type TurnRequest, turnDefinition } from './turn/definition.ts';
export { type Interrupts, interruptedName, type RunningContainer } from './turn/interrupts.ts';

export interface AppRequest {
  mode: StepMode;
  /** Eligible agents with room. */
  instances: number;
  carrier: Carrier;
  /** As `/v2/info` says. */
  marathonVersion: string;
  /** Agents (addresses) that must not get a task. */
  exclude: readonly string[];
}

/** A Windows agent has no shell for a step. Agents without the attribute match `UNLIKE`. */
const NOT_WINDOWS: Constraint = ['os', 'UNLIKE', '(?i).*windows.*'];

/** The app of a step within `PUT /v2/groups/calico`: its id is relative (`docker`). */
export function appDefinition(step: Step, options: Options, request: AppRequest): AppDefinition {
  const ports = step.ports(options);
  const { cpus, mem } = step.resources(options);
  return {
    ...frame(request.marathonVersion),
    id: step.name,
    cmd: step.script,
    instances: request.instances,
    cpus,
    mem,
    portDefinitions: ports.map(({ port, name }) => ({ port, protocol: 'tcp', name })),
    ...(ports.length > 0 ? { requirePorts: true } : {}),
    constraints: [
      ['hostname', 'UNIQUE'],
      NOT_WINDOWS,
      ...(request.exclude.length > 0
        ? [['hostname', 'UNLIKE', anyOf([...request.exclude].sort())] satisfies Constraint]
        : []),
    ],
    ...reporting(request.carrier),
    env: step.environment(options, request.mode),
  };
}
