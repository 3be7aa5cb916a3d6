// An install from the first look to the plan: what `preflight`, `diff` and `install` have in common. Nothing is changed.
import { CHECKS, preflight, stoppedAgents, stops } from '../checks/run.ts';
import type { Facts, Finding, HostsAnswered } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { loadOptions, type OptionSources } from '../options/load.ts';
import type { OptionProblem } from '../options/problems.ts';
import type { Options, RolloutOptions } from '../options/types.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan, PlanInput } from '../plan/types.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { askAgents } from './ask-agents.ts';
import type { Time } from './carry-out.ts';
import type { Snapshot } from './cluster.ts';
import { factsFor, type Read, readAll } from './facts.ts';

/** How the agents themselves are asked. Without it they are not. */
export interface AskSettings {
  time: Time;
  /** Told before any task is started: on how many agents. */
  announce(agents: number): void;
  heard?: (answered: number, of: number) => void;
  readAtMost?: number;
}

export interface InstallRequest {
  sources: Omit<OptionSources, 'installed'>;
  /** `--canary`: for this run alone. */
  canary?: RolloutOptions['canary'];
  who: string;
  command: string;
  message: string;
  /** Further input of the plan: `undo`, `leave`. */
  plan?: Partial<PlanInput>;
  ask?: AskSettings;
  forDcos?: string;
  forDocker?: string;
  /** Findings, whether or not the plan has anything to do: `preflight`. */
  always?: boolean;
}

export interface Prepared {
  read: Read;
  options: Options;
  optionWarnings: OptionProblem[];
  plan: Plan;
  findings: Finding[];
  /** Whether a finding stops it. */
  stopped: boolean;
  /** What the agents told; undefined when none was asked. */
  hosts?: HostsAnswered;
}

/** Without the reads that the plan rests on there are only findings. */
export type Preparation = { prepared: Prepared } | { forbidden: Finding[] };

/**
 * Looks, asks the agents, checks and plans. Throws for options that cannot be used and for a cluster that does not answer.
 *
 * @param now ms since 1970
 */
export async function prepareInstall(
  cluster: Cluster,
  request: InstallRequest,
  now: number,
  signal?: AbortSignal,
): Promise<Preparation> {
  const all = await readAll(cluster, signal);
  if ('forbidden' in all) return all;
  const { snapshot } = all.read;
  const { options, recorded, warnings } = await optionsOf(request, snapshot);
  const input = planInput(request, snapshot, { options, recorded }, now);
  const first = makePlan(input);
  const idle = first.kind === 'nothing' || first.kind === 'refused';
  if (idle && !request.always)
    return {
      prepared: {
        read: all.read,
        options,
        optionWarnings: warnings,
        plan: first,
        findings: [],
        stopped: false,
      },
    };

  const upgrades = {
    ...(request.forDcos === undefined ? {} : { forDcos: request.forDcos }),
    ...(request.forDocker === undefined ? {} : { forDocker: request.forDocker }),
  };
  const facts = await factsFor(cluster, all.read, options, first, signal, upgrades);
  const hosts = await askedAgents(cluster, request, snapshot, facts, first, signal);
  const findings = preflight(hosts ? { ...facts, hosts } : facts);
  // Where Marathon carries only ready and not ready, the agents that are not are asked whether they failed.
  const asks = snapshot.carrier === 'health' && snapshot.installed !== undefined && first.waves.length > 0;
  const failed = new Set([
    ...(asks ? await failedAgents(cluster, now, signal) : []),
    ...stoppedIds(findings, first),
  ]);
  const plan = failed.size > 0 ? makePlan({ ...input, failed }) : first;
  return {
    prepared: {
      read: all.read,
      options,
      optionWarnings: warnings,
      plan,
      findings,
      stopped: stops(findings),
      ...(hosts ? { hosts } : {}),
    },
  };
}

async function optionsOf({ sources, canary }: InstallRequest, { installed }: Snapshot) {
  const { options: recorded, warnings } = await loadOptions({
    ...sources,
    ...(installed ? { installed: installed.options } : {}),
  });
  const rollout = { ...recorded.rollout, canary: canary ?? recorded.rollout.canary };
  return { options: { ...recorded, rollout }, recorded, warnings };
}

function planInput(
  { who, command, message, plan = {} }: InstallRequest,
  { installed, agents, group, deployments, info, carrier }: Snapshot,
  options: Pick<PlanInput, 'options'> & { recorded: Options },
  now: number,
): PlanInput {
  return {
    ...options,
    installed,
    agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    who,
    command,
    message,
    now,
    ...plan,
  };
}

/** Whoever is to be changed is asked; nobody where nothing could come of it. */
async function askedAgents(
  cluster: Cluster,
  { ask }: InstallRequest,
  snapshot: Snapshot,
  facts: Facts,
  plan: Plan,
  signal?: AbortSignal,
): Promise<HostsAnswered | undefined> {
  if (!ask || hopeless(facts)) return undefined;
  const agents: PlannedAgent[] = plan.waves.flatMap((wave) => wave.agents);
  if (agents.length === 0) return undefined;
  ask.announce(agents.length);
  return askAgents({
    cluster,
    snapshot,
    options: facts.options,
    agents,
    time: ask.time,
    ...(ask.heard ? { heard: ask.heard } : {}),
    ...(ask.readAtMost === undefined ? {} : { readAtMost: ask.readAtMost }),
    ...(signal ? { signal } : {}),
  });
}

/** What nobody can waive stops it already: no task is started for the rest. */
function hopeless(facts: Facts): boolean {
  const final = new Set(CHECKS.filter((check) => check.cannotBeWaived).map(({ code }) => code));
  return preflight(facts).some(({ code, severity }) => severity === 'stops' && final.has(code));
}

/**
 * Agents on which a step is known to stop, by id: they come last, and their failure counts for none. Where that is all of them there
 * are none: a rollout without a canary that counts would stop for nothing.
 */
function stoppedIds(findings: readonly Finding[], { waves }: Plan): string[] {
  const hosts = stoppedAgents(findings);
  const targets = waves.flatMap(({ agents }) => agents);
  const stopped = targets.filter(({ host }) => hosts.has(host)).map(({ id }) => id);
  return stopped.length === targets.length ? [] : stopped;
}

async function failedAgents(cluster: Cluster, now: number, signal?: AbortSignal): Promise<Set<string>> {
  const reader = new StatusReader({ ...statusSource(cluster), now: () => now });
  const { agents } = await reader.read(signal ? { signal } : {});
  return new Set(
    agents.filter(({ cells }) => cells.some(({ state }) => state === 'failed')).map(({ id }) => id),
  );
}
