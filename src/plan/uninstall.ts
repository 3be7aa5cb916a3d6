// From what is installed to what takes it off again. Pure: the same input gives the same plan.
import type {
  AppDefinition,
  GroupDefinition,
  MarathonGroup,
  MarathonTask,
  MesosAgent,
} from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { hasRoles, type InstalledOptions } from '../steps/app-definition.ts';
import { STEPS } from '../steps/registry.ts';
import type { StepName } from '../steps/state.ts';
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import type { Step } from '../steps/types.ts';
import { GroupTasks, isLive, stepOf } from './agent-state.ts';
import { compareHosts, isWindows } from './agent-type.ts';
import { appChanges, groupDefinition, replacedSteps } from './change.ts';
import { type Classified, classify } from './classify.ts';
import { goneAgents } from './covered.ts';
import { cutOffApps } from './cut-off-apps.ts';
import { concernsUs, ownDeployment } from './deployments.ts';
import { lostForGood, strays, wantedInstances } from './instances.ts';
import { planNumbers } from './numbers.ts';
import { versionsOf } from './plan.ts';
import * as refusal from './refusals.ts';
import { turnApp } from './turn-app.ts';
import type { LeftOut, Plan, PlanInput, Refusal } from './types.ts';
import { type AbsentRequest, absentApp, boundTo, isRemoval } from './uninstall-apps.ts';
import { restartsFor } from './uninstall-restarts.ts';
import { compare, optionsApp, stepApp } from './wanted.ts';
import { planWaves } from './waves.ts';

export interface UninstallInput extends Omit<PlanInput, 'options' | 'recorded'> {
  installed: InstalledOptions;
  /** Whether Docker may be restarted where it keeps the store otherwise. */
  restart: boolean;
}

export type UninstallKind =
  /** Calico is on agents, and nothing has begun to take it off. */
  | 'uninstall'
  /** It was begun, and agents that are still owed can be finished now. */
  | 'go on'
  /** Every agent that is still owed is out of reach. */
  | 'owed'
  /** All are clean: only the group is to be deleted. */
  | 'drop'
  | 'refused';

export interface UninstallPlan extends Omit<Plan, 'kind' | 'differences'> {
  kind: UninstallKind;
  /** The installed ones, except that an agent that has Calico is not excluded. */
  options: Options;
  /** Addresses of all agents that had Calico and are not verified clean. */
  owed: string[];
  /** Of them, those that cannot be reached now, with why. */
  outOfReach: LeftOut[];
  /** Agents that never had Calico: Windows, and those that the options exclude. */
  untouched: string[];
}

/** What the plan is made from, once it is known who had Calico. */
export interface Known {
  input: UninstallInput;
  tasks: GroupTasks;
  begun: boolean;
  had(agent: { id: string; host: string }): boolean;
  options: Options;
  steps: Step[];
  /** What every app says; instances apart. */
  request: Omit<AbsentRequest, 'instances'>;
}

function known(input: UninstallInput): Known {
  const { installed, agents, group, marathon, restart } = input;
  const tasks = new GroupTasks(group);
  const ids = new Set(tasks.agentIds());
  const owed = new Set(installed.owed);
  const covered = new Set(installed.covered ?? []);
  const begun = isRemoval(tasks);
  // Once begun the record alone counts: it has held everybody since, and those who are done have tasks for a while yet.
  const had = ({ id, host }: { id: string; host: string }) =>
    owed.has(host) || (!begun && (covered.has(host) || (!installed.covered && ids.has(id))));
  const exclude = installed.options.rollout.exclude.filter(
    (host) =>
      !owed.has(host) &&
      !covered.has(host) &&
      !agents.some((agent) => agent.hostname === host && ids.has(agent.id)),
  );
  const options = { ...installed.options, rollout: { ...installed.options.rollout, exclude } };
  // The steps that left something: those that the options want, and those whose app is still there.
  const steps = STEPS.filter((step) => step.isEnabled(options) || tasks.app(step.name));
  const only = begun ? boundTo(steps.map(({ name }) => tasks.app(name)).find(Boolean)) : undefined;
  return { input, tasks, begun, had, options, steps, request: { options, exclude, only, restart, marathon } };
}

