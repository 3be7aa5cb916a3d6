// From what is wanted and what is there to what is to be done. Pure: the same input gives the same plan.
import type { MarathonGroup, MarathonTask } from '../dcos/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import { hasRoles } from '../steps/app-definition.ts';
import { STEPS } from '../steps/registry.ts';
import { STEP_NAMES } from '../steps/state.ts';
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import type { Step } from '../steps/types.ts';
import { isVerifiedAbsent } from './absent.ts';
import { GroupTasks, isLive, stepOf } from './agent-state.ts';
import { appChanges, type Difference, drops, groupDefinition, replacedSteps } from './change.ts';
import { classify } from './classify.ts';
import { coveredBy } from './covered.ts';
import { cutOffApps } from './cut-off-apps.ts';
import { concernsUs, ownDeployment } from './deployments.ts';
import { changedOptions } from './differences.ts';
import { stepEffects } from './effects.ts';
import { lostForGood, strays, wantedInstances } from './instances.ts';
import { keptForGone } from './kept-for-gone.ts';
import { cannotChange } from './living.ts';
import { planNumbers } from './numbers.ts';
import { record } from './record.ts';
import * as refusal from './refusals.ts';
import { repairAlone } from './repair-plan.ts';
import { restartsAlone } from './restart-plan.ts';
import { plannedRestarts } from './restarts.ts';
import { turnApp } from './turn-app.ts';
import type { AppChange, Plan, PlanInput, PlanKind, Refusal } from './types.ts';
import { compare, enabledSteps, optionsApp, stepApp, stepsToRemove } from './wanted.ts';
import { warnings } from './warnings.ts';
import { planWaves } from './waves.ts';

/** Version by id of every app that a write would rest on. */
export function versionsOf(group: MarathonGroup | undefined): Record<string, string> {
  const turn = turnApp(group);
  return Object.fromEntries(
    [...(group?.apps ?? []), ...(turn ? [turn] : [])].map((app) => [app.id, app.version]),
  );
}

/** Makes the plan. Never throws for what a cluster may be like: what stops it is the plan's `refusal`. */
export function makePlan(input: PlanInput): Plan {
  const plan = wholePlan(input);
  if (input.restartOnly) return restartsAlone(plan, input);
  return input.repair ? repairAlone(plan, input) : plan;
}

function wholePlan(input: PlanInput): Plan {
  const { options, marathon } = input;
  const tasks = new GroupTasks(input.group);
  const wanted = enabledSteps(options);
  const freed = lostForGood(input.agents, input.group?.apps.flatMap((app) => app.tasks ?? []) ?? []);
  const gone = new Set(freed.map(({ task }) => task.id));
  const removing = stepsToRemove(options, tasks);
  const turnTasks: MarathonTask[] = (turnApp(input.group)?.tasks ?? []).filter(isLive);
  const verified = removing
    .filter(({ name }) => isVerifiedAbsent(name, input, tasks, gone))
    .map(({ name }) => name);
  const steps = inTheirOrder([...wanted, ...removing.filter(({ name }) => !verified.includes(name))]);
  const names = steps.map(({ name }) => name);

  // Instances do not count here: they follow from who is eligible, which follows from whose tasks are replaced.
  const shapes = steps.map((step) => stepApp(step, 0, input));
  const replaced = replacedSteps(compare(shapes, tasks));
  const classified = classify({
    agents: input.agents,
    steps: names,
    replaced,
    tasks,
    turnTasks,
    needs: [...shapes, TURN_NEEDS],
    skipped: stillSkipped(input),
    ...(input.installed ? { since: Date.parse(input.installed.when) } : {}),
    options,
    carrier: marathon.carrier,
  });
  const excluded = new Set(options.rollout.exclude);
  const targets = new Set(classified.targets.map(({ id }) => id));
  const { leftOut } = classified;
  const places = { ...input, leftOut, targets, tasks, definitions: shapes, replaced, freed: gone, excluded };
  const unasked = strays(places);
  const definitions = steps.map((step) => stepApp(step, wantedInstances(step.name, places, unasked), input));
  const apps = compare(definitions, tasks);
  const dropped = drops(verified, tasks);
  const kept = record(input);
  const writes = [apps, compare([optionsApp(kept, input)], tasks)].some(differ) || dropped.length > 0;
  const covered = coveredBy(kept, classified, tasks, writes);
  const recorded = { ...kept, ...(covered ? { covered } : {}) };
  const compared = [...compare([optionsApp(recorded, input)], tasks), ...apps];
  const changes = [...appChanges(compared, tasks), ...dropped];
  const edited = handEdited(input, tasks);
  const own = new Set(edited.map(({ app }) => app!.id));
  const open = input.deployments.filter(concernsUs);
  const there = new Set((input.group?.apps ?? []).map(({ id }) => id));
  const foreign = open.filter((deployment) => !ownDeployment(deployment, own, there));
  const { restartPending: pending, dockerWaiting: waiting } = classified;
  const restarts = plannedRestarts(classified.targets, { pending, waiting }, input).filter(
    ({ agent }) => !classified.failedBefore.has(agent.id) && !input.failed?.has(agent.id),
  );
  const waves = planWaves({
    targets: classified.targets,
    restarts: new Set(restarts.map(({ agent }) => agent.id)),
    failedBefore: new Set([...classified.failedBefore, ...(input.failed ?? [])]),
    ready: classified.ready,
    rollout: options.rollout,
  });
  const differences = input.installed ? changedOptions(input.installed.options, options) : [];
  const refused = refuse(input, {
    differences,
    foreign,
    changes,
    classified,
    steps: [...names, ...verified],
  });
  const off = names.filter((name) => removing.some((step) => step.name === name));
  const keptFor = keptForGone(off, input.installed, input.agents, tasks);
  const staleTurn = waves.waves.length === 0 && turnApp(input.group) !== undefined;
  const kind = kindOf(input, { differences, changes, turns: waves.waves.length > 0 || staleTurn, freed });
  return {
    kind: refused ? 'refused' : kind,
    ...(refused ? { refusal: refused } : {}),
    differences,
    steps: names,
    effects: stepEffects(changes, differences, input),
    removing: off,
    ...(keptFor ? { keptFor } : {}),
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
    takenUp: refused
      ? []
      : cutOffApps({
          steps: names,
          tasks,
          open: open.filter((deployment) => !foreign.includes(deployment)),
          changes,
          puts: changes.length > 0,
        }),
    ...waves,
    restarts,
    ready: classified.ready,
    leftOut,
    strays: changes.length > 0 ? unasked : [],
    numbers: planNumbers(changes, waves.waves, definitions, options),
    warnings: warnings(input, {
      differences,
      waves: waves.waves,
      handEdited: edited,
      turnTasks,
      unasked,
      keptFor,
    }),
  };
}

