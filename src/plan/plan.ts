// From what is wanted and what is there to what is to be done. Pure: the same input gives the same plan.
import type { MarathonApp, MarathonGroup, MarathonTask } from '../dcos/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import { hasRoles, type InstalledOptions } from '../steps/app-definition.ts';
import { STEP_NAMES } from '../steps/state.ts';
import { GroupTasks, isLive, stepOf } from './agent-state.ts';
import { appChanges, groupDefinition, replacedSteps } from './change.ts';
import { classify } from './classify.ts';
import { concernsUs, ownDeployment } from './deployments.ts';
import { changedOptions } from './differences.ts';
import { lostForGood, wantedInstances } from './instances.ts';
import { planNumbers } from './numbers.ts';
import * as refusal from './refusals.ts';
import { settleSeconds } from './settling.ts';
import type { AppChange, Plan, PlanInput, PlanKind, Refusal } from './types.ts';
import { compare, enabledSteps, optionsApp, stepApp, turnNeeds } from './wanted.ts';
import { warnings } from './warnings.ts';
import { planWaves } from './waves.ts';

/** The app of the turn in the group's subgroup, if there is one. */
export function turnApp(group: MarathonGroup | undefined): MarathonApp | undefined {
  return group?.groups
    ?.find(({ id }) => id === '/calico/ops')
    ?.apps.find(({ id }) => id === '/calico/ops/turn');
}

/** What the installed options are kept as; what is asked for, when there are none. */
function record(input: PlanInput): InstalledOptions {
  if (input.installed) return input.installed;
  const { who, command, message, options, recorded = options } = input;
  return { options: recorded, who, when: new Date(input.now).toISOString(), command, message, owed: [] };
}

/** Version by id of every app that a write would rest on. */
export function versionsOf(group: MarathonGroup | undefined): Record<string, string> {
  const turn = turnApp(group);
  return Object.fromEntries(
    [...(group?.apps ?? []), ...(turn ? [turn] : [])].map((app) => [app.id, app.version]),
  );
}

/** Makes the plan. Never throws for what a cluster may be like: what stops it is the plan's `refusal`. */
export function makePlan(input: PlanInput): Plan {
  const { options, agents, marathon } = input;
  const tasks = new GroupTasks(input.group);
  const steps = enabledSteps(options);
  const names = steps.map(({ name }) => name);
  const turnTasks: MarathonTask[] = (turnApp(input.group)?.tasks ?? []).filter(isLive);

  // Instances do not count here: they follow from who is eligible, which follows from whose tasks are replaced.
  const shapes = steps.map((step) => stepApp(step, 0, input));
  const replaced = replacedSteps(compare(shapes, tasks));
  const classified = classify({
    agents,
    steps: names,
    replaced,
    tasks,
    turnTasks,
    needs: [...shapes, turnNeeds(input)],
    options,
    carrier: marathon.carrier,
  });
  const freed = lostForGood(agents, input.group?.apps.flatMap((app) => app.tasks ?? []) ?? []);
  const gone = new Set(freed.map(({ task }) => task.id));
  const definitions = steps.map((step) =>
    stepApp(step, wantedInstances(step.name, tasks, classified.targets, gone), input),
  );
  const compared = compare([optionsApp(record(input), input), ...definitions], tasks);
  const changes = appChanges(compared, tasks);
  const handEdited = compared.filter(({ app, fields }) => app && fields.length > 0);
  const own = new Set(handEdited.map(({ app }) => app!.id));
  const open = input.deployments.filter(concernsUs);
  const foreign = open.filter((deployment) => !ownDeployment(deployment, own));
  const waves = planWaves({
    targets: classified.targets,
    failedBefore: new Set([...classified.failedBefore, ...(input.failed ?? [])]),
    ready: classified.ready,
    rollout: options.rollout,
  });
  const differences = input.installed ? changedOptions(input.installed.options, options) : [];
  const refused = refuse(input, { differences, foreign, changes, classified, steps: names });
  const staleTurn = waves.waves.length === 0 && turnApp(input.group) !== undefined;
  const kind = kindOf(input, changes, waves.waves.length > 0 || staleTurn, freed.length);
  return {
    kind: refused ? 'refused' : kind,
    ...(refused ? { refusal: refused } : {}),
    differences,
    steps: names,
    ...(changes.length > 0 && !refused
      ? {
          put: groupDefinition(
            compared.map(({ definition }) => definition),
            hasRoles(marathon.version),
          ),
        }
      : {}),
    changes,
    freed,
    versions: versionsOf(input.group),
    staleTurn,
    supersedes: open.filter((deployment) => !foreign.includes(deployment)).map(({ id }) => id),
    ...waves,
    ready: classified.ready,
    leftOut: classified.leftOut,
    numbers: planNumbers(changes, waves.waves, definitions, settleSeconds(options)),
    warnings: warnings(input, { handEdited, replaced, turnTasks }),
  };
}

function kindOf(
  input: PlanInput,
  changes: readonly AppChange[],
  turns: boolean,
  freed: number,
): Exclude<PlanKind, 'refused'> {
  if (changes.some(({ how }) => how === 'replace')) return 'put back';
  if (changes.some(({ how }) => how === 'create')) return input.installed ? 'put back' : 'install';
  if (changes.length > 0 || freed > 0) return 'cover';
  return turns ? 'go on' : 'nothing';
}

interface Found {
  differences: OptionDifference[];
  foreign: PlanInput['deployments'][number][];
  changes: readonly AppChange[];
  classified: ReturnType<typeof classify>;
  steps: readonly string[];
}

/** The first reason not to go on, the one that the others follow from. */
function refuse(input: PlanInput, found: Found): Refusal | undefined {
  const { group, installed, agents, options } = input;
  const apps = group?.apps ?? [];
  if (apps.length > 0 && !installed)
    return apps.some(({ id }) => isOurs(id, STEP_NAMES)) ? refusal.optionsLost() : refusal.foreignGroup(apps);
  const strangers = apps.map(({ id }) => id).filter((id) => !isOurs(id, found.steps));
  if (installed && found.differences.length > 0) {
    const excluded = excludedWithTasks(input);
    return excluded.length > 0
      ? refusal.excludedHasCalico(excluded, installed)
      : refusal.otherOptions(found.differences, installed);
  }
  if (strangers.length > 0) return refusal.strangers(strangers);
  if (agents.length === 0) return refusal.noAgents();
  const { canary } = options.rollout;
  if (Array.isArray(canary)) {
    const unknown = canary.filter((host) => !agents.some((agent) => agent.hostname === host));
    if (unknown.length > 0) return refusal.unknownCanary(unknown);
  }
  if (!installed && found.classified.targets.length === 0) return refusal.nowhere();
  if (found.changes.length > 0 && found.foreign.length > 0) return refusal.locked(found.foreign);
  return undefined;
}

function isOurs(appId: string, steps: readonly string[]): boolean {
  return stepOf(appId) === 'options' || steps.includes(stepOf(appId));
}

/** Agents that the options exclude and that have a task of ours. */
function excludedWithTasks({ agents, group, options }: PlanInput): string[] {
  const tasks = new GroupTasks(group);
  return agents
    .filter((agent) => options.rollout.exclude.includes(agent.hostname) && tasks.on(agent.id).length > 0)
    .map((agent) => agent.hostname);
}
