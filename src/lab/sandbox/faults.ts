// Everything a sandbox host can do wrong on demand, in one place: data by command and by what is asked of it.
//
//   faults: {
//     docker: { reload: { do: 'ignored' }, run: { fail: 125, stderr: 'docker: no space left on device', times: 1 } },
//     curl: { 'github.com': { fail: 22, chance: 0.5 }, '/health': { hang: true } },
//     systemctl: { '*': { fail: 1 } },
//   }
//
// The outer key is the command as it is called (or `dockerd`, `etcd`, `felix`, `bird`, `libnetwork` for what the daemons
// do); the inner key is a word of its arguments (a verb, a unit, a part of a URL) or `*`. The first rule that matches counts.

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
  /** A behaviour of the daemon itself: `ignored`, `crash`, `never-ready`, `stale`, `down` … as each daemon reads it. */
  do?: string;
  /** Only so many times; then it behaves. */
  times?: number;
  /** Only after it behaved so many times. */
  skip?: number;
  /** Probability, drawn from the lab's seed. */
  chance?: number;
}

export type Faults = Record<string, Record<string, Fault>>;

/** Draws which fault, if any, applies to a call; counts `times` and `skip`. */
export class FaultPlan {
  #faults: Faults;
  #used = new Map<Fault, number>();
  readonly #next: () => number;

  constructor(faults: Faults, next: () => number) {
    this.#faults = faults;
    this.#next = next;
  }

  /** Replaces all faults; what was counted is forgotten. */
  set(faults: Faults): void {
    this.#faults = faults;
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
