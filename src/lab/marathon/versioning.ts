// Which version a changed app gets (mesosphere/marathon 1.11.24: upgrade/GroupVersioningUtil.scala, state/VersionInfo.scala).
import type { App, Group } from './app.ts';
import { allApps, findApp, putApp } from './groups.ts';

export function isConfigChange(from: App, to: App): boolean {
  return from.key !== to.key;
}

export function isScaleOnly(from: App, to: App): boolean {
  return from.key === to.key && from.instances !== to.instances;
}

function versioned(from: App | undefined, to: App, version: string): App {
  const { restart, ...app } = to;
  if (!from || isConfigChange(from, to)) {
    return { ...app, version, lastScalingAt: version, lastConfigChangeAt: version };
  }
  const { lastScalingAt, lastConfigChangeAt } = from;
  if (isScaleOnly(from, to)) return { ...app, version, lastScalingAt: version, lastConfigChangeAt };
  if (restart) return { ...app, version, lastScalingAt, lastConfigChangeAt: version };
  return from;
}

/** `to` with its new and changed apps at `version`; apps that did not change are the very objects of `from`. */
export function withVersions(from: Group, to: Group, version: string): Group {
  let result = to;
  for (const app of allApps(to)) {
    const old = findApp(from, app.id);
    if (old === app) continue;
    result = putApp(result, versioned(old, app, version));
  }
  return result;
}
