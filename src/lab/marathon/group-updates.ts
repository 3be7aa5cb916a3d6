// A group as it was put → the tree as it shall be (mesosphere/marathon 1.11.24: api/GroupApiService.scala, raml/GroupConversion.scala,
// api/v2/GroupNormalization.scala).
import { type App, type Group, type NewApp, unversioned } from './app.ts';
import { groupSchema } from './app-schema.ts';
import { invalidJson, notValid, Refusal } from './errors.ts';
import type { GroupManager } from './group-manager.ts';
import { absolute, allApps, changeGroup, findApp, findGroup } from './groups.ts';
import { violations, withoutNulls } from './json-schema.ts';
import { type AppJson, normalize, withServicePorts } from './normalize.ts';
import { appViolations, idErrors, rolesFor } from './validation.ts';
import type { MarathonVersion } from './versions.ts';

export interface GroupJson {
  id?: string;
  apps?: AppJson[];
  groups?: GroupJson[];
  dependencies?: string[];
  enforceRole?: boolean;
  scaleBy?: number;
  version?: string;
}

export function readGroup(json: unknown, version: MarathonVersion): GroupJson {
  const found = violations(groupSchema(version), json);
  if (found.length > 0) throw invalidJson(found);
  return withoutNulls(json) as GroupJson;
}

export function servicePortsOf(root: Group): Set<number> {
  const ports = new Set<number>();
  for (const { config } of allApps(root))
    for (const { port } of config.portDefinitions ?? []) ports.add(port);
  return ports;
}

const isTopLevel = (id: string): boolean => id !== '/' && id.lastIndexOf('/') === 0;

export class GroupUpdates {
  readonly #manager: GroupManager;
  readonly #version: MarathonVersion;

  constructor(manager: GroupManager, version: MarathonVersion) {
    this.#manager = manager;
    this.#version = version;
  }

  /** The change that `json`, put at `id`, asks for. Throws a Refusal for what is not valid. */
  change(id: string, json: GroupJson): (root: Group) => Group {
    const root = this.#manager.root.group;
    const errors = idErrors(id, this.#version);
    if (errors.length > 0) throw notValid([{ path: '/id', errors }]);
    if (json.version !== undefined) return this.#rollback(id, json.version);
    if (json.scaleBy !== undefined) return this.#scale(id, json.scaleBy);
    this.#checkEnforceRole(root, id, json);
    // Roles are judged by the group as it will be; all apps are read before anything is changed.
    const withRole = this.#withEnforceRole(root, id, json);
    const planned = this.#apply(withRole, id, json);
    return () => planned;
  }

  #rollback(id: string, version: string): (root: Group) => Group {
    const old = this.#manager.atVersion(version);
    const group = old && findGroup(old.group, id);
    if (!group) throw new Refusal(422, { message: `Group ${id} not available in version ${version}` });
    return (root) => changeGroup(root, id, () => group);
  }

  #scale(id: string, by: number): (root: Group) => Group {
    const scaled = (group: Group): Group => ({
      ...group,
      apps: new Map(
        [...group.apps].map(([key, app]) => [key, { ...app, instances: Math.ceil(app.instances * by) }]),
      ),
      groups: new Map([...group.groups].map(([key, inner]) => [key, scaled(inner)])),
    });
    return (root) => changeGroup(root, id, scaled);
  }

  #checkEnforceRole(root: Group, id: string, json: GroupJson): void {
    if (!this.#version.roles || json.enforceRole === undefined) return;
    if (!isTopLevel(id)) {
      if (!json.enforceRole) return;
      const error = `enforceRole can only be set for top-level groups, and ${id} is not top-level`;
      throw notValid([{ path: '/enforceRole', errors: [error] }]);
    }
    const existing = findGroup(root, id);
    const changesApps = json.apps !== undefined || json.groups !== undefined;
    if (existing && changesApps && existing.enforceRole !== json.enforceRole) {
      const error =
        'enforceRole cannot be modified in a request that adds, removes or modifies services; please make these changes in separate requests.';
      throw notValid([{ path: '/enforceRole', errors: [error] }]);
    }
  }

  #withEnforceRole(root: Group, id: string, json: GroupJson): Group {
    if (!this.#version.roles) return root;
    return changeGroup(root, id, (group) => {
      const isNew = findGroup(root, id) === undefined;
      const otherwise = isNew && isTopLevel(id) ? true : group.enforceRole;
      const enforceRole = json.enforceRole ?? otherwise;
      return enforceRole === undefined ? group : { ...group, enforceRole };
    });
  }

  #apply(root: Group, id: string, json: GroupJson): Group {
    let result = changeGroup(root, id, (group) => ({
      ...group,
      dependencies: json.dependencies?.map((dependency) => absolute(dependency, id)) ?? group.dependencies,
    }));
    if (json.apps) {
      const apps = new Map<string, App>();
      for (const app of this.#readApps(result, id, json.apps)) apps.set(app.id, unversioned(app));
      result = changeGroup(result, id, (group) => ({ ...group, apps }));
    }
    if (!json.groups) return result;
    const named = new Set<string>();
    for (const inner of json.groups) {
      const innerId = absolute(inner.id ?? '', id);
      named.add(innerId);
      result = this.#apply(this.#withEnforceRole(result, innerId, inner), innerId, inner);
    }
    return changeGroup(result, id, (group) => ({
      ...group,
      groups: new Map([...group.groups].filter(([key]) => named.has(key))),
    }));
  }

  #readApps(root: Group, id: string, apps: AppJson[]): NewApp[] {
    const taken = servicePortsOf(root);
    return apps.map((json) => {
      const appId = absolute(json.id as string, id);
      const roles = rolesFor(appId, root);
      const app = normalize(json, appId, this.#version, roles.default);
      const found = appViolations(app, roles, this.#version);
      if (found.length > 0) throw notValid(found);
      const assigned = withServicePorts(app, taken, findApp(root, appId)?.config);
      for (const { port } of assigned.config.portDefinitions ?? []) taken.add(port);
      return assigned;
    });
  }
}
