// Reading and changing the tree of groups. A change makes a new tree; what did not change is shared.
import type { App, Group } from './app.ts';

export function emptyGroup(id: string): Group {
  return { id, apps: new Map(), groups: new Map(), dependencies: [] };
}

/** `/calico/ops/turn` → `/calico/ops`; of `/calico` and `/` it is `/`. */
export function parentOf(id: string): string {
  const end = id.lastIndexOf('/');
  return end <= 0 ? '/' : id.slice(0, end);
}

/** Relative ids are below `base`; `.` and `..` are resolved (PathId.canonicalPath). */
export function absolute(id: string, base = '/'): string {
  const parts: string[] = id.startsWith('/') ? [] : base.split('/').filter(Boolean);
  for (const part of id.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function findGroup(root: Group, id: string): Group | undefined {
  let group: Group | undefined = root;
  let path = '';
  for (const part of id.split('/').filter(Boolean)) {
    path = `${path}/${part}`;
    group = group?.groups.get(path);
  }
  return group;
}

export function findApp(root: Group, id: string): App | undefined {
  return findGroup(root, parentOf(id))?.apps.get(id);
}

export function* allApps(group: Group): Generator<App> {
  yield* group.apps.values();
  for (const inner of group.groups.values()) yield* allApps(inner);
}

/** The tree with `change` applied to the group `id`, which is made if it is not there, as are those above it. */
export function changeGroup(root: Group, id: string, change: (group: Group) => Group): Group {
  if (root.id === id) return change(root);
  const rest = root.id === '/' ? id.slice(1) : id.slice(root.id.length + 1);
  const next = `${root.id === '/' ? '' : root.id}/${rest.split('/')[0]}`;
  const inner = changeGroup(root.groups.get(next) ?? emptyGroup(next), id, change);
  return { ...root, groups: new Map(root.groups).set(next, inner) };
}

export function putApp(root: Group, app: App): Group {
  return changeGroup(root, parentOf(app.id), (group) => ({
    ...group,
    apps: new Map(group.apps).set(app.id, app),
  }));
}

export function removeApp(root: Group, id: string): Group {
  if (!findApp(root, id)) return root;
  return changeGroup(root, parentOf(id), (group) => {
    const apps = new Map(group.apps);
    apps.delete(id);
    return { ...group, apps };
  });
}

export function removeGroup(root: Group, id: string): Group {
  if (id === '/') return emptyGroup('/');
  if (!findGroup(root, id)) return root;
  return changeGroup(root, parentOf(id), (group) => {
    const groups = new Map(group.groups);
    groups.delete(id);
    return { ...group, groups };
  });
}

/** The group `/calico` of the app `/calico/ops/turn`; none for an app of the root group. */
export function topLevelOf(appId: string): string | undefined {
  const parts = appId.split('/').filter(Boolean);
  return parts.length < 2 ? undefined : `/${parts[0]}`;
}
