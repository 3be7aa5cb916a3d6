// An install from the first look to the plan: what `preflight`, `diff` and `install` have in common. Nothing is changed.
import { dockerRestart, interrupted } from '../checks/host-docker.ts';
import type { HostFacts } from '../checks/host-facts.ts';
import { CHECKS, preflight, stoppedAgents, stops } from '../checks/run.ts';
import type { Facts, Finding, HostsAnswered } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { loadOptions, type OptionSources } from '../options/load.ts';
import type { OptionProblem } from '../options/problems.ts';
import type { Options, RolloutOptions } from '../options/types.ts';
import { makePlan } from '../plan/plan.ts';
import type { RestartNeed } from '../plan/restarts.ts';
import type { Plan, PlanInput } from '../plan/types.ts';
import { notInstalled } from '../plan/uninstall-refusals.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { timeText } from '../status/duration.ts';
import { askAgents } from './ask-agents.ts';
import type { Time } from './carry-out.ts';
import type { Snapshot } from './cluster.ts';
import { pausedIn, skippedIn } from './control.ts';
import { factsFor, type Read, readAll } from './facts.ts';
import type { PlanFile } from './plan-file.ts';
import { merged, reported } from './reported.ts';
import { runsOn } from './runs-on.ts';

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
  /** Only what is installed is gone on with: on a cluster without Calico nothing is begun. */
  installedOnly?: boolean;
  /** Findings, whether or not the plan has anything to do: `preflight`. */
  always?: boolean;
  /** A plan that was reviewed: its request is made anew, and nothing else counts. */
  reviewed?: PlanFile;
}

export interface Prepared {
  /** When it was made, ms since 1970. */
  now: number;
  read: Read;
  options: Options;
  /** What a first install records: the options without what is for one run alone. */
  recorded: Options;
  optionWarnings: OptionProblem[];
  plan: Plan;
  /** Of a reviewed plan: the same, with whoever carries it out on record. */
  carried?: Plan;
  findings: Finding[];
  /** Whether a finding stops it. */
  stopped: boolean;
  /** What the agents told; undefined when none was asked. */
  hosts?: HostsAnswered;
  /** Ids of agents that come last: they failed, or are known to. */
  failed: string[];
  /** By agent id: what those that were asked say of a restart. */
  restarts: ReadonlyMap<string, RestartNeed>;
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
  const { reviewed } = request;
  if (request.installedOnly && !snapshot.group?.apps.length) throw new UserError({ ...notInstalled() });
  const { options, recorded, warnings } = reviewed
    ? { ...reviewed, warnings: [] }
    : await optionsOf(request, snapshot);
  const input = reviewed
    ? planInput({ ...reviewed, plan: reviewed.input }, snapshot, reviewed, Date.parse(reviewed.made))
    : planInput(request, snapshot, { options, recorded }, now);
  const base = { now, read: all.read, options, recorded, optionWarnings: warnings };
  const told = reviewed ? undefined : await reported(cluster, snapshot, now, signal);
  const first = makePlan({ ...input, ...told });
  const idle = first.kind === 'nothing' || first.kind === 'refused';
  if (idle && !request.always)
    return {
      prepared: { ...base, plan: first, findings: [], stopped: false, failed: [], restarts: new Map() },
    };

  const upgrades = {
    ...(request.forDcos === undefined ? {} : { forDcos: request.forDcos }),
    ...(request.forDocker === undefined ? {} : { forDocker: request.forDocker }),
  };
  const facts = await factsFor(cluster, all.read, options, first, signal, upgrades);
  const hosts = await askedAgents(cluster, request, snapshot, facts, first, signal);
  const findings = preflight(hosts ? { ...facts, hosts } : facts);
  const failed = reviewed
    ? new Set(reviewed.failed)
    : new Set([...(told?.failed ?? []), ...stoppedIds(findings, first)]);
  const restarts = reviewed
    ? new Map(reviewed.restarts)
    : merged(told?.restarts ?? new Map(), restartsOf(hosts, first, options));
  const known = failed.size + restarts.size > 0;
  const heard = known ? { failed, restarts } : {};
  const asked = known ? makePlan({ ...input, ...heard }) : first;
  const elsewhere = await runsOn(cluster, asked.waves, restarts, signal);
  const plan = elsewhere.size > 0 ? makePlan({ ...input, ...heard, runsOn: elsewhere }) : asked;
  return {
    prepared: {
      ...base,
      plan,
      ...(reviewed ? { carried: makePlan({ ...input, ...heard, ...onRecord(request, reviewed, now) }) } : {}),
      findings,
      stopped: stops(findings),
      ...(hosts ? { hosts } : {}),
      failed: [...failed].sort(),
      restarts,
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
  { who, command, message, plan = {} }: Pick<InstallRequest, 'who' | 'command' | 'message' | 'plan'>,
  { installed, agents, group, deployments, info, carrier }: Snapshot,
  { options, recorded }: { options: Options; recorded: Options },
  now: number,
): PlanInput {
  return {
    options,
    recorded,
    installed,
    agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    who,
    command,
    message,
    now,
    skipped: skippedIn(group),
    paused: pausedIn(group),
    ...plan,
  };
}

/** Who carries a reviewed plan out, when and how; who made it stands in the message. */
function onRecord(request: InstallRequest, { who, made, message }: PlanFile, now: number) {
  const why = request.message || message;
  const author = `plan of ${who}, ${timeText(made)}`;
  return {
    who: request.who,
    command: request.command,
    message: why ? `${why} (${author})` : author,
    now,
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

/** Whether Docker must be restarted, and what that ends: of each agent that was asked, so that nothing is ended that it did not name. */
function restartsOf(
  hosts: HostsAnswered | undefined,
  { waves }: Plan,
  options: Options,
): Map<string, RestartNeed> {
  const byHost = new Map((hosts?.told ?? []).map((facts) => [facts.host, facts]));
  return new Map(
    waves
      .flatMap(({ agents }) => agents)
      .flatMap(({ id, host }) => {
        const facts = byHost.get(host);
        if (!facts) return [];
        const reason = dockerRestart(facts, options) ?? reportedRestart(facts);
        const need = { reason, interrupts: interrupted(facts) };
        return [[id, need] as const];
      }),
  );
}

/** What a step says that it could not do without. */
function reportedRestart({ steps }: HostFacts): string {
  return Object.values(steps)
    .filter(({ needs }) => needs.some((need) => need.startsWith('restart ')))
    .map(({ reason }) => reason)
    .join('; ');
}
