// The model of one host: what its daemons, its kernel and its network are at this moment. The stand-ins are views of it.
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, realClock, type Timer } from '../clock.ts';
import { SeededRandom } from '../random.ts';
import type { DcosVersion, Random } from '../types.ts';
import { Engine } from './docker/engine.ts';
import { FaultPlan } from './faults.ts';
import { Kernel } from './kernel.ts';
import type { CalicoNetwork } from './network/calico.ts';
import { Reach } from './network/reach.ts';
import type { HostSpec } from './spec.ts';
import { Systemd } from './systemd/manager.ts';

export interface JournalEntry {
  at: number;
  unit: string;
  line: string;
}

export class Machine {
  readonly spec: HostSpec;
  readonly root: string;
  readonly address: string;
  readonly dcos: DcosVersion;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: FaultPlan;
  readonly reach: Reach;
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly systemd: Systemd;
  readonly journal: JournalEntry[] = [];
  /** Between the hosts of one sandbox. */
  calico: CalicoNetwork | undefined;
  /** What a process of the host gets beyond its own environment. */
  environment: Record<string, string> = {};
  /** Ends every task of the host: those go with the agent's unit where the host's cgroups are not the old ones. */
  onAgentEnd: (() => void) | undefined;
  readonly #realRoot: string;
  readonly #timers = new Set<Timer>();
  #pid = 900;

  constructor(spec: HostSpec) {
    this.spec = spec;
    this.root = spec.dir;
    this.#realRoot = realpathSync(spec.dir);
    this.address = spec.address;
    this.dcos = spec.dcos ?? '2.0';
    this.clock = spec.clock ?? realClock;
    const random = spec.random ?? new SeededRandom(spec.address);
    this.random = random;
    this.faults = new FaultPlan(spec.faults ?? {}, () => random.next());
    this.reach = new Reach(spec.address, spec.network ?? {});
    this.kernel = new Kernel(spec);
    this.engine = new Engine(this);
    this.systemd = new Systemd(this);
  }

  /** The real path of a path on the host. */
  path(onHost: string): string {
    return join(this.root, onHost);
  }

  /** The path on the host of a real path; one that is the host's already stays. */
  hostPath(real: string): string {
    for (const root of [this.root, this.#realRoot]) {
      if (real === root) return '/';
      if (real.startsWith(`${root}/`)) return real.slice(root.length);
    }
    return real;
  }

  nextPid(): number {
    this.#pid += 1 + Math.floor(this.random.next() * 7);
    return this.#pid;
  }

  log(unit: string, line: string): void {
    this.journal.push({ at: this.clock.now(), unit, line });
    if (this.journal.length > 1000) this.journal.splice(0, 200);
  }

  /** A timer of a daemon: it ends with the host. */
  after(ms: number, run: () => void): Timer {
    const timer = this.clock.after(ms, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }

  cancelTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
