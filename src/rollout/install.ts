// An install from the first look to the plan, and from the plan to the end.
import { preflight, stops } from '../checks/run.ts';
import type { Finding } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { loadOptions, type OptionSources } from '../options/load.ts';
import type { OptionProblem } from '../options/problems.ts';
import type { Options, RolloutOptions } from '../options/types.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../plan/types.ts';
import type { ClusterStatus } from '../status/model.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { type Carried, carryOut, type Time } from './carry-out.ts';
import type { Listener } from './events.ts';
import { factsFor, type Read, readAll } from './facts.ts';
import { type Summary, summaryOf } from './summary.ts';

export interface InstallRequest {
  sources: Omit<OptionSources, 'installed'>;
  /** `--canary`: for this run alone. */
  canary?: RolloutOptions['canary'];
  who: string;
  command: string;
  message: string;
}

export interface Prepared {
  read: Read;
  options: Options;
  optionWarnings: OptionProblem[];
  plan: Plan;
  findings: Finding[];
  /** Whether a finding stops it. */
  stopped: boolean;
}

/** Without the reads that the plan rests on there are only findings. */
export type Preparation = { prepared: Prepared } | { forbidden: Finding[] };

/** Looks, checks and plans; changes nothing. Throws for options that cannot be used and for a cluster that does not answer. */
export async function prepareInstall(
  cluster: Cluster,
  request: InstallRequest,
  now: number,
  signal?: AbortSignal,
): Promise<Preparation> {
  const all = await readAll(cluster, signal);
  if ('forbidden' in all) return all;
  const { snapshot } = all.read;
  const { installed, info, carrier } = snapshot;
  const { options: recorded, warnings } = await loadOptions({
    ...request.sources,
    ...(installed ? { installed: installed.options } : {}),
  });
  const { canary = recorded.rollout.canary } = request;
  const options = { ...recorded, rollout: { ...recorded.rollout, canary } };
  const input = {
    options,
    recorded,
    installed,
    agents: snapshot.agents,
    group: snapshot.group,
    deployments: snapshot.deployments,
    marathon: { version: info.version, carrier },
    who: request.who,
    command: request.command,
    message: request.message,
    now,
  };
  const first = makePlan(input);
  // Where Marathon carries only ready and not ready, the agents that are not are asked whether they failed.
  const asks = carrier === 'health' && installed !== undefined && first.waves.length > 0;
  const plan = asks ? makePlan({ ...input, failed: await failedAgents(cluster, now, signal) }) : first;
  const done = plan.kind === 'nothing' || plan.kind === 'refused';
  const findings = done ? [] : preflight(await factsFor(cluster, all.read, options, plan, signal));
  return {
    prepared: { read: all.read, options, optionWarnings: warnings, plan, findings, stopped: stops(findings) },
  };
}

async function failedAgents(cluster: Cluster, now: number, signal?: AbortSignal): Promise<Set<string>> {
  const reader = new StatusReader({ ...statusSource(cluster), now: () => now });
  const { agents } = await reader.read(signal ? { signal } : {});
  return new Set(
    agents.filter(({ cells }) => cells.some(({ state }) => state === 'failed')).map(({ id }) => id),
  );
}

export interface CarryRequest {
  time: Time;
  listener: Listener;
  pauseAfterCanary: boolean;
  until?: number;
  signal?: AbortSignal;
}

/** Carries out what was prepared, and looks once more at the end. */
export async function carryInstall(
  cluster: Cluster,
  { read, options, plan }: Prepared,
  request: CarryRequest,
): Promise<{ carried: Carried; status: ClusterStatus; summary: Summary }> {
  const { info, carrier } = read.snapshot;
  const carried = await carryOut({
    plan,
    options,
    cluster,
    marathon: { version: info.version, carrier, frameworkId: info.frameworkId },
    ...request,
  });
  const status = await readStatus(cluster, request.time, request.signal);
  return { carried, status, summary: summaryOf(carried.ending, carried.state, status) };
}

export function readStatus(cluster: Cluster, time: Time, signal?: AbortSignal): Promise<ClusterStatus> {
  const reader = new StatusReader({ ...statusSource(cluster), now: () => time.now() });
  return reader.read(signal ? { signal } : {});
}
