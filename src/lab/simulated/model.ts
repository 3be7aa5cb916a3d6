// What a simulated step does, as data: what it waits for, how long it works, and what can be wrong with it.
import type { StepName } from '../../steps/state.ts';

export interface StepFault {
  /** Found by looking, without a turn: the step's sentence. */
  fail?: string;
  /** Found only when the work was done. */
  failAfterWork?: string;
  /** How often `failAfterWork` happens before a further try goes well; always when missing. */
  times?: number;
  /** A daemon has to be restarted: `restart pending` until a turn allows it. */
  restart?: string;
  /** Works this many times as long. */
  slow?: number;
  /** Works for ever. */
  hang?: boolean;
  /** Seconds after it became ready, it has drifted, with this sentence. */
  drift?: { after: number; reason: string };
}

/** `faults` of an agent in the simulated grade. */
export interface SimulatedFaults {
  steps?: Partial<Record<StepName, StepFault>>;
  /** What the preflight reports besides: facts in its report's own words. */
  facts?: Record<string, unknown>;
  /** Steps that find their host as wanted when they first look: their work was done before the lab began. */
  done?: StepName[];
  /** What an agent that looks into etcd finds there: `nodes`, `pools`, `networks`, as the data app's report has them. */
  data?: Record<string, unknown>;
  /** Seconds that its clock is ahead of everybody else's. */
  clockAhead?: number;
  /** Too busy for a health check's own command, which does not end in time: Mesos then says that the task is not healthy. */
  busy?: boolean;
}

/** Seconds of work, least and most: rough figures of a host with a cache of images, for rehearsals to be plausible. */
export const WORK: Record<StepName, [least: number, most: number]> = {
  'etcd-proxy': [4, 9],
  docker: [3, 8],
  cni: [2, 5],
  libnetwork: [6, 15],
  node: [12, 35],
};

/** What a restart of the daemon adds. */
export const RESTART: [least: number, most: number] = [15, 30];

/** How long steps work, and what a restart adds: least and most seconds. */
export interface StepTimes {
  work: Record<StepName, readonly [least: number, most: number]>;
  restart: readonly [least: number, most: number];
}

export const STEP_TIMES: StepTimes = { work: WORK, restart: RESTART };

/** A waiting step looks again after this long (the steps' own interval). */
export const LOOK_SECONDS = 5;

const NEEDS: Record<StepName, StepName[]> = {
  'etcd-proxy': [],
  docker: ['etcd-proxy'],
  cni: [],
  libnetwork: ['etcd-proxy', 'docker'],
  node: ['etcd-proxy', 'docker'],
};

/** The steps that must be ready on the host before this one: of those, `docker` and the proxy only where it uses them. */
export function prerequisites(step: StepName, env: Record<string, string>): StepName[] {
  const throughProxy = /\/\/(localhost|127\.0\.0\.1)\b/.test(env.DCOS_CALICO_ETCD_ENDPOINTS ?? '');
  return NEEDS[step].filter((need) => need !== 'etcd-proxy' || throughProxy);
}

/** What a step would put on its host: its options, without what Marathon adds to the environment. */
export function fingerprint(env: Record<string, string>): string {
  return Object.keys(env)
    .filter((name) => name.startsWith('DCOS_CALICO_') && name !== 'DCOS_CALICO_MODE')
    .sort()
    .map((name) => `${name}=${env[name]}`)
    .join('\n');
}
