// What would change on each agent, as the agents themselves told it, equal agents together.

import { dockerRestart, interrupted } from '../checks/host-docker.ts';
import type { HostFacts } from '../checks/host-facts.ts';
import type { HostsAnswered } from '../checks/types.ts';
import type { Options } from '../options/types.ts';
import type { StepName } from '../steps/state.ts';
import { compareHosts } from './agent-type.ts';
import type { Plan } from './types.ts';

/** In the place of an agent's own address, which is the only thing in which the keys of two agents differ. */
export const ADDRESS = 'ADDRESS';

export interface StepChange {
  step: StepName;
  /** Sentences, as the step has them: `write the unit dcos-calico-node.service`. */
  would: string[];
  /** Why it would stop instead; '' where it would not. */
  stops: string;
}

export interface DockerKeysChange {
  file: string;
  /** Values by key as they are and as they will be, as JSON has them; without a key there is none. */
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  /** Names of the other keys of the file: they stay as they are. */
  others: string[];
}

export interface Restart {
  what: 'Docker' | 'the Mesos agent';
  why: string;
  /** Apps, tasks or containers that end with it, by name. */
  interrupts: string[];
}

export interface AgentChanges {
  steps: StepChange[];
  docker?: DockerKeysChange;
  restarts: Restart[];
}

export interface ChangeGroup extends AgentChanges {
  /** Addresses. */
  agents: string[];
}

export interface Changes {
  groups: ChangeGroup[];
  /** Agents that get a turn and told nothing of themselves. */
  unknown: string[];
  /** Units that are restarted, Docker among them, on all agents. */
  unitsRestarted: number;
}

/** Groups by what is the same, the largest first; `hosts` undefined: no agent was asked. */
export function agentChanges(plan: Plan, hosts: HostsAnswered | undefined, options: Options): Changes {
  const targets = plan.waves.flatMap(({ agents }) => agents.map(({ host }) => host));
  const byHost = new Map((hosts?.told ?? []).map((facts) => [facts.host, facts]));
  const groups = new Map<string, ChangeGroup>();
  let unitsRestarted = 0;
  for (const host of targets) {
    const facts = byHost.get(host);
    if (!facts) continue;
    const changes = changesOn(facts, plan, options);
    unitsRestarted += restartsIn(changes);
    const key = JSON.stringify(changes);
    const group = groups.get(key);
    if (group) group.agents.push(host);
    else groups.set(key, { agents: [host], ...changes });
  }
  return {
    groups: [...groups.values()]
      .map((group) => ({ ...group, agents: [...group.agents].sort(compareHosts) }))
      .sort((a, b) => b.agents.length - a.agents.length || compareHosts(a.agents[0]!, b.agents[0]!)),
    unknown: targets.filter((host) => !byHost.has(host)).sort(compareHosts),
    unitsRestarted,
  };
}

/** What one agent told, as changes. */
export function changesOn(facts: HostFacts, plan: Pick<Plan, 'steps'>, options: Options): AgentChanges {
  const steps = plan.steps.flatMap((step): StepChange[] => {
    const look = facts.steps[step];
    if (!look) return [];
    const stops = look.state === 'failed' ? look.reason : '';
    return look.would.length > 0 || stops ? [{ step, would: look.would, stops }] : [];
  });
  const docker = steps.some(({ step, stops }) => step === 'docker' && !stops) ? keysOf(facts) : undefined;
  return { steps, ...(docker ? { docker } : {}), restarts: restartsOf(facts, options) };
}

/** Of Docker's keys those that differ. The address of the agent is the same word on all. */
function keysOf({ host, docker }: HostFacts): DockerKeysChange | undefined {
  if (!docker?.after) return undefined;
  const { before, after, file, others } = docker;
  const differing = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  if (differing.length === 0) return undefined;
  const pick = (from: Record<string, unknown>) =>
    Object.fromEntries(
      differing.filter((key) => key in from).map((key) => [key, withoutAddress(from[key], host)]),
    );
  return { file, before: pick(before), after: pick(after), others };
}

function withoutAddress(value: unknown, host: string): unknown {
  return typeof value === 'string' && value.startsWith(`${host}:`)
    ? `${ADDRESS}${value.slice(host.length)}`
    : value;
}

function restartsOf(facts: HostFacts, options: Options): Restart[] {
  const docker = dockerRestart(facts, options);
  const names = [...new Set(interrupted(facts))].sort();
  const mesos = facts.cniElsewhere && options.cni.enable ? facts.cniElsewhere : '';
  // Mesos moves its tasks only out of the v1 hierarchy of systemd (measured): elsewhere they all end with the agent.
  const ends =
    facts.cgroups === 'hybrid' || facts.cgroups === 'unified' ? ['every Mesos task of the agent'] : [];
  return [
    ...(docker ? [{ what: 'Docker' as const, why: docker, interrupts: names }] : []),
    ...(mesos ? [{ what: 'the Mesos agent' as const, why: mesos, interrupts: ends }] : []),
  ];
}

/** Units that run and are started anew: those whose step says so, and daemons. */
function restartsIn({ steps, restarts }: AgentChanges): number {
  const units = steps.filter(({ would }) =>
    would.some((one) => /^(restart|replace the container) /.test(one)),
  );
  return units.length + restarts.length;
}
