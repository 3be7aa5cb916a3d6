// A cluster that never rests: agents go out of sight and come back, fail and are mended, join, leave and are replaced. As many are there
// at the end as at the beginning.
import type { Lab } from '../../src/lab/lab.ts';
import type { SeededRandom } from '../../src/lab/random.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import { oneOf } from './case.ts';

export class Churn {
  readonly #lab: Lab;
  readonly #random: SeededRandom;
  readonly #hosts: string[];
  /** Joined since, and to leave again. */
  #guest: string | undefined;
  #failing: string | undefined;
  #guests = 0;
  /** How often each thing happened. */
  readonly happened = new Map<string, number>();

  constructor(lab: Lab, random: SeededRandom) {
    this.#lab = lab;
    this.#random = random;
    this.#hosts = [...lab.master.agents.values()].map(({ host }) => host);
  }

  async next(): Promise<void> {
    const [what, happens] = oneOf(this.#random, [
      ['crashes', () => this.#crashes()],
      ['returns', () => this.#returns()],
      ['fails', () => this.#fails()],
      ['is mended', () => this.#mended()],
      ['joins', () => this.#joins()],
      ['leaves', () => this.#leaves()],
      ['is replaced', () => this.#replaced()],
      ['loses a task', () => this.#losesTask()],
    ] as const);
    if (await happens()) this.happened.set(what, (this.happened.get(what) ?? 0) + 1);
  }

  #crashes(): boolean {
    const { master } = this.#lab;
    // No more than three at a time, so that there is something left to look at.
    if ([...master.agents.values()].filter(({ connected }) => !connected).length >= 3) return false;
    master.crashAgent(oneOf(this.#random, this.#hosts));
    return true;
  }

  #returns(): boolean {
    const { master } = this.#lab;
    const away = [...master.agents.values()].filter(({ connected }) => !connected);
    for (const { host } of away) master.returnAgent(host);
    return away.length > 0;
  }

  #fails(): boolean {
    if (this.#failing) return false;
    this.#failing = oneOf(this.#random, this.#hosts);
    this.#setFault(this.#failing, { drift: { after: 1, reason: 'calico is missing in the CNI directory' } });
    return true;
  }

  #mended(): boolean {
    if (!this.#failing) return false;
    this.#setFault(this.#failing, {});
    this.#failing = undefined;
    return true;
  }

  #setFault(address: string, fault: object): void {
    const host = (this.#lab.runner as SimulatedRunner).host(address);
    if (!host) return;
    host.faults = { steps: { cni: fault } };
    host.lookIn(0.1);
  }

  async #joins(): Promise<boolean> {
    if (this.#guest) return false;
    // Each under an address that was never there.
    this.#guests++;
    this.#guest = `10.0.${200 + Math.floor(this.#guests / 200)}.${1 + (this.#guests % 200)}`;
    await this.#lab.master.addAgent({ host: this.#guest, public: false });
    return true;
  }

  async #leaves(): Promise<boolean> {
    if (!this.#guest) return false;
    await this.#lab.master.removeAgent(this.#guest);
    this.#guest = undefined;
    return true;
  }

  async #replaced(): Promise<boolean> {
    const host = oneOf(this.#random, this.#hosts);
    if (host === this.#failing) return false;
    await this.#lab.master.replaceAgent(host);
    return true;
  }

  #losesTask(): boolean {
    const agent = this.#lab.master.agentAt(oneOf(this.#random, this.#hosts));
    const task = [...agent.tasks.values()].find(({ info }) => info.appId === '/calico/cni');
    if (!agent.connected || !task) return false;
    task.executor.kill(0);
    return true;
  }
}
