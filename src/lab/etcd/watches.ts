// Who waits for which keys, and the last events for those who come late (etcd 3.4 v2store/{watcher_hub,event_history}.go).
import { CODE, EtcdError } from './errors.ts';
import type { Event } from './events.ts';

export interface Watch {
  key: string;
  recursive: boolean;
  notify: (event: Event) => void;
}

/** How many events are kept. */
const HISTORY = 1000;

function concerns(watch: Watch, event: Event): boolean {
  const key = event.node.key ?? '/';
  if (key === watch.key) return true;
  const below = watch.key === '/' ? '/' : `${watch.key}/`;
  // What is hidden is told only to those who watch it by its name.
  if (watch.recursive && key.startsWith(below)) {
    return !key
      .slice(below.length)
      .split('/')
      .some((name) => name.startsWith('_'));
  }
  // A directory that goes takes with it what is watched below.
  const gone = event.node.dir === true && ['delete', 'expire'].includes(event.action);
  return gone && watch.key.startsWith(`${key}/`);
}

export class Watches {
  readonly #waiting = new Set<Watch>();
  readonly #history: { index: number; event: Event }[] = [];

  get size(): number {
    return this.#waiting.size;
  }

  tell(index: number, event: Event): void {
    this.#history.push({ index, event });
    if (this.#history.length > HISTORY) this.#history.shift();
    for (const watch of [...this.#waiting]) if (concerns(watch, event)) watch.notify(event);
  }

  /** `since` 0: from now on. Throws `EtcdError` 401 where the history does not reach back so far. */
  add(watch: Watch, since: number, index: number): () => void {
    if (since) {
      const first = this.#history[0]?.index ?? index + 1;
      if (since < first && this.#history.length === HISTORY) {
        throw new EtcdError(
          CODE.eventIndexCleared,
          `the requested history has been cleared [${first}/${since}]`,
          index,
        );
      }
      const missed = this.#history.find((past) => past.index >= since && concerns(watch, past.event));
      if (missed) {
        watch.notify(missed.event);
        return () => {};
      }
    }
    this.#waiting.add(watch);
    return () => {
      this.#waiting.delete(watch);
    };
  }

  clear(): void {
    this.#waiting.clear();
  }
}