/** Makes the plan. Never throws for what a cluster may be like: what stops it is the plan's `refusal`. */
export function makeUninstallPlan(input: UninstallInput): UninstallPlan {
  const cluster = known(input);
  const { tasks, begun, options, steps, request } = cluster;
  const { marathon, agents, group } = input;
  const names = steps.map(({ name }) => name);
  const shapes = steps.map((step) => absentApp(step, { ...request, instances: 0 }));
  const replaced = replacedSteps(compare(shapes, tasks));
  const classified = classifiedOf(cluster, names, shapes, replaced);
  const lost = lostForGood(agents, group?.apps.flatMap((app) => app.tasks ?? []) ?? []);
  const freed = request.only ? [...lost, ...doneWith(group, request.only)] : lost;
  const outOfReach = [
    ...unreached(cluster, classified, new Set(lost.map(({ task }) => task.slaveId))),
    ...(begun ? [] : goneAgents(input.installed, agents, tasks)),
  ];
  const owed = owedHosts(classified, outOfReach, input.installed.owed);
  const gone = new Set(freed.map(({ task }) => task.id));
  const targets = new Set(classified.targets.map(({ id }) => id));
  const { leftOut } = classified;
  const places = { agents, leftOut, targets, tasks, definitions: shapes, replaced, freed: gone };
  const unasked = request.only ? [] : strays({ ...places, excluded: new Set(request.exclude) });
  const definitions = steps.map((step) =>
    absentApp(step, {
      ...request,
      instances: request.only?.length ?? wantedInstances(step.name, places, unasked),
    }),
  );
  const compared = compare(
    [optionsApp({ ...input.installed, owed }, { options, marathon }), ...definitions],
    tasks,
  );
  const failedBefore = new Set([...(begun ? classified.failedBefore : []), ...(input.failed ?? [])]);
  const restarts = restartsFor(cluster, classified).filter(({ agent }) => !failedBefore.has(agent.id));
  const waves = planWaves({
    targets: classified.targets,
    restarts: new Set(restarts.map(({ agent }) => agent.id)),
    failedBefore,
    ready: classified.ready,
    rollout: options.rollout,
  });
  // Agents out of reach still need their apps turned round, for when they are back.
  const idle = waves.waves.length === 0 && (begun || owed.length === 0);
  const changes = idle ? [] : appChanges(compared, tasks);
  const open = input.deployments.filter(concernsUs);
  const byHand = changedByHand(cluster);
  const foreign = open.filter((deployment) => !ownDeployment(deployment, byHand));
  const refused = refuse(input, names, changes.length > 0 ? foreign : []);
  return {
    kind: refused ? 'refused' : kindOf(begun, idle, owed),
    ...(refused ? { refusal: refused } : {}),
    options,
    owed,
    outOfReach,
    untouched: untouched(input, request.exclude),
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
    freed: idle ? [] : freed,
    versions: versionsOf(group),
    staleTurn: idle && turnApp(group) !== undefined,
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
    warnings: [],
  };
}

function classifiedOf(
  { input, tasks, begun, had, options }: Known,
  names: StepName[],
  shapes: readonly AppDefinition[],
  replaced: ReadonlySet<StepName>,
): Classified {
  const turnTasks: MarathonTask[] = (turnApp(input.group)?.tasks ?? []).filter(isLive);
  const classified = classify({
    // Once begun, an agent that joined since has nothing to be taken off.
    agents: input.agents.filter((agent) => !isWindows(agent) && (!begun || had(named(agent)))),
    steps: names,
    replaced,
    tasks,
    turnTasks,
    needs: [...shapes, TURN_NEEDS],
    options,
    carrier: input.marathon.carrier,
  });
  return { ...classified, leftOut: classified.leftOut.filter(({ agent }) => !begun || had(agent)) };
}

/**
 * Once the apps are bound to the agents that are still owed: tasks of others, and tasks from before. Marathon replaces as many as it
 * counts healthy, those that are out of sight first; one of them that stays holds its only place, and the owed agent gets no task for
 * good. So they are given up.
 */
