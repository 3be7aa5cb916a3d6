// What a change of the groups means for the apps (mesosphere/marathon 1.11.24: core/deployment/DeploymentPlan.scala).
import type { App, Group, Root } from './app.ts';
import { allApps, findApp, findGroup, putApp, removeApp, removeGroup } from './groups.ts';
import { isConfigChange, isScaleOnly } from './versioning.ts';

export type ActionName = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

export interface Action {
  action: ActionName;
  app: App;
  /** Instances that shall go in any case when scaling down. */
  toKill?: readonly string[];
}

export interface Plan {
  id: string;
  original: Root;
  target: Root;
  steps: Action[][];
  version: string;
  affected: Set<string>;
}

/** Apps by the length of their chain of dependencies: those that others need come first. */
function levels(target: Group, ids: Set<string>): App[][] {
  const depth = new Map<string, number>();
  const depthOf = (id: string, seen: Set<string>): number => {
    const known = depth.get(id);
    if (known !== undefined) return known;
    if (seen.has(id)) return 0;
    const app = findApp(target, id);
    let longest = 0;
    for (const needed of app?.config.dependencies ?? []) {
      longest = Math.max(longest, depthOf(needed, new Set(seen).add(id)));
    }
    depth.set(id, longest + 1);
    return longest + 1;
  };
  const byDepth: App[][] = [];
  for (const app of allApps(target)) {
    if (!ids.has(app.id)) continue;
    const level = depthOf(app.id, new Set()) - 1;
    byDepth[level] = [...(byDepth[level] ?? []), app];
  }
  return byDepth.filter((level) => level !== undefined);
}

function actionFor(old: App | undefined, app: App, toKill?: readonly string[]): Action | undefined {
  if (!old) return { action: 'ScaleApplication', app };
  if (isScaleOnly(old, app) || app.instances === 0) {
    return toKill ? { action: 'ScaleApplication', app, toKill } : { action: 'ScaleApplication', app };
  }
  const restarted = old.version !== app.version;
  if (isConfigChange(old, app) || restarted) return { action: 'RestartApplication', app };
  return undefined;
}

export function planOf(
  id: string,
  original: Root,
  target: Root,
  toKill: ReadonlyMap<string, readonly string[]> = new Map(),
): Plan {
  const stops: Action[] = [];
  const starts: Action[] = [];
  const changed = new Set<string>();
  for (const app of allApps(original.group)) {
    if (!findApp(target.group, app.id)) stops.push({ action: 'StopApplication', app });
  }
  for (const app of allApps(target.group)) {
    const old = findApp(original.group, app.id);
    if (!old) starts.push({ action: 'StartApplication', app });
    if (old !== app) changed.add(app.id);
  }
  const steps = [stops, starts];
  for (const level of levels(target.group, changed)) {
    steps.push(
      level
        .map((app) => actionFor(findApp(original.group, app.id), app, toKill.get(app.id)))
        .filter((action) => action !== undefined),
    );
  }
  const effective = steps.filter((actions) => actions.length > 0);
  const affected = new Set(effective.flat().map(({ app }) => app.id));
  return { id, original, target, steps: effective, version: target.version, affected };
}

/** `now` without what `plan` changed; other changes made since stay (DeploymentPlanReverter.scala). */
export function reverted(plan: Plan, now: Group): Group {
  const { original, target } = plan;
  let result = now;
  for (const app of allApps(original.group)) {
    if (findApp(target.group, app.id) !== app) result = putApp(result, app);
  }
  for (const app of allApps(target.group)) {
    if (!findApp(original.group, app.id)) result = removeApp(result, app.id);
  }
  return withoutAddedGroups(original.group, target.group, result);
}

function withoutAddedGroups(original: Group, target: Group, now: Group): Group {
  let result = now;
  const visit = (group: Group, before: Group | undefined): void => {
    for (const inner of group.groups.values()) visit(inner, before?.groups.get(inner.id));
    if (before || group.id === '/') return;
    const current = findGroup(result, group.id);
    if (current && current.apps.size === 0 && current.groups.size === 0)
      result = removeGroup(result, group.id);
  };
  visit(target, original);
  return result;
}
