// Watches two commands that are at work at the same time, and holds them to what is promised: nobody is overwritten without a word, and
// who says that it is done has seen it so.
import type { Answer } from '../../src/dcos/answer.ts';
import type { MarathonGroup } from '../../src/dcos/types.ts';
import { installedIn } from '../../src/rollout/cluster.ts';
import type { InstalledOptions } from '../../src/steps/options-app.ts';
import { lastLines } from './case.ts';
import { type Asked, DirectCluster } from './direct.ts';
import { NAMES, type Point, type Which } from './interleave.ts';
import type { Ran } from './operator.ts';
import type { World } from './world.ts';

/** What a command ends at, to be seen in the record. */
export type Wants = (installed: InstalledOptions | undefined) => boolean;

const RECORD = '/calico/options';

interface Write {
  who: Which;
  /** Version of the record that the writer had read last, and of the one that it wrote over; undefined: there was none. */
  base: string | undefined;
  over: string | undefined;
}

interface Seen {
  version: string | undefined;
  installed: InstalledOptions | undefined;
}

export class Witness {
  readonly #cluster: DirectCluster;
  readonly #seen: Partial<Record<Which, Seen>> = {};
  /** Changes of the record, in their order. */
  readonly writes: Write[] = [];
  /** What has been asked and may have changed the record. */
  #open: Write | undefined;

  constructor(world: World) {
    this.#cluster = new DirectCluster(world.lab, world.lab.token);
  }

  async #version(): Promise<string | undefined> {
    return (await this.#cluster.marathon.app(RECORD))?.version;
  }

  /** Whether what was asked last has changed the record. */
  async settle(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (!open) return;
    const version = await this.#version();
    if (version === open.over) return;
    this.writes.push(open);
    this.#seen[open.who] = { version, installed: this.#seen[open.who]?.installed };
  }

  async before({ who, asked }: Point): Promise<void> {
    await this.settle();
    if (asked.method !== 'GET')
      this.#open = { who, base: this.#seen[who]?.version, over: await this.#version() };
  }

  after(who: Which, { method, path }: Asked, { json, isJson, status }: Answer): void {
    if (method !== 'GET' || path !== '/service/marathon/v2/groups/calico' || !isJson) return;
    const group = status === 200 ? (json as MarathonGroup) : undefined;
    const app = group?.apps.find(({ id }) => id === RECORD);
    this.#seen[who] = { version: app?.version, installed: installedIn(group) };
  }

  /** What of the promises does not hold, once both have ended. */
  verdict(ran: readonly [Ran, Ran], wants: readonly [Wants | undefined, Wants | undefined]): string[] {
    const wrong: string[] = [];
    for (const { who, base, over } of this.writes)
      if (base !== over && !ran[who].problem)
        wrong.push(
          `${NAMES[who]} has written over ${over ?? 'nothing'}, had read ${base ?? 'nothing'}, and says nothing of it: ${lastLines(ran[who])}`,
        );
    for (const who of [0, 1] as const) {
      if (ran[who].problem || !wants[who]) continue;
      if (!wants[who](this.#seen[who]?.installed))
        wrong.push(
          `${NAMES[who]} ends with ${ran[who].exit}, and what was seen last is not what was wanted: ${lastLines(ran[who])}`,
        );
    }
    return wrong;
  }

  /** Who changed the record last. */
  get last(): Which | undefined {
    return this.writes.at(-1)?.who;
  }
}
