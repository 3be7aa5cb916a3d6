// The turn: an app that runs on exactly the agents that may change now, and reports when they have settled.
import type { AppDefinition } from '../../dcos/types.ts';
import { anyOf, frame, reporting } from '../frame.ts';
import { assemble } from '../program.ts';
import type { Carrier, StepName } from '../state.ts';
import { type Interrupts, interruptsText } from './interrupts.ts';
import script from './script.sh';
import program from './turn.py';

export const TURN_APP = '/calico/ops/turn';
/** What its task takes, on an agent that has its turn, for as long as that lasts. */
export const TURN_NEEDS = { id: TURN_APP, cpus: 0.02, mem: 32, disk: 0, portDefinitions: [] };

export interface TurnRequest {
  /** Addresses of the agents that have their turn. */
  agents: readonly string[];
  /** `restart`: a daemon may be restarted too. */
  allows: 'change' | 'restart';
  /** What a restart may interrupt on each agent, as the plan showed it. Default: nothing but Calico's own containers. */
  interrupts?: Interrupts;
  /** ISO 8601; empty: as long as the task lives. */
  until: string;
  settleSeconds: number;
  /** For whoever looks from elsewhere: `3/8 rollout`, and who carries the rollout on. No step reads them. */
  wave?: string;
  who?: string;
  /** The enabled steps, each with the lowest app version whose task counts (`versionInfo.lastConfigChangeAt`). */
  steps: readonly { name: StepName; version: string }[];
  carrier: Carrier;
  marathonVersion: string;
}

/** `PUT /v2/apps/calico/ops/turn?force=true`: always by force, as its own deployment can still be open. */
export function turnDefinition(request: TurnRequest): AppDefinition {
  return {
    ...frame(request.marathonVersion),
    ...TURN_NEEDS,
    cmd: assemble('turn', script, program),
    instances: request.agents.length,
    constraints: [
      ['hostname', 'UNIQUE'],
      ['hostname', 'LIKE', anyOf(request.agents)],
    ],
    ...reporting(request.carrier),
    env: {
      DCOS_CALICO_TURN_ALLOWS: request.allows,
      DCOS_CALICO_TURN_UNTIL: request.until,
      ...(request.allows === 'restart'
        ? { DCOS_CALICO_TURN_INTERRUPTS: interruptsText(request.interrupts ?? {}) }
        : {}),
      ...(request.wave === undefined ? {} : { DCOS_CALICO_TURN_WAVE: request.wave }),
      ...(request.who === undefined ? {} : { DCOS_CALICO_TURN_WHO: request.who }),
      DCOS_CALICO_TURN_SETTLE_SECONDS: String(request.settleSeconds),
      DCOS_CALICO_TURN_STEPS: request.steps.map(({ name, version }) => `${name}=${version}`).join(' '),
    },
  };
}
