// A small cluster in which a case happens, with everything that is watched all the while.
import { VirtualClock } from '../../src/lab/clock.ts';
import { type Lab, type LabSpec, startLab } from '../../src/lab/lab.ts';
import type { SimulatedHost } from '../../src/lab/simulated/host.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import type { AgentSpec, DcosVersion } from '../../src/lab/types.ts';
import { agents } from '../rollout/agents.ts';
import { DirectCluster, type Gate } from './direct.ts';
import { type Ran, run, timeOf, type Words } from './operator.ts';

const START = Date.parse('2026-11-24T03:00:00.000Z');
/** Small waves, so that there are several of them among few agents. */
export const SMALL = ['rollout.max-concurrent=2'];
const BUDGET = { working: 2, restarting: 1 };

export interface WorldSpec {
  dcos: DcosVersion;
  seed: number;
  agents?: AgentSpec[];
  tls?: LabSpec['tls'];
}

export class World {
  readonly lab: Lab;
  readonly ran: Ran[] = [];
  /** What must not be, as sentences. */
  readonly wrong: string[] = [];
  /** Tasks of steps that began, by app and agent. */
  readonly launches = new Map<string, number>();
  /** The most agents on which a step worked at a time, and of those whose turn allowed a restart. */
  readonly most = { working: 0, restarting: 0 };
  readonly began: number;

  constructor(lab: Lab) {
    this.lab = lab;
    this.began = lab.clock.now();
    const started = new Set<string>();
    lab.master.onUpdate(({ taskId, agentId, state }) => {
      this.look();
      if (state !== 'TASK_RUNNING' || started.has(taskId)) return;
      started.add(taskId);
      const app = taskId.split('.')[0]!;
      const key = `${app} ${lab.master.agents.get(agentId)?.host ?? agentId}`;
      this.launches.set(key, (this.launches.get(key) ?? 0) + 1);
    });
  }

  static async start({ dcos, seed, agents: given = agents(4), tls }: WorldSpec): Promise<World> {
    const clock = new VirtualClock(START);
    return new World(
      await startLab({ clock, grade: 'simulated', dcos, seed, agents: given, ...(tls ? { tls } : {}) }),
    );
  }

  get addresses(): string[] {
    return [...this.lab.master.agents.values()].map(({ host }) => host);
  }

  host(address: string): SimulatedHost {
    return (this.lab.runner as SimulatedRunner).host(address)!;
  }

  /** Counts who is at work now; called at every request and every update of a task. */
  look(): void {
    let working = 0;
    let restarting = 0;
    for (const address of this.addresses) {
      const host = this.host(address);
      if ([...host.tasks].some(({ report, step }) => report?.state === 'working' && step !== 'turn'))
        working++;
      const turn = host.newest('turn');
      if (turn?.info.env.DCOS_CALICO_TURN_ALLOWS === 'restart') restarting++;
    }
    this.most.working = Math.max(this.most.working, working);
    this.most.restarting = Math.max(this.most.restarting, restarting);
  }

  /** A command over direct calls, from a client of its own. */
  async direct(words: Words, gate: Gate = {}, who = 'anna@laptop'): Promise<Ran> {
    const cluster = new DirectCluster(this.lab, this.lab.tokens.issue(who.split('@')[0]!), {
      before: (asked) => {
        this.look();
        return gate.before?.(asked);
      },
      ...(gate.after ? { after: gate.after } : {}),
      ...(gate.change ? { change: gate.change } : {}),
    });
    return this.note(await run(cluster, words, { time: timeOf(this.lab), who }));
  }

  /** A command that can be killed: `strike` is told of each request and says whether the client dies before or after it. */
  async killable(
    words: Words,
    strike: (asked: { method: string; path: string }) => 'before' | 'after' | undefined,
  ): Promise<Ran> {
    let alive = true;
    let after: unknown;
    const die = () => {
      alive = false;
      cluster.close();
    };
    const cluster: DirectCluster = new DirectCluster(this.lab, this.lab.token, {
      before: (asked) => {
        this.look();
        const when = strike(asked);
        if (when === 'before') die();
        if (when === 'after') after = asked;
      },
      after: (asked) => {
        if (asked === after) die();
      },
    });
    return this.note(await run(cluster, words, { time: timeOf(this.lab, () => alive), alive: () => alive }));
  }

  /** A command during which something happens: `happens` is told of each request before it is answered, the first as 1. */
  async interrupted(words: Words, happens: (request: number) => Promise<void>): Promise<Ran> {
    let seen = 0;
    return this.direct(words, { before: () => happens(++seen) });
  }

  note(ran: Ran): Ran {
    this.ran.push(ran);
    if (ran.problem?.code === 'bug') this.wrong.push(`${ran.words}: a bug: ${ran.problem.detail}`);
    return ran;
  }

  /** Lets the lab's time pass in small steps, watched. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.lab.sleep(Math.min(1000, left));
      this.look();
    }
  }

  /** @param clients how many commands were at work at a time, each with a bound of its own */
  assertBudget(clients = 1): void {
    const { working, restarting } = this.most;
    const may = { working: clients * BUDGET.working, restarting: clients * BUDGET.restarting };
    if (working > may.working)
      this.wrong.push(`${working} agents were at work at a time, ${may.working} may be`);
    if (restarting > may.restarting)
      this.wrong.push(`${restarting} agents might restart at a time, ${may.restarting} may`);
  }

  stop(): Promise<void> {
    return this.lab.stop();
  }
}
