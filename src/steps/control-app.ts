// `/calico/ops/plan`: an app with 0 instances that holds what people have said of the rollout: that it is to pause, whom it goes on
// without. Not in `/calico/options`, as Marathon locks that while the rollout's own deployment is open, and to force it ends that.
import type { AppDefinition, MarathonApp, MarathonGroup } from '../dcos/types.ts';
import { frame } from './frame.ts';

export const CONTROL_APP = '/calico/ops/plan';

interface Said {
  who: string;
  /** ISO 8601, UTC. */
  when: string;
  why: string;
}

export type Pause = Said;

export interface Skip extends Said {
  /** Mesos' id and address of the agent: at the same address, another agent is not skipped. */
  id: string;
  host: string;
}

export interface Control {
  paused?: Pause;
  skipped: Skip[];
}

/** `PUT /v2/apps/calico/ops/plan?force=true`. */
export function controlDefinition({ paused, skipped }: Control, marathonVersion: string): AppDefinition {
  return {
    ...frame(marathonVersion),
    id: CONTROL_APP,
    // Never runs: an app needs a command.
    cmd: 'sleep 100000',
    instances: 0,
    cpus: 0.02,
    mem: 32,
    constraints: [],
    healthChecks: [],
    env: {
      DCOS_CALICO_PAUSED: paused ? JSON.stringify(paused) : '',
      DCOS_CALICO_SKIPPED: JSON.stringify(skipped),
    },
  };
}

/** What the app says; what cannot be read of it says nothing. */
export function readControlApp(app: Pick<MarathonApp, 'env'> | undefined): Control {
  const paused = parsed(app?.env?.DCOS_CALICO_PAUSED);
  const skipped = parsed(app?.env?.DCOS_CALICO_SKIPPED);
  return {
    ...(isSaid(paused) ? { paused } : {}),
    skipped: Array.isArray(skipped) ? skipped.filter(isSkip) : [],
  };
}

export function controlIn(group: MarathonGroup | undefined): Control {
  const ops = group?.groups?.find(({ id }) => id === '/calico/ops');
  return readControlApp(ops?.apps.find(({ id }) => id === CONTROL_APP));
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSaid(value: unknown): value is Said {
  const said = value as Partial<Said> | null | undefined;
  return [said?.who, said?.when, said?.why].every((one) => typeof one === 'string');
}

function isSkip(value: unknown): value is Skip {
  const skip = value as Partial<Skip> | null;
  return isSaid(value) && typeof skip?.id === 'string' && typeof skip.host === 'string';
}