function doneWith(group: MarathonGroup | undefined, owed: readonly string[]): Plan['freed'] {
  return (group?.apps ?? []).flatMap((app) => {
    const since = app.versionInfo?.lastConfigChangeAt ?? app.version;
    return (app.tasks ?? [])
      .filter(({ host = '', version }) => !owed.includes(host) || version < since)
      .map((task) => ({ task, reason: 'it is in the way of the agents that are still owed' }));
  });
}

const named = ({ id, hostname }: MesosAgent) => ({ id, host: hostname });

/** Agents that had Calico and cannot have a turn now. Whose address has another agent now is gone, and that one is looked at. */
function unreached({ had }: Known, { leftOut }: Classified, replaced: ReadonlySet<unknown>): LeftOut[] {
  return leftOut.filter(({ agent }) => had(agent) && !replaced.has(agent.id));
}

/** Nobody is forgotten because Mesos or Marathon no longer lists them: only a verified host is struck off. */
function owedHosts(
  { targets, ready }: Classified,
  outOfReach: readonly LeftOut[],
  before: readonly string[],
): string[] {
  const hosts = new Set([...targets, ...outOfReach.map(({ agent }) => agent)].map(({ host }) => host));
  const clean = new Set(ready.map(({ host }) => host));
  for (const host of before) if (!clean.has(host)) hosts.add(host);
  return [...hosts].sort(compareHosts);
}

/** Apps that are neither as the options want them nor as an uninstall makes them, with restarts or without. */
function changedByHand({ input, tasks, steps, request }: Known): Set<string> {
  const installed = { options: input.installed.options, marathon: input.marathon };
  const forms = [
    steps.map((step) => stepApp(step, 0, installed)),
    ...[true, false].map((restart) =>
      steps.map((step) => absentApp(step, { ...request, restart, instances: 0 })),
    ),
  ].map((definitions) => compare(definitions, tasks));
  return new Set(
    steps.flatMap((_, index) => {
      const app = forms[0]![index]!.app;
      return app && forms.every((form) => form[index]!.fields.length > 0) ? [app.id] : [];
    }),
  );
}

function untouched({ agents }: UninstallInput, exclude: readonly string[]): string[] {
  return agents
    .filter((agent) => isWindows(agent) || exclude.includes(agent.hostname))
    .map(({ hostname }) => hostname)
    .sort(compareHosts);
}

function kindOf(begun: boolean, idle: boolean, owed: readonly string[]): UninstallKind {
  if (!idle) return begun ? 'go on' : 'uninstall';
  return owed.length > 0 ? 'owed' : 'drop';
}

function refuse(
  { group, agents }: UninstallInput,
  steps: readonly string[],
  foreign: PlanInput['deployments'][number][],
): Refusal | undefined {
  const strangers = (group?.apps ?? [])
    .map(({ id }) => id)
    .filter((id) => stepOf(id) !== 'options' && !steps.includes(stepOf(id)));
  if (strangers.length > 0) return refusal.strangers(strangers);
  if (agents.length === 0) return refusal.noAgents();
  return foreign.length > 0 ? refusal.locked(foreign) : undefined;
}

/**
 * After a run to its end: the apps bound to the agents that are still owed, so that all others give back what they reserve.
 * Undefined: the apps are as they should be.
 */
export function narrowedGroup(
  input: UninstallInput,
  { owed, steps: names }: UninstallPlan,
): GroupDefinition | undefined {
  const { tasks, options, steps, request } = known(input);
  const definitions = steps
    .filter(({ name }) => names.includes(name))
    .map((step) => absentApp(step, { ...request, only: owed, instances: owed.length }));
  const { marathon } = input;
  const compared = compare(
    [optionsApp({ ...input.installed, owed }, { options, marathon }), ...definitions],
    tasks,
  );
  if (compared.every(({ app, fields }) => app && fields.length === 0)) return undefined;
  // Where nobody is done nothing is to be given back.
  const busy = new Set(tasks.all.map(({ host }) => host));
  if ([...busy].every((host) => owed.includes(host ?? ''))) return undefined;
  return groupDefinition(
    compared.map(({ definition }) => definition),
    hasRoles(marathon.version),
  );
}
