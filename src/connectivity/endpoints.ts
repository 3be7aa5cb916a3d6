// The containers that answer, as Marathon tells of them: who has an address on Calico's network, and why another has none.
import type { MarathonApp, QueueItem } from '../dcos/types.ts';
import { whyNoTask } from '../rollout/why-no-task.ts';
import { CONNECTIVITY_GROUP, type Kind } from '../steps/connectivity/definition.ts';
import { endName } from './pairs.ts';
import type { Endpoint, Participant } from './types.ts';

/** Nothing came for so long: a task starts within 9 s, an image may be pulled. */
const STILL_MS = 45_000;
/** A task that failed so often will fail again. */
const FAILURES = 2;
const LONGEST_MS = 5 * 60_000;

export class EndpointWatch {
  readonly #agents: readonly Participant[];
  readonly #kinds: readonly Kind[];
  readonly #begun: number;
  #changed: number;
  readonly #addresses = new Map<string, string>();
  /** Marathon keeps one failure of an app, the last: they are collected. */
  readonly #failures = new Map<string, { message: string; seen: Set<string> }>();

  constructor(agents: readonly Participant[], kinds: readonly Kind[], now: number) {
    this.#agents = agents;
    this.#kinds = kinds;
    this.#begun = now;
    this.#changed = now;
  }

  see(kind: Kind, app: MarathonApp | undefined, now: number): void {
    for (const { host, id } of this.#agents) {
      const name = endName({ host, kind });
      const task = app?.tasks?.find((one) => one.slaveId === id && one.state === 'TASK_RUNNING');
      const address = task?.ipAddresses?.[0]?.ipAddress;
      if (address === this.#addresses.get(name)) continue;
      if (address === undefined) this.#addresses.delete(name);
      else this.#addresses.set(name, address);
      this.#changed = now;
    }
    const failure = app?.lastTaskFailure;
    if (!failure) return;
    const name = endName({ host: failure.host, kind });
    const known = this.#failures.get(name) ?? { message: '', seen: new Set() };
    known.message = failure.message;
    known.seen.add(failure.taskId);
    this.#failures.set(name, known);
  }

  get counts(): { there: number; of: number } {
    return { there: this.#addresses.size, of: this.#agents.length * this.#kinds.length };
  }

  isOver(now: number): boolean {
    const open = this.#ends().filter((end) => !this.#addresses.has(endName(end)));
    if (open.length === 0 || now - this.#begun >= LONGEST_MS) return true;
    const hopeless = open.every((end) => (this.#failures.get(endName(end))?.seen.size ?? 0) >= FAILURES);
    return hopeless || now - this.#changed >= STILL_MS;
  }

  result(queue: readonly QueueItem[]): Endpoint[] {
    return this.#ends().map((end) => {
      const address = this.#addresses.get(endName(end));
      if (address === end.host)
        return { ...end, problem: "it has the agent's own address, not one of Calico's" };
      if (address !== undefined) return { ...end, address };
      const failure = this.#failures.get(endName(end));
      const app = `${CONNECTIVITY_GROUP}/serve-${end.kind}`;
      return { ...end, problem: failure?.message || whyNoTask(queue, app, end.host, 'its task') };
    });
  }

  #ends() {
    return this.#kinds.flatMap((kind) => this.#agents.map(({ host }) => ({ host, kind })));
  }
}
