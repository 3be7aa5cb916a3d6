// The lab as the cluster of an inventory, in this process and in virtual time: hours pass in seconds, and nothing else is concerned.
import { Cluster } from '../dcos/cluster.ts';
import { connectionFromEnvironment } from '../dcos/connection.ts';
import { parseVersion } from '../dcos/version.ts';
import { EXIT, UserError } from '../errors.ts';
import { VirtualClock } from '../lab/clock.ts';
import { scheduleEvents } from '../lab/events.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import type { SimulatedFaults, StepTimes } from '../lab/simulated/model.ts';
import { SimulatedRunner } from '../lab/simulated/runner.ts';
import type { AgentSpec, DcosVersion } from '../lab/types.ts';
import { VERSIONS } from '../lab/versions.ts';
import { parsePorts } from '../plan/room.ts';
import type { Time } from '../rollout/carry-out.ts';
import { merged, type Staged } from './faults.ts';
import type { Inventory, InventoryAgent } from './inventory.ts';
import { seedInstalled } from './seed-installed.ts';

export interface StageSpec {
  inventory: Inventory;
  faults: Staged;
  times: StepTimes;
  seed: number;
  /** When the rehearsal is said to begin, ms since 1970. */
  start: number;
}

export interface Stage {
  /** The lab's, and no other: every command of the product can be played on it. */
  cluster: Cluster;
  time: Time;
  /** When the rehearsed command begins, ms. */
  began: number;
  /** Addresses of the agents on which Docker was restarted since, and how often. */
  restarted(): Map<string, number>;
  /** Faults of the cluster that did not come to happen, with why. */
  missed: string[];
  stop(): Promise<void>;
}

/** The lab's version of DC/OS for a cluster's; throws `rehearsal-version`, exit code 2, where there is none. */
export function labVersion(dcos: string): DcosVersion {
  const version = parseVersion(dcos);
  const name = version ? `${version.major}.${version.minor}` : dcos;
  if (Object.hasOwn(VERSIONS, name)) return name as DcosVersion;
  throw new UserError({
    code: 'rehearsal-version',
    what: `DC/OS ${dcos} cannot be rehearsed`,
    why: `the lab can be ${Object.keys(VERSIONS).join(', ')}`,
    exit: EXIT.usage,
  });
}

/** Starts it; whoever does stops it. */
export async function openStage({ inventory, faults, times, seed, start }: StageSpec): Promise<Stage> {
  const clock = new VirtualClock(start);
  const runner = new SimulatedRunner(clock, seed, times);
  const lab = await startLab({
    dcos: labVersion(inventory.dcos),
    clock,
    runner,
    seed,
    security: inventory.variant === 'enterprise' ? 'permissive' : 'open',
    srv: inventory.srv,
    agents: inventory.agents.map((agent) => specOf(agent, faults.hosts.get(agent.host))),
  });
  try {
    for (const agent of inventory.agents) asItIs(lab, agent);
    const cluster = clusterOf(lab);
    const time = { now: () => clock.now(), sleep: (ms: number) => lab.sleep(ms) };
    await seedInstalled(cluster, inventory, time, (host, step) => runner.host(host)!.isDone(step));
    const missed: string[] = [];
    scheduleEvents(lab, faults.events, ({ do: what, agent }, why) =>
      missed.push(`${what}${agent ? ` of ${agent}` : ''}: ${why}`),
    );
    lab.faults.set(faults.http);
    return {
      cluster,
      time,
      began: clock.now(),
      restarted: () => restartedOf(runner, inventory),
      missed,
      async stop() {
        cluster.close();
        await lab.stop();
      },
    };
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

function clusterOf(lab: Lab): Cluster {
  const connection = connectionFromEnvironment({ DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token });
  return new Cluster(connection, { wait: (ms) => lab.sleep(ms) });
}

function specOf(agent: InventoryAgent, faults: SimulatedFaults | undefined): AgentSpec {
  const running = (agent.docker ?? []).map(({ task, app }) => ({
    name: `mesos-${task}`,
    image: '',
    task,
    app,
  }));
  const own: SimulatedFaults = {
    ...(agent.ready ? { done: agent.ready } : {}),
    ...(running.length > 0 ? { facts: { containers: { count: running.length, running } } } : {}),
  };
  return {
    host: agent.host,
    public: agent.type === 'public',
    cpus: agent.cpus,
    mem: agent.mem,
    disk: agent.disk,
    ports: parsePorts(agent.ports),
    attributes: agent.attributes,
    ...(agent.reservedTo === undefined ? {} : { reservedRole: agent.reservedTo }),
    faults: merged(own, faults) as Record<string, unknown>,
  };
}

/** What others hold of it, and whether the master counts on it. */
function asItIs({ master, versions }: Lab, { host, used, state }: InventoryAgent): void {
  const holds = used.cpus > 0 || used.mem > 0 || used.disk > 0 || used.ports !== '';
  if (holds) master.occupy(host, { ...used, ports: parsePorts(used.ports) });
  if (state === 'deactivated' && versions.draining) master.deactivate(master.agentAt(host));
  else if (state !== 'active') master.crashAgent(host);
}

function restartedOf(runner: SimulatedRunner, { agents }: Inventory): Map<string, number> {
  return new Map(
    agents
      .map(({ host }) => [host, runner.host(host)?.restarts ?? 0] as const)
      .filter(([, count]) => count > 0),
  );
}
