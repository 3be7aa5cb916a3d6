// A step's task started directly on a host, as Mesos would, and what it reports.

import type { AppDefinition } from '../../src/dcos/types.ts';
import type { HostsTask } from '../../src/lab/hosts/hosts-task.ts';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import type { TaskInfo } from '../../src/lab/types.ts';
import type { Options } from '../../src/options/types.ts';
import { appDefinition, turnDefinition } from '../../src/steps/app-definition.ts';
import { stepNamed } from '../../src/steps/registry.ts';
import {
  type ReportedState,
  STATE_CODES,
  type StepMode,
  type StepName,
  type StepStatus,
} from '../../src/steps/state.ts';
import type { Hosts } from './hosts.ts';

let count = 0;
const all = new Set<StepTask>();

export interface StepRun {
  options: Options;
  mode?: StepMode;
  /** Marathon's version of the app; later ones win. Default: a later one for each task. */
  version?: string;
}

const marathonVersion = '1.9.136';

/** Versions in the order of their making, as Marathon's times are. */
export function version(): string {
  return new Date(Date.UTC(2026, 0, 1) + ++count * 1000).toISOString();
}

export class StepTask {
  readonly machine: Machine;
  readonly what: string;
  readonly task: HostsTask;
  exit: { code: number | null; signal: string | null } | undefined;

  constructor(
    { lab, place }: Hosts,
    machine: Machine,
    what: string,
    app: Partial<AppDefinition>,
    appVersion: string,
  ) {
    this.machine = machine;
    this.what = what;
    const info: TaskInfo = {
      id: `calico_${what}.instance-${String(++count).padStart(6, '0')}._app.1`,
      appId: `/calico/${what}`,
      frameworkId: lab.master.frameworkId,
      agentId: lab.master.agentAt(machine.address).id,
      cmd: app.cmd!,
      env: {
        ...(app.env as Record<string, string>),
        MARATHON_APP_VERSION: appVersion,
        MARATHON_APP_ID: `/calico/${what}`,
      },
      user: 'root',
      role: 'slave_public',
      cpus: app.cpus ?? 0.1,
      mem: app.mem ?? 32,
      disk: 0,
      ports: [],
      killGraceSeconds: 10,
    };
    this.task = place.runner.start(info, (exit) => {
      this.exit = exit;
      all.delete(this);
    });
    all.add(this);
  }

  async status(): Promise<StepStatus | undefined> {
    const said = await this.task.read('status.json');
    return said ? JSON.parse(Buffer.from(said).toString()) : undefined;
  }

  /** All that it printed. */
  async output(): Promise<string> {
    const files = await Promise.all(['stdout', 'stderr'].map((name) => this.task.read(name)));
    return files.map((file) => Buffer.from(file ?? '').toString()).join('');
  }

  /** Waits for a report of that state, or one that passes; its check says the same. Fails with what it said. */
  async until(wanted: ReportedState | ((status: StepStatus) => boolean), seconds = 60): Promise<StepStatus> {
    const passes = typeof wanted === 'string' ? ({ state }: StepStatus) => state === wanted : wanted;
    const end = Date.now() + seconds * 1000;
    let status: StepStatus | undefined;
    while (Date.now() < end && !this.exit) {
      status = await this.status();
      const health = Buffer.from((await this.task.read('health')) ?? '').toString();
      if (status && passes(status) && health === `exit ${STATE_CODES[status.state]}\n`) return status;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(
      `${this.what} on ${this.machine.name} did not report ${wanted} within ${seconds} s` +
        `${this.exit ? `: it ended, ${JSON.stringify(this.exit)}` : ''}\n${JSON.stringify(status, null, 1)}\n${await this.output()}${await this.besides()}`,
    );
  }

  /** What the other tasks on the host last reported. */
  private async besides(): Promise<string> {
    const others = [...all].filter((task) => task.machine === this.machine && task !== this);
    const lines = others.map(async (task) => `\n${task.what}: ${JSON.stringify(await task.status())}`);
    return (await Promise.all(lines)).join('');
  }

  /** As Mesos ends a task: SIGTERM first. */
  async stop(): Promise<void> {
    this.task.kill(10);
    await this.task.ended;
  }

  /** As the kernel ends it. */
  async destroy(): Promise<void> {
    this.task.destroy();
    await this.task.ended;
  }
}

export function startStep(
  hosts: Hosts,
  machine: Machine,
  step: StepName,
  { options, mode = 'present', ...run }: StepRun,
): StepTask {
  const app = appDefinition(stepNamed(step), options, {
    mode,
    instances: 1,
    carrier: 'check',
    marathonVersion,
    exclude: [],
  });
  return new StepTask(hosts, machine, step, app, run.version ?? version());
}

/** The turn's task: while it lives, the steps may change its host, and restart Docker whatever runs in it. */
export function startTurn(hosts: Hosts, machine: Machine, allows: 'change' | 'restart' = 'change'): StepTask {
  const app = turnDefinition({
    agents: [machine.address],
    allows,
    interrupts: 'any',
    until: '',
    settleSeconds: 0,
    steps: [],
    carrier: 'check',
    marathonVersion,
  });
  return new StepTask(hosts, machine, 'turn', app, version());
}

/** Ends every task that still lives, of one host or of all, after a failed test as after a whole one. */
export async function stopAll(machine?: Machine): Promise<void> {
  const living = [...all].filter((task) => !machine || task.machine === machine);
  await Promise.all(living.map((task) => task.destroy()));
}
