// A test of the network that is broken off at this moment.
import type { Cluster } from '../dcos/cluster.ts';
import { CONNECTIVITY_GROUP } from '../steps/connectivity/definition.ts';

/** Behind the prompt, for one line: no longer than that. */
const ANSWERED_MS = 3000;
const DELETED_MS = 3000;

/**
 * What a test writes. Once it is broken off nothing more is begun, and what was under way is waited for: a PUT that Marathon took after
 * the group was deleted would make it anew, with nobody left to take it away.
 */
export class Writes {
  #underWay: Promise<unknown> = Promise.resolve();
  #over = false;

  /** @param write one attempt. Never resolves once the test was broken off: whoever did that ends the process */
  async attempt<T>(write: () => Promise<T>): Promise<T> {
    await this.unlessAbandoned();
    const written = write();
    this.#underWay = written.catch(() => undefined);
    const answer = await written;
    await this.unlessAbandoned();
    return answer;
  }

  unlessAbandoned(): Promise<void> {
    return this.#over ? new Promise(() => {}) : Promise.resolve();
  }

  /** For Ctrl-C: one attempt, not waited for long. Whether nothing can be left behind. */
  async abandon({ marathon }: Pick<Cluster, 'marathon'>): Promise<boolean> {
    this.#over = true;
    const answered = await within(ANSWERED_MS, this.#underWay);
    try {
      await marathon.deleteGroup(CONNECTIVITY_GROUP, {
        force: true,
        signal: AbortSignal.timeout(DELETED_MS),
      });
      return answered;
    } catch {
      return false;
    }
  }
}

async function within(ms: number, what: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([what.then(() => true), late]).finally(() => clearTimeout(timer));
}
