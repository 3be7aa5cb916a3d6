// An uninstall from the first look to the plan, and from the plan until nothing is owed.

import { interrupted } from '../checks/host-docker.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import type { RestartNeed } from '../plan/restarts.ts';
import type { Refusal } from '../plan/types.ts';
import { makeUninstallPlan, type UninstallInput, type UninstallPlan } from '../plan/uninstall.ts';
import { type AgentsPlan, makeAgentsPlan } from '../plan/uninstall-agents.ts';
import { cannotUninstall } from '../plan/uninstall-refusals.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { askAgents } from './ask-agents.ts';
import { readCluster, type Snapshot } from './cluster.ts';
import type { AskSettings } from './prepare.ts';

export interface UninstallRequest {
  restart: boolean;
  /** Addresses: these alone, while Calico stays on the others. */
  agents?: readonly string[];
  /** How agents are asked what a restart of Docker would interrupt; without it none is, and none is restarted that runs anything. */
  ask?: AskSettings;
  who: string;
  command: string;
  message: string;
}

export interface PreparedUninstall {
  snapshot: Snapshot;
  plan: UninstallPlan | AgentsPlan;
  request: UninstallRequest;
}

export type UninstallPreparation = { prepared: PreparedUninstall } | { nothing: true } | { refusal: Refusal };

/** Looks and plans; changes nothing. */
export async function prepareUninstall(
  cluster: Cluster,
  request: UninstallRequest,
  now: number,
  signal?: AbortSignal,
): Promise<UninstallPreparation> {
  const snapshot = await readCluster(cluster, signal);
  const cannot = cannotUninstall(snapshot.group, snapshot.installed);
  if (cannot === 'nothing') return { nothing: true };
  if (cannot) return { refusal: cannot };
  const first = planFor(uninstallInput(snapshot, request, now), request);
  const [restarts, failed] = await Promise.all([
    askedRestarts(cluster, snapshot, request, first, signal),
    failedAgents(cluster, snapshot, first, now, signal),
  ]);
  if (!restarts && failed.length === 0) return { prepared: { snapshot, plan: first, request } };
  const input = {
    ...uninstallInput(snapshot, request, now),
    ...(restarts ? { restarts } : {}),
    failed: new Set(failed),
  };
  return { prepared: { snapshot, plan: planFor(input, request), request } };
}

/** Of the whole cluster, or of the agents that are named. @throws {UserError} what keeps it from being made */
export function planFor(input: UninstallInput, { agents }: UninstallRequest): UninstallPlan | AgentsPlan {
  const plan = agents ? makeAgentsPlan(input, agents) : makeUninstallPlan(input);
  if ('waves' in plan) return plan;
  throw new UserError({ ...plan.refusal });
}

/** What a restart of Docker would interrupt on the agents that need one, by their ids. */
async function askedRestarts(
  cluster: Cluster,
  snapshot: Snapshot,
  { ask }: UninstallRequest,
  { restarts = [], options, refusal }: UninstallPlan,
  signal?: AbortSignal,
): Promise<Map<string, RestartNeed> | undefined> {
  if (!ask || refusal || restarts.length === 0) return undefined;
  ask.announce(restarts.length);
  const { told } = await askAgents({
    cluster,
    snapshot,
    options,
    agents: restarts.map(({ agent }) => agent),
    time: ask.time,
    ...(ask.heard ? { heard: ask.heard } : {}),
    ...(ask.readAtMost === undefined ? {} : { readAtMost: ask.readAtMost }),
    ...(signal ? { signal } : {}),
  });
  const byHost = new Map(told.map((facts) => [facts.host, facts]));
  return new Map(
    restarts.flatMap(({ agent, reason }) => {
      const facts = byHost.get(agent.host);
      if (!facts) return [];
      const needed = !facts.docker?.answers || facts.docker.store !== '';
      return [[agent.id, { reason: needed ? reason : '', interrupts: interrupted(facts) }] as const];
    }),
  );
}

/** Where Marathon carries only ready and not ready, the agents that are not are asked whether they failed. */
async function failedAgents(
  cluster: Cluster,
  { carrier }: Snapshot,
  { kind }: UninstallPlan,
  now: number,
  signal?: AbortSignal,
): Promise<string[]> {
  if (carrier !== 'health' || kind !== 'go on') return [];
  const reader = new StatusReader({ ...statusSource(cluster), now: () => now });
  const { agents } = await reader.read(signal ? { signal } : {});
  return agents.filter(({ cells }) => cells.some(({ state }) => state === 'failed')).map(({ id }) => id);
}

export function uninstallInput(
  snapshot: Snapshot,
  { restart, who, command, message }: UninstallRequest,
  now: number,
): UninstallInput {
  const { info, carrier, agents, group, deployments, installed } = snapshot;
  return {
    installed: installed as InstalledOptions,
    agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    now,
    restart,
    who,
    command,
    message,
  };
}
