// /v2/apps (mesosphere/marathon 1.11.24: api/v2/AppsResource.scala).
import type { LabResponse } from '../http.ts';
import { type Call, deploymentResult, flag, methodNotAllowed, notFound, read } from './answers.ts';
import { type App, type NewApp, unversioned } from './app.ts';
import { appSchema } from './app-schema.ts';
import { conflict, invalidJson, noSuch, notValid } from './errors.ts';
import { servicePortsOf } from './group-updates.ts';
import { absolute, allApps, putApp, removeApp } from './groups.ts';
import { parseBody } from './json-body.ts';
import { violations, withoutNulls } from './json-schema.ts';
import { matchesLabels } from './labels.ts';
import { type AppJson, normalize, withServicePorts } from './normalize.ts';
import { renderApp } from './render-app.ts';
import type { RouteDependencies } from './routes-groups.ts';
import { appViolations, rolesFor } from './validation.ts';
import { type AppEmbed, appEmbeds } from './views.ts';

export class AppRoutes {
  readonly #deps: RouteDependencies;

  constructor(deps: RouteDependencies) {
    this.#deps = deps;
  }

  /** Everything but `/tasks`. */
  handle(call: Call): LabResponse {
    const parts = call.parts.slice(1);
    const { method } = call.request;
    const last = parts.at(-1);
    if (parts.length === 0) return this.#collection(call);
    if (last === 'restart' && parts.length > 1) {
      if (method !== 'POST') throw methodNotAllowed();
      return this.#restart(call, `/${parts.slice(0, -1).join('/')}`);
    }
    if (last === 'versions' || parts.at(-2) === 'versions') return this.#versions(call, parts);
    const id = `/${parts.join('/')}`;
    switch (method) {
      case 'GET':
        return this.#get(call, id);
      case 'PUT':
      case 'PATCH':
        return this.#put(call, id);
      case 'DELETE':
        return this.#delete(call, id);
      default:
        throw methodNotAllowed();
    }
  }

  #collection(call: Call): LabResponse {
    if (call.request.method === 'POST') return this.#create(call);
    if (call.request.method !== 'GET') throw methodNotAllowed();
    const { query } = call.request;
    const { views, manager } = this.#deps;
    const [cmd, id, label] = [query.get('cmd'), query.get('id'), query.get('label')];
    const has = (text: string, wanted: string): boolean => text.toLowerCase().includes(wanted.toLowerCase());
    const embed = appEmbeds(query.getAll('embed')).add('counts').add('deployments');
    const apps = views
      .appsOf(manager.root.group)
      .filter((app) => cmd === null || has(app.config.cmd ?? '', cmd))
      .filter((app) => id === null || has(app.id, id))
      .filter((app) => label === null || matchesLabels(app.config.labels, label));
    return read({ apps: apps.map((app) => views.app(app, embed)) });
  }

  #get(call: Call, id: string): LabResponse {
    const { views, manager } = this.#deps;
    const embed = appEmbeds(call.request.query.getAll('embed'));
    for (const always of ['counts', 'tasks', 'lastTaskFailure', 'deployments'] satisfies AppEmbed[]) {
      embed.add(always);
    }
    if (id.endsWith('/*')) {
      const group = manager.group(id.slice(0, -2) || '/');
      if (!group) return notFound(`Group '${id.slice(0, -2)}' does not exist`, this.#deps.version);
      return read({ '*': [...allApps(group)].map((app) => views.app(app, embed)) });
    }
    const app = manager.app(id);
    return app ? read({ app: views.app(app, embed) }) : this.#unknown(id);
  }

  #create(call: Call): LabResponse {
    const { manager, leader, views } = this.#deps;
    const json = this.#read(call);
    if (typeof json.id !== 'string') throw invalidJson([{ path: '/id', errors: ['error.path.missing'] }]);
    const app = this.#validated(json, absolute(json.id));
    if (manager.app(app.id)) throw conflict(`An app with id [${app.id}] already exists.`);
    const plan = manager.change((root) => putApp(root, unversioned(app)), { force: flag(call, 'force') });
    const result = deploymentResult(plan, leader, app.id);
    const embed = new Set<AppEmbed>(['counts', 'deployments']);
    return { ...result, body: JSON.stringify(views.app(manager.app(app.id)!, embed)) };
  }

  #put(call: Call, id: string): LabResponse {
    const { manager, leader } = this.#deps;
    const existing = manager.app(id);
    if (!existing && call.request.method === 'PATCH') throw noSuch('App', id);
    const json = this.#read(call);
    const partial = existing !== undefined && flag(call, 'partialUpdate', true);
    const app = partial
      ? this.#validated(this.#merged(existing, json), id)
      : this.#validated({ ...json, id }, id);
    const plan = manager.change((root) => putApp(root, unversioned(app)), { force: flag(call, 'force') });
    return deploymentResult(plan, leader, existing ? undefined : id);
  }

  /** What is not said stays as it is; with `version` alone, all is as it was then. */
  #merged(existing: App, json: AppJson): AppJson {
    const { manager } = this.#deps;
    if (typeof json.version === 'string') {
      const old = manager.appAtVersion(existing.id, json.version);
      if (!old) throw noSuch('App', existing.id);
      return { ...old.config, instances: old.instances };
    }
    return { ...existing.config, instances: existing.instances, ...json };
  }

  #delete(call: Call, id: string): LabResponse {
    const { manager, leader } = this.#deps;
    if (!manager.app(id)) throw noSuch('App', id);
    // Unlike everywhere else, `force` is the default (AppsResource.delete).
    const force = flag(call, 'force', true);
    return deploymentResult(
      manager.change((root) => removeApp(root, id), { force }),
      leader,
    );
  }

  #restart(call: Call, id: string): LabResponse {
    const { manager, leader } = this.#deps;
    const app = manager.app(id);
    if (!app) throw noSuch('App', id);
    const force = flag(call, 'force');
    const plan = manager.change((root) => putApp(root, { ...app, restart: true }), { force });
    return deploymentResult(plan, leader);
  }

  #versions(call: Call, parts: string[]): LabResponse {
    if (call.request.method !== 'GET') throw methodNotAllowed();
    const { manager, version } = this.#deps;
    const single = parts.at(-1) !== 'versions';
    const id = `/${parts.slice(0, single ? -2 : -1).join('/')}`;
    if (!single) {
      const versions = manager.versionsOfApp(id);
      return versions.length > 0 ? read({ versions }) : this.#unknown(id);
    }
    const wanted = parts.at(-1)!;
    const app = manager.appAtVersion(id, wanted);
    if (!app) return notFound(`App '${id}' does not exist in version ${wanted}`, version);
    return read(renderApp(app, version));
  }

  #read(call: Call): AppJson {
    const json = parseBody(call.request.body);
    const found = violations(appSchema(this.#deps.version), json);
    if (found.length > 0) throw invalidJson(found);
    return withoutNulls(json) as AppJson;
  }

  #validated(json: AppJson, id: string): NewApp {
    const { manager, version } = this.#deps;
    const root = manager.root.group;
    const roles = rolesFor(id, root);
    const app = normalize(json, id, version, roles.default);
    const found = appViolations(app, roles, version);
    if (found.length > 0) throw notValid(found);
    return withServicePorts(app, servicePortsOf(root), manager.app(id)?.config);
  }

  #unknown(id: string): LabResponse {
    return notFound(`App '${id}' does not exist`, this.#deps.version);
  }
}