function differ(compared: readonly Difference[]): boolean {
  return compared.some(
    ({ definition, app, fields }) => !app || fields.length > 0 || app.instances !== definition.instances,
  );
}

/** Repairing an agent ends that it is skipped. */
function stillSkipped({ skipped = new Map(), repair }: PlanInput): ReadonlyMap<string, string> {
  return repair ? new Map([...skipped].filter(([id]) => !repair.has(id))) : skipped;
}

function inTheirOrder(steps: readonly Step[]): Step[] {
  return STEPS.filter((step) => steps.includes(step));
}

/** Apps that are not as the installed options make them: somebody else changed them. */
function handEdited(input: PlanInput, tasks: GroupTasks): Difference[] {
  const { installed } = input;
  if (!installed) return [];
  const before = { ...input, options: installed.options };
  const steps = enabledSteps(installed.options);
  const removing = stepsToRemove(installed.options, tasks);
  const apps = [...steps, ...removing].map((step) => stepApp(step, 0, before));
  return compare([optionsApp(installed, input), ...apps], tasks).filter(
    ({ app, fields }) => app && fields.length > 0,
  );
}

interface Made {
  differences: readonly OptionDifference[];
  changes: readonly AppChange[];
  turns: boolean;
  freed: readonly unknown[];
}

function kindOf(
  { installed }: PlanInput,
  { differences, changes, turns, freed }: Made,
): Exclude<PlanKind, 'refused'> {
  const has = (how: AppChange['how']) => changes.some((change) => change.how === how && !isRecord(change));
  if (differences.length > 0 && changes.length > 0) return 'change';
  if (has('replace')) return 'put back';
  if (has('create')) return installed ? 'put back' : 'install';
  if (has('scale') || freed.length > 0) return 'cover';
  if (turns) return 'go on';
  return has('drop') ? 'drop' : 'nothing';
}

/** Who has Calico is written down anew, and nothing else of the options. */
function isRecord({ step, fields }: AppChange): boolean {
  return (
    step === 'options' && fields.length > 0 && fields.every((field) => field === 'env.DCOS_CALICO_COVERED')
  );
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
    const excluded = input.leave ? [] : excludedWithTasks(input);
    if (excluded.length > 0) return refusal.excludedHasCalico(excluded, installed);
    const cannot = input.migrated ? undefined : cannotChange(found.differences, installed.options, options);
    if (cannot) return cannot;
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
