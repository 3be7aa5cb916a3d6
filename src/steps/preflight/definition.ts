// The preflight: an app that comes and goes, with one task on each agent that is asked. It looks, and changes nothing.
import type { AppDefinition, Constraint } from '../../dcos/types.ts';
import type { Options } from '../../options/types.ts';
import { anyOf, frame, NOT_WINDOWS, reporting } from '../frame.ts';
import { STEPS } from '../registry.ts';
import type { Carrier } from '../state.ts';
import { preflightProgram } from './program.ts';

export const PREFLIGHT_APP = '/calico/ops/preflight';
/** What its task takes, for whoever looks for agents with room. Below a tenth of a CPU its Python would take long. */
export const PREFLIGHT_NEEDS = { id: PREFLIGHT_APP, cpus: 0.1, mem: 64, disk: 0, portDefinitions: [] };

export interface PreflightRequest {
  options: Options;
  /** Addresses of the agents that are asked. */
  hosts: readonly string[];
  /** Addresses of all others. */
  others: readonly string[];
  /** When it is asked, ISO 8601: an app that was left by an earlier run has another one, and looks anew. */
  asked: string;
  carrier: Carrier;
  marathonVersion: string;
}

/** Node's BGP peers are the longest of all options, and nothing that a look at a host needs. */
const LEFT_OUT = new Set(['DCOS_CALICO_MODE', 'DCOS_CALICO_BGP_PEERS']);

/** The environments of all steps as one: a variable that means something else to each has the step in its name. */
export function preflightEnvironment(options: Options): Record<string, string> {
  const values = new Map<string, Map<string, string>>();
  for (const step of STEPS) {
    for (const [name, value] of Object.entries(step.environment(options, 'present'))) {
      if (LEFT_OUT.has(name)) continue;
      if (!values.has(name)) values.set(name, new Map());
      values.get(name)!.set(step.name, value);
    }
  }
  const env: Record<string, string> = {
    DCOS_CALICO_STEPS: STEPS.filter((step) => step.isEnabled(options))
      .map(({ name }) => name)
      .join(' '),
  };
  for (const [name, bySteps] of values) {
    const different = new Set(bySteps.values()).size > 1;
    for (const [step, value] of bySteps)
      env[different ? `${name}_OF_${step.toUpperCase().replaceAll('-', '_')}` : name] = value;
  }
  return env;
}

/** Whichever list is the shorter says which agents those are. */
function where(hosts: readonly string[], others: readonly string[]): Constraint[] {
  if (others.length === 0) return [];
  return hosts.length <= others.length
    ? [['hostname', 'LIKE', anyOf(hosts)]]
    : [['hostname', 'UNLIKE', anyOf(others)]];
}

/** `PUT /v2/apps/calico/ops/preflight?force=true`. */
export function preflightDefinition(request: PreflightRequest): AppDefinition {
  return {
    ...frame(request.marathonVersion),
    ...PREFLIGHT_NEEDS,
    cmd: preflightProgram(),
    instances: request.hosts.length,
    constraints: [['hostname', 'UNIQUE'], NOT_WINDOWS, ...where(request.hosts, request.others)],
    ...reporting(request.carrier),
    env: { ...preflightEnvironment(request.options), DCOS_CALICO_ASKED: request.asked },
  };
}
