// Everything a sandbox host can do wrong on demand, in one place: data by command and by what is asked of it.
//
//   faults: {
//     docker: { reload: 'ignored', run: { fail: 125, stderr: 'docker: no space left on device', times: 1 } },
//     curl: { 'github.com': { fail: 22, chance: 0.5 }, '/health': { hang: true } },
//     systemctl: { '*': { fail: 1 } },
//     disk: { '/etc/docker': 'read-only', '/var/lib/dcos-calico': 'full' },
//   }
//
// The outer key is the command as it is called (or `dockerd`, `etcd`, `felix`, `bird`, `libnetwork` for what the daemons
// do); the inner key is a word of its arguments (a verb, a unit, a part of a URL) or `*`. The first rule that matches counts.
// `disk` is no command: its inner keys are paths on the host, below which no file can be made, changed or removed by a
// command or by Python (a redirection of the shell still can). What the daemons do:
//
//   docker.reload    'ignored': the signal has no effect; 'crash': dockerd dies of it
//   dockerd.start    {fail, stderr}: it does not start; {hang}: it never says that it is up; {slow}: only then. The inner key can be
//                    the cluster store that it starts with, `etcd://10.0.0.11:2379`. dockerd.register 'ignored': no key in the store
//   etcd.start       {fail, stderr}; etcd.answer (or a part of the path) {hang} or {fail: HTTP status, stdout: body}
//   node.start       {fail, stderr}: the container ends; felix.status 'stale': no report
//   bird.peers, bird.ADDRESS 'down': the session is not up; libnetwork.start 'never-ready': no socket

export interface Fault {
  /** Exit code instead of the real one. Nothing is done. */
  fail?: number;
  stdout?: string;
  stderr?: string;
  /** Never answers; only a signal ends it. */
  hang?: boolean;
  /** Milliseconds before it does what it does. */
  slow?: number;
  /** It is done, and the caller is told that it failed: with `fail`. */
  after?: boolean;
  /** A behaviour of the daemon itself, as listed above. */
  do?: string;
  /** Only so many times; then it behaves. */
  times?: number;
  /** Only after it behaved so many times. */
  skip?: number;
  /** Probability, drawn from the lab's seed. */
  chance?: number;
}

/** By command, by word. A string is short for `{do: STRING}`. */
export type Faults = Record<string, Record<string, Fault | string>>;

const TYPES: Record<keyof Fault, string> = {
  fail: 'number',
  stdout: 'string',
  stderr: 'string',
  hang: 'boolean',
  slow: 'number',
  after: 'boolean',
  do: 'string',
  times: 'number',
  skip: 'number',
  chance: 'number',
};

/** What is wrong with data that is to be faults, as a sentence without its full stop; undefined: nothing. */
export function faultsProblem(value: unknown): string | undefined {
  const isObject = (each: unknown): each is Record<string, unknown> =>
    typeof each === 'object' && each !== null && !Array.isArray(each);
  if (!isObject(value)) return 'faults are an object by command';
  for (const [command, rules] of Object.entries(value)) {
    if (!isObject(rules)) return `the faults of ${command} are an object by word`;
    for (const [word, fault] of Object.entries(rules)) {
      const where = `the fault ${command}, ${word}`;
      if (typeof fault === 'string') continue;
      if (!isObject(fault)) return `${where} is neither a word nor an object`;
      for (const [key, entry] of Object.entries(fault)) {
        const type = Object.hasOwn(TYPES, key) ? TYPES[key as keyof Fault] : undefined;
        if (!type) return `${where} has ${key}, which is none of ${Object.keys(TYPES).join(', ')}`;
        if (typeof entry !== type) return `${where}: ${key} is to be a ${type}`;
      }
    }
  }
  return undefined;
}

/** `disk` as the host's wrappers read it: an error's name and a path a line; empty: nothing. */
export function diskTroubles(faults: Faults | undefined): string {
  return Object.entries(faults?.disk ?? {})
    .map(([path, fault]) => {
      const what = typeof fault === 'string' ? fault : fault.do;
      return `${what === 'read-only' ? 'EROFS' : 'ENOSPC'} ${path.replace(/\/+$/, '')}\n`;
    })
    .join('');
}

/** Draws which fault, if any, applies to a call; counts `times` and `skip`. */
export class FaultPlan {
  #faults: Record<string, Record<string, Fault>> = {};
  #used = new Map<Fault, number>();
  readonly #next: () => number;

  constructor(faults: Faults, next: () => number) {
    this.#next = next;
    this.set(faults);
  }

  /** Replaces all faults; what was counted is forgotten. */
  set(faults: Faults): void {
    this.#faults = {};
    for (const [command, rules] of Object.entries(faults)) {
      this.#faults[command] = Object.fromEntries(
        Object.entries(rules).map(([key, fault]) => [key, typeof fault === 'string' ? { do: fault } : fault]),
      );
    }
    this.#used.clear();
  }

  /** The fault for a command and the words of its call. */
  draw(command: string, words: readonly string[]): Fault | undefined {
    const rules = this.#faults[command];
    if (!rules) return undefined;
    for (const [key, fault] of Object.entries(rules)) {
      if (key !== '*' && !words.some((word) => word === key || (key.length > 3 && word.includes(key))))
        continue;
      const seen = this.#used.get(fault) ?? 0;
      this.#used.set(fault, seen + 1);
      const skip = fault.skip ?? 0;
      if (seen < skip) continue;
      if (fault.times !== undefined && seen - skip >= fault.times) continue;
      if (fault.chance !== undefined && this.#next() >= fault.chance) continue;
      return fault;
    }
    return undefined;
  }
}
