// /v2/groups (mesosphere/marathon 1.11.24: api/v2/GroupsResource.scala).
import type { LabResponse } from '../http.ts';
import { type Call, deploymentResult, flag, methodNotAllowed, notFound, ok, read } from './answers.ts';
import { EMPTY_ROOT, type Group } from './app.ts';
import { conflict, noSuch } from './errors.ts';
import type { GroupManager } from './group-manager.ts';
import { GroupUpdates, readGroup } from './group-updates.ts';
import { absolute, emptyGroup, findGroup, removeGroup } from './groups.ts';
import { parseBody } from './json-body.ts';
import { renderSteps } from './render-deployment.ts';
import type { MarathonVersion } from './versions.ts';
import { groupEmbed, type Views } from './views.ts';

export interface RouteDependencies {
  manager: GroupManager;
  views: Views;
  version: MarathonVersion;
  /** Address and port of the leader. */
  leader: string;
}

export class GroupRoutes {
  readonly #deps: RouteDependencies;
  readonly #updates: GroupUpdates;

  constructor(deps: RouteDependencies) {
    this.#deps = deps;
    this.#updates = new GroupUpdates(deps.manager, deps.version);
  }

  handle(call: Call): LabResponse {
    const parts = call.parts.slice(1);
    switch (call.request.method) {
      case 'GET':
        return this.#get(call, parts);
      case 'PUT':
        return this.#put(call, parts);
      case 'POST':
        return this.#post(call, parts);
      case 'DELETE':
        return this.#delete(call, parts);
      default:
        throw methodNotAllowed();
    }
  }

  #get(call: Call, parts: string[]): LabResponse {
    const embed = groupEmbed(call.request.query.getAll('embed'));
    const { manager, views } = this.#deps;
    if (parts.at(-1) === 'versions') return this.#versions(`/${parts.slice(0, -1).join('/')}`);
    if (parts.at(-2) === 'versions') {
      const id = `/${parts.slice(0, -2).join('/')}`;
      const root = manager.atVersion(parts.at(-1)!);
      const group = root && findGroup(root.group, id);
      return group ? read(views.group(group, root, embed, true)) : this.#unknown(id);
    }
    if (parts.at(-1) === 'apps') {
      const group = manager.group(`/${parts.slice(0, -1).join('/')}`);
      return read({ apps: group ? views.appsOf(group).map((app) => views.app(app, embed.ofApps)) : [] });
    }
    const id = `/${parts.join('/')}`;
    const group = manager.group(id);
    return group ? read(views.group(group, manager.root, embed)) : this.#unknown(id);
  }

  #versions(id: string): LabResponse {
    const { manager } = this.#deps;
    return manager.group(id) ? read(manager.versionsOfGroup(id)) : this.#unknown(id);
  }

  #put(call: Call, parts: string[]): LabResponse {
    const { manager, version, leader } = this.#deps;
    const json = readGroup(parseBody(call.request.body), version);
    const id = json.id === undefined ? `/${parts.join('/')}` : absolute(json.id, `/${parts.join('/')}`);
    const change = this.#updates.change(id, json);
    if (flag(call, 'dryRun'))
      return ok({ steps: renderSteps(manager.preview(change, manager.newVersion())) });
    manager.rollbackVersion();
    return deploymentResult(manager.change(change, { force: flag(call, 'force') }), leader);
  }

  #post(call: Call, parts: string[]): LabResponse {
    const { manager, version, leader } = this.#deps;
    const json = readGroup(parseBody(call.request.body), version);
    const id = json.id === undefined ? `/${parts.join('/')}` : absolute(json.id, `/${parts.join('/')}`);
    const change = this.#updates.change(id, json);
    if (manager.group(id)) throw conflict(`Group ${id} is already created. Use PUT to change this group.`);
    if (manager.app(id)) throw conflict(`An app with the path ${id} already exists.`);
    manager.rollbackVersion();
    return deploymentResult(manager.change(change, { force: flag(call, 'force') }), leader, id);
  }

  #delete(call: Call, parts: string[]): LabResponse {
    const { manager, leader } = this.#deps;
    const id = `/${parts.join('/')}`;
    if (!manager.group(id)) throw noSuch('Group', id);
    const remove = (root: Group): Group =>
      id === '/'
        ? { ...emptyGroup('/'), dependencies: EMPTY_ROOT.group.dependencies }
        : removeGroup(root, id);
    return deploymentResult(manager.change(remove, { force: flag(call, 'force') }), leader);
  }

  #unknown(id: string): LabResponse {
    return notFound(`Group '${id}' does not exist`, this.#deps.version);
  }
}
