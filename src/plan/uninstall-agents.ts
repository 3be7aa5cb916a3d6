// Taking Calico off some agents, while it stays on the others: they become excluded, and apps of their own take the steps off.
import type { AppDefinition, GroupDefinition, MarathonGroup, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { optionsDefinition } from '../steps/app-definition.ts';
import { STEPS } from '../steps/registry.ts';
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import { GroupTasks, isLive } from './agent-state.ts';
import { compareHosts } from './agent-type.ts';
import { appChanges, replacedSteps } from './change.ts';
import { classify } from './classify.ts';
import { planNumbers } from './numbers.ts';
import { makePlan, versionsOf } from './plan.ts';
import { record } from './record.ts';
import { turnApp } from './turn-app.ts';
import type { Refusal } from './types.ts';
import type { UninstallInput, UninstallPlan } from './uninstall.ts';
import { absentApp, boundTo, isRemoval } from './uninstall-apps.ts';
import { beingRemoved, unknownAgents } from './uninstall-refusals.ts';
import { restartsFor } from './uninstall-restarts.ts';
import { compare } from './wanted.ts';
import { planWaves } from './waves.ts';

/** Below `/calico/ops`: a PUT of `/calico` leaves it alone. */
export const REMOVAL = '/calico/ops/removal';

export interface AgentsPlan extends UninstallPlan {
  named: string[];
  /** The group in which they are excluded and owed; undefined: they are already. */
  exclude?: GroupDefinition;
  /** Whether that supersedes deployments of ours. */
  force: boolean;
  /** `/calico/options` with these agents still owed. */
  optionsApp(owed: readonly string[]): AppDefinition;
}

/** The subgroup of that id, at any depth. */
export function subgroup(group: MarathonGroup | undefined, id: string): MarathonGroup | undefined {
  if (!group || group.id === id) return group;
  return (group.groups ?? []).map((one) => subgroup(one, id)).find(Boolean);
}

/** @param named addresses, each once */
export function makeAgentsPlan(
  input: UninstallInput,
  named: readonly string[],
): AgentsPlan | { refusal: Refusal } {
  const { installed, agents, group, marathon } = input;
  const tasks = new GroupTasks(group);
  if (isRemoval(tasks)) return { refusal: beingRemoved() };
  const there = subgroup(group, REMOVAL);
  const before = there?.apps.map(boundTo).find(Boolean) ?? [];
  const hosts = [...new Set([...named, ...before])].sort(compareHosts);
  const strange = hosts.filter((host) => !isKnown(host, input, tasks));
  if (strange.length > 0) return { refusal: unknownAgents(strange) };
  const excluding = excluded(input, hosts);
  if ('refusal' in excluding) return excluding;

  const own = new GroupTasks(there);
  const options = without(installed.options, hosts);
  const steps = STEPS.filter((step) => step.isEnabled(options) || own.app(step.name));
  const names = steps.map(({ name }) => name);
  const request = { options, exclude: [], only: hosts, restart: input.restart, marathon };
  const definitions = steps.map((step) => absentApp(step, { ...request, instances: hosts.length }));
  const compared = compare(definitions, own);
  const onThem = (agent: MesosAgent) => hosts.includes(agent.hostname);
  const classified = classify({
    agents: agents.filter(onThem),
    steps: names,
    replaced: replacedSteps(compared),
    tasks: own,
    // What the tasks that go now hold there is free then.
    turnTasks: [...(turnApp(group)?.tasks ?? []), ...tasks.all].filter(isLive),
    needs: [...definitions, TURN_NEEDS],
    options,
    carrier: marathon.carrier,
  });
  const changes = appChanges(compared, own);
  const failedBefore = new Set([...(there ? classified.failedBefore : []), ...(input.failed ?? [])]);
  const restarts = restartsFor({ input, options, steps }, classified).filter(
    ({ agent }) => !failedBefore.has(agent.id),
  );
  const waves = planWaves({
    targets: classified.targets,
    restarts: new Set(restarts.map(({ agent }) => agent.id)),
    failedBefore,
    ready: classified.ready,
    rollout: options.rollout,
  });
  const clean = new Set(classified.ready.map(({ host }) => host));
  const owed = hosts.filter((host) => !clean.has(host));
  const idle = waves.waves.length === 0;
  return {
    kind: idle ? (owed.length > 0 ? (there ? 'owed' : 'uninstall') : 'drop') : there ? 'go on' : 'uninstall',
    named: hosts,
    ...excluding,
    options,
    owed,
    outOfReach: classified.leftOut,
    untouched: [],
    steps: names,
    ...(changes.length > 0 ? { put: { id: REMOVAL, apps: definitions } } : {}),
    changes,
    freed: [],
    versions: versionsOf(group),
    staleTurn: idle && turnApp(group) !== undefined,
    supersedes: [],
    takenUp: [],
    ...waves,
    restarts,
    ready: classified.ready,
    leftOut: classified.leftOut,
    numbers: planNumbers(changes, waves.waves, definitions, options),
    warnings: [],
  };
}

function isKnown(host: string, { agents, installed }: UninstallInput, tasks: GroupTasks): boolean {
  return (
    agents.some(({ hostname }) => hostname === host) ||
    installed.owed.includes(host) ||
    installed.covered?.includes(host) ||
    tasks.all.some((task) => task.host === host)
  );
}

function without(options: Options, hosts: readonly string[]): Options {
  const exclude = options.rollout.exclude.filter((host) => !hosts.includes(host));
  return { ...options, rollout: { ...options.rollout, exclude } };
}

/** They become excluded, as a change of options like any other, and owed. */
function excluded(
  input: UninstallInput,
  hosts: readonly string[],
): Pick<AgentsPlan, 'exclude' | 'force' | 'optionsApp'> | { refusal: Refusal } {
  const { installed, marathon } = input;
  const exclude = [...new Set([...installed.options.rollout.exclude, ...hosts])].sort(compareHosts);
  const options = { ...installed.options, rollout: { ...installed.options.rollout, exclude } };
  const change = { ...input, options, recorded: options, leave: true };
  const plan = makePlan(change);
  if (plan.refusal) return { refusal: plan.refusal };
  const kept = record(change);
  const optionsApp = (owed: readonly string[]) =>
    optionsDefinition({
      ...kept,
      owed: [...new Set([...kept.owed.filter((host) => !hosts.includes(host)), ...owed])].sort(compareHosts),
      ...(kept.covered
        ? { covered: kept.covered.filter((host) => !hosts.includes(host) || owed.includes(host)) }
        : {}),
      marathonVersion: marathon.version,
    });
  const app = optionsApp(hosts);
  const put = plan.put && {
    ...plan.put,
    apps: plan.put.apps.map((each) => (each.id === 'options' ? app : each)),
  };
  return { ...(put ? { exclude: put } : {}), force: plan.supersedes.length > 0, optionsApp };
}
