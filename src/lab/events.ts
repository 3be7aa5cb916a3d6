// What happens to a lab's cluster by itself, as data: agents that are lost, come back, join, leave; leaders that change.
import type { Clock } from './clock.ts';
import type { MesosMaster } from './mesos/master.ts';
import type { Versions } from './versions.ts';

export interface LabEvent {
  /** Seconds of the lab's time after its start. */
  at: number;
  do: keyof typeof ACTIONS;
  /** Address of the agent; all but `failover` and `marathon-failover` need one. */
  agent?: string;
  /** `join`: a public one. */
  public?: boolean;
  /** `occupy`: what others hold of it. */
  cpus?: number;
  mem?: number;
  /** `failover`: seconds without a leader, and until the last agent is back. */
  leaderless?: number;
  recovery?: number;
}

interface Place {
  clock: Clock;
  master: MesosMaster;
  marathon: { failover(): void };
}

type Action = (place: Place, event: LabEvent, host: string) => unknown;

const ACTIONS = {
  /** The agent's process is lost; its tasks go on. */
  crash: ({ master }, _, host) => master.crashAgent(host),
  return: ({ master }, _, host) => master.returnAgent(host),
  reboot: ({ master }, _, host) => master.rebootAgent(host),
  /** Another agent, with a new id, at the same address. */
  replace: ({ master }, _, host) => master.replaceAgent(host),
  join: ({ master }, event, host) => master.addAgent({ host, public: event.public ?? false }),
  leave: ({ master }, _, host) => master.removeAgent(host),
  deactivate: ({ master }, _, host) => master.deactivate(master.agentAt(host)),
  reactivate: ({ master }, _, host) => master.reactivate(master.agentAt(host)),
  drain: ({ master }, _, host) => master.drain(master.agentAt(host), undefined, false),
  gone: ({ master }, _, host) => master.markGone(master.agentAt(host)),
  /** Others take resources, so that there is no room. */
  occupy: ({ master }, { cpus = 0, mem = 0 }, host) => master.occupy(host, { cpus, mem }),
  /** The leading Mesos master is lost. */
  failover: ({ master }, { leaderless = 9, recovery = 30 }) =>
    master.failover(leaderless * 1000, recovery * 1000),
  'marathon-failover': ({ marathon }) => marathon.failover(),
} satisfies Record<string, Action>;

/** Mesos ≥ 1.9 only. */
const DRAINING: string[] = ['deactivate', 'reactivate', 'drain'];
const WITHOUT_AGENT = ['failover', 'marathon-failover'];

/** Why this is no event that can happen to a cluster of this version; undefined: it can. */
export function eventProblem(event: Partial<LabEvent>, versions: Versions): string | undefined {
  const name = String(event.do);
  if (!Object.hasOwn(ACTIONS, name)) {
    return `"${name}" is nothing that can happen; there are ${Object.keys(ACTIONS).join(', ')}`;
  }
  if (DRAINING.includes(name) && !versions.draining) return `"${name}" needs DC/OS 2.0 or later`;
  if (typeof event.at !== 'number' || event.at < 0) return `"${name}" has no "at", in seconds`;
  if (!WITHOUT_AGENT.includes(name) && typeof event.agent !== 'string') return `"${name}" has no "agent"`;
  return undefined;
}

/** Lets the events happen in their time. One about an agent that is not there is told to `failed` and changes nothing. */
export function scheduleEvents(
  place: Place,
  events: readonly LabEvent[],
  failed: (event: LabEvent, why: string) => void = () => {},
): void {
  for (const event of events) {
    place.clock.after(event.at * 1000, async () => {
      try {
        await (ACTIONS[event.do] as Action)(place, event, event.agent ?? '');
      } catch (error) {
        failed(event, (error as Error).message);
      }
    });
  }
}
