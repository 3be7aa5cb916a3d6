// Which agents take part. Bounded: a ring through a handful says as much of the network as a mesh of all, and disturbs less.
import type { MesosAgent } from '../dcos/types.ts';
import { EXIT, UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { agentType, compareHosts } from '../plan/agent-type.ts';
import { eligibility } from '../plan/eligibility.ts';
import { CONNECTIVITY_NEEDS } from '../steps/connectivity/definition.ts';
import type { Participant } from './types.ts';

/** Without `--agents`. */
export const DEFAULT_AGENTS = 6;
/** With them: targets of each are named in one environment, and every agent runs four small tasks. */
export const MOST_AGENTS = 50;
/** Public agents among the default's. */
const PUBLIC = 2;

export interface Chosen {
  agents: Participant[];
  /** How many could have been chosen. */
  of: number;
}

/**
 * @param wanted `--agents`: addresses, or a number of agents
 * @param ready ids of agents that Calico is ready on: only these are chosen unasked
 * @throws {UserError} `connectivity-agents`, exit code 2, for agents that cannot take part
 */
export function chooseAgents(
  all: readonly MesosAgent[],
  ready: ReadonlySet<string>,
  options: Pick<Options, 'rollout'>,
  wanted: readonly string[] | number = DEFAULT_AGENTS,
): Chosen {
  const fit = (agent: MesosAgent) => eligibility(agent, [CONNECTIVITY_NEEDS], options);
  if (typeof wanted !== 'number') return named(all, wanted, fit);
  const could = all.filter((agent) => ready.has(agent.id) && fit(agent).eligible);
  const sorted = [...could].sort((a, b) => compareHosts(a.hostname, b.hostname));
  const most = Math.min(wanted, MOST_AGENTS);
  const publicOnes = spread(sorted.filter((one) => agentType(one) === 'public')).slice(
    0,
    Math.min(PUBLIC, Math.max(1, most - 1)),
  );
  const privateOnes = spread(sorted.filter((one) => agentType(one) === 'private')).slice(
    0,
    most - publicOnes.length,
  );
  return {
    agents: alternating(privateOnes.map(participant), publicOnes.map(participant)),
    of: could.length,
  };
}

/** Numbers are how many; anything else is who. @throws {UserError} `connectivity-agents` */
export function agentsFlag(text: string): readonly string[] | number {
  if (/^\d+$/.test(text)) {
    const count = Number(text);
    if (count >= 1 && count <= MOST_AGENTS) return count;
    throw refused(`--agents ${text} cannot be used`, `it takes 1 to ${MOST_AGENTS} agents`);
  }
  const hosts = [...new Set(text.split(',').filter(Boolean))];
  if (hosts.length === 0 || hosts.length > MOST_AGENTS)
    throw refused(`--agents ${text} cannot be used`, `it takes 1 to ${MOST_AGENTS} agents`);
  return hosts;
}

function named(
  all: readonly MesosAgent[],
  hosts: readonly string[],
  fit: (agent: MesosAgent) => { eligible: boolean; reason?: string },
): Chosen {
  const found = hosts.map((host) => {
    const agent = all.find((one) => one.hostname === host);
    if (!agent) throw refused(`${host} cannot take part`, 'no agent has that address');
    const { eligible, reason } = fit(agent);
    if (!eligible) throw refused(`${host} cannot take part`, reason ?? 'no room');
    return participant(agent);
  });
  return { agents: found, of: found.length };
}

function participant(agent: MesosAgent): Participant {
  return {
    id: agent.id,
    host: agent.hostname,
    type: agentType(agent),
    mesosVersion: agent.version,
  };
}

/** One of each subnet (/24) first, then the second of each: what is between subnets is what breaks. */
function spread(agents: readonly MesosAgent[]): MesosAgent[] {
  const subnets = new Map<string, MesosAgent[]>();
  for (const agent of agents) {
    const subnet = agent.hostname.split('.').slice(0, 3).join('.');
    subnets.set(subnet, [...(subnets.get(subnet) ?? []), agent]);
  }
  const lists = [...subnets.values()];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

/** Public agents between private ones, so that neighbours in the ring are of both kinds. */
function alternating(some: Participant[], others: Participant[]): Participant[] {
  const result: Participant[] = [];
  const every = Math.max(1, Math.ceil(some.length / Math.max(1, others.length)));
  some.forEach((one, index) => {
    result.push(one);
    if ((index + 1) % every === 0 && others.length > 0) result.push(others.shift()!);
  });
  return [...result, ...others];
}

function refused(what: string, why: string): UserError {
  return new UserError({
    code: 'connectivity-agents',
    what,
    why,
    remedy: ['dcos calico connectivity test --agents 10.0.1.11,10.0.2.20', 'dcos calico status'],
    exit: EXIT.usage,
  });
}
