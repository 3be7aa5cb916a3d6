// The key by which an engine is found in its cluster store, as moby's daemon/discovery (1.13 to 20.10) keeps it.
import type { Timer } from '../../clock.ts';
import type { Machine } from '../machine.ts';
import { text } from '../network/reach.ts';

/** The key lives 60 s and is written again every 20. */
const HEARTBEAT_MS = 20_000;
const TTL_SECONDS = 60;

export class Discovery {
  readonly #machine: Machine;
  readonly #warn: (message: string) => void;
  #timer: Timer | undefined;
  /** Counts what it followed, so that an earlier write that comes back late ends there. */
  #turn = 0;
  /**
   * The members' own addresses, if the store told them when it was first asked: from then on those are asked, and no more what
   * the configuration names (docker/libkv store/etcd, AutoSync, which gives up for good at its first failure; measured: etcd
   * behind a proxy moves, and Docker is without its store).
   */
  #members: string[] | undefined;

  constructor(machine: Machine, warn: (message: string) => void) {
    this.#machine = machine;
    this.#warn = warn;
  }

  /** Writes the engine's key into this store, again and again, until told otherwise. */
  follow({ store, advertise }: { store: string; advertise: string }): void {
    this.stop();
    if (!store || !advertise) return;
    const turn = this.#turn;
    const beat = async (): Promise<void> => {
      if (this.#machine.faults.draw('dockerd', ['register'])?.do !== 'ignored')
        await this.#write(store, advertise);
      if (turn === this.#turn) this.#timer = this.#machine.after(HEARTBEAT_MS, () => void beat());
    };
    void this.#learn(store, turn).then(beat);
  }

  stop(): void {
    this.#turn++;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#members = undefined;
  }

  /** Only etcd's keys are modelled; the lab has no ZooKeeper or Consul. */
  async #write(store: string, advertise: string): Promise<void> {
    const match = /^etcd:\/\/([^/]+)(\/.*)?$/.exec(store);
    if (!match) return;
    const key = `${match[2]?.replace(/\/$/, '') ?? ''}/docker/nodes/${advertise}`;
    for (const member of this.#members ?? match[1]!.split(',')) {
      try {
        const response = await this.#machine.reach.request(`http://${member}/v2/keys${key}`, {
          method: 'PUT',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: Buffer.from(`value=${encodeURIComponent(advertise)}&ttl=${TTL_SECONDS}`),
        });
        await text(response);
        if (response.status < 300) return;
      } catch {}
    }
    this.#warn(`Registering as "${advertise}" in discovery failed: cannot set or renew TTL`);
  }

  async #learn(store: string, turn: number): Promise<void> {
    const endpoints = /^etcd:\/\/([^/]+)/.exec(store)?.[1]?.split(',') ?? [];
    for (const endpoint of endpoints) {
      try {
        const answer = await this.#machine.reach.request(`http://${endpoint}/v2/members`, {
          method: 'GET',
          headers: {},
        });
        const said = JSON.parse(await text(answer)) as { members?: { clientURLs?: string[] }[] };
        const urls = (said.members ?? []).flatMap(({ clientURLs }) => clientURLs ?? []);
        if (turn === this.#turn && urls.length > 0) this.#members = urls.map((url) => new URL(url).host);
        return;
      } catch {}
    }
  }
}
