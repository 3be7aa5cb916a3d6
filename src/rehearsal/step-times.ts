// How long steps take in a rehearsal, as data with where each figure comes from; by flags or a file they can be others.
import { EXIT, UserError } from '../errors.ts';
import { STEP_TIMES, type StepTimes } from '../lab/simulated/model.ts';
import { STEP_NAMES } from '../steps/state.ts';

export type Timed = keyof StepTimes['work'] | 'restart';

export const TIMED: readonly Timed[] = [...STEP_NAMES, 'restart'];

/** Where the default of each comes from. */
export const STEP_TIME_SOURCES: Record<Timed, string> = {
  'etcd-proxy': 'assumed: 11 MB fetched from near, a unit started, the first quorum read',
  docker: 'assumed; a first cluster store is taken on reload, at once (measured on Docker 20.10.24)',
  cni: 'assumed: two programs of 30 MB fetched from near; Mesos takes them at the next launch (measured on 1.11.1)',
  libnetwork: 'assumed: an image of 60 MB, a container started',
  node: 'assumed: an image of 280 MB from a registry that is near, a container started, its sessions up',
  restart: 'assumed: what a restart of Docker adds to the step until it answers again',
};

/** What besides the steps takes its time, and is not to be changed: the lab's own model. */
export const OTHER_TIMES: readonly [what: string, time: string, source: string][] = [
  ['Mesos starts a task', '0.3–1.3 s', 'measured on Mesos 1.11.1'],
  ['Mesos makes offers anew', 'after 0.1 s', 'Mesos allocates at most every second'],
  ['A declined offer comes back', 'up to 300 s', 'measured on Marathon 1.11.24'],
  [
    'Marathon starts tasks',
    'about 90 a second',
    'the lab; 12 a second were measured on a small machine with 2 cores, with which the plan reckons',
  ],
  ['A waiting step looks again', 'every 5 s', "the steps' own interval"],
  ['An agent settles', 'as the options say', '`rollout.settle-seconds`'],
];

const LONGEST = 24 * 3600;

/**
 * `--step-time node=20-90` and `--step-time restart=45`, over a file's `{"node": [20, 90]}`, over the defaults. Seconds.
 *
 * @throws {UserError} `rehearsal-step-time`, exit code 2
 */
export function stepTimes(flags: readonly string[], file: unknown = {}): StepTimes {
  const times: StepTimes = { work: { ...STEP_TIMES.work }, restart: STEP_TIMES.restart };
  if (typeof file !== 'object' || file === null || Array.isArray(file))
    throw unusable('The file', 'it is not a JSON object');
  for (const [name, value] of Object.entries(file)) {
    const pair = Array.isArray(value) && value.length === 2 ? value : [value, value];
    set(times, name, pair[0], pair[1], `"${name}" of the file`);
  }
  for (const flag of flags) {
    const found = /^([a-z-]+)=(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(flag);
    if (!found)
      throw unusable(`--step-time ${flag}`, 'it is not of the form STEP=SECONDS or STEP=LEAST-MOST');
    const [, name = '', least, most = least] = found;
    set(times, name, Number(least), Number(most), `--step-time ${flag}`);
  }
  return times;
}

function set(times: StepTimes, name: string, least: unknown, most: unknown, what: string): void {
  const step = TIMED.find((one) => one === name);
  if (!step) throw unusable(what, `there are ${TIMED.join(', ')}`);
  const good = (value: unknown) => typeof value === 'number' && value >= 0 && value <= LONGEST;
  if (!good(least) || !good(most) || Number(least) > Number(most))
    throw unusable(what, 'it is not seconds, least and most, of at most a day');
  const range = [Number(least), Number(most)] as const;
  if (step === 'restart') times.restart = range;
  else times.work[step] = range;
}

function unusable(what: string, why: string): UserError {
  return new UserError({
    code: 'rehearsal-step-time',
    what: `${what} cannot be used`,
    why,
    remedy: ['--step-time node=20-90     seconds, least and most'],
    exit: EXIT.usage,
  });
}
