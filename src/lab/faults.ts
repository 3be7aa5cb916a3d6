// What can go wrong between a client and the lab, as data with the lab's seed: which request, and what happens to it.
import type { Random } from './types.ts';

export interface HttpFault {
  /** Any method when missing. */
  method?: string;
  /** The path without its query; `*` stands for anything: `/service/marathon/v2/groups*`. */
  path: string;
  /**
   * - `status`: an error page of Admin Router, or `body`, with `status`
   * - `reset`: the connection is reset before an answer
   * - `hang`: no answer ever
   * - `half`: the right answer breaks off in the middle
   * - `trickle`: the right answer, a few bytes at a time over `ms`
   * - `slow`: the right answer after `ms`
   * - `content-type`: the right body as `contentType`
   * - `login`: a redirect to the login page, as a cluster's front gate sends it
   * - `huge`: `mb` megabytes of JSON
   * - `pass`: the right answer; `onHappened` hears of it
   */
  kind:
    | 'status'
    | 'reset'
    | 'hang'
    | 'half'
    | 'trickle'
    | 'slow'
    | 'content-type'
    | 'login'
    | 'huge'
    | 'pass';
  status?: number;
  body?: string;
  contentType?: string;
  ms?: number;
  mb?: number;
  /** How often it happens; always when missing. */
  times?: number;
  /** Requests that go well before it begins. */
  after?: number;
  /** Probability, drawn from the lab's seed. */
  chance?: number;
  /** Whether the request takes effect although its answer is lost (`reset`, `status`, `hang`). */
  applied?: boolean;
}

export interface FaultUse extends HttpFault {
  seen: number;
  happened: number;
}

/** Draws which fault, if any, happens to a request. The first that matches and is due counts. */
export class HttpFaults {
  readonly #random: Random;
  #faults: FaultUse[];
  /** Told of each that happens, before it does. */
  onHappened: ((fault: HttpFault) => void) | undefined;

  constructor(faults: readonly HttpFault[], random: Random) {
    this.#random = random;
    this.#faults = faults.map(fresh);
  }

  /** Replaces all faults. */
  set(faults: readonly HttpFault[]): void {
    this.#faults = faults.map(fresh);
  }

  /** All faults with how often each was seen and happened. */
  list(): readonly FaultUse[] {
    return this.#faults;
  }

  draw(method: string, path: string): HttpFault | undefined {
    for (const fault of this.#faults) {
      if (fault.method && fault.method !== method) continue;
      if (!matches(fault.path, path)) continue;
      fault.seen++;
      if (fault.seen <= (fault.after ?? 0)) continue;
      if (fault.times !== undefined && fault.happened >= fault.times) continue;
      if (fault.chance !== undefined && this.#random.next() >= fault.chance) continue;
      fault.happened++;
      this.onHappened?.(fault);
      return fault;
    }
    return undefined;
  }
}

function fresh(fault: HttpFault): FaultUse {
  return { ...fault, seen: 0, happened: 0 };
}

function matches(pattern: string, path: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(path);
}
