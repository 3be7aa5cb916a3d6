// /v2/tasks and /v2/apps/…/tasks (mesosphere/marathon 1.11.24: api/v2/TasksResource.scala, AppTasksResource.scala, api/TaskKiller.scala).
import type { LabResponse } from '../http.ts';
import { type Call, deploymentResult, flag, methodNotAllowed, notFound, ok, read } from './answers.ts';
import type { App } from './app.ts';
import { badRequest, Refusal } from './errors.ts';
import { findApp, putApp } from './groups.ts';
import { type Instance, isActive } from './instances.ts';
import { parseBody } from './json-body.ts';
import { renderTask } from './render-task.ts';
import type { RouteDependencies } from './routes-groups.ts';
import type { Scheduler } from './scheduler.ts';
import { appIdOf } from './task-ids.ts';

export class TaskRoutes {
  readonly #deps: RouteDependencies & { scheduler: Scheduler };

  constructor(deps: RouteDependencies & { scheduler: Scheduler }) {
    this.#deps = deps;
  }

  /** `/v2/tasks` and `/v2/tasks/delete`. */
  handle(call: Call): LabResponse {
    const { method } = call.request;
    if (call.parts[1] === 'delete') {
      if (method !== 'POST') throw methodNotAllowed();
      return this.#deleteByIds(call);
    }
    if (method !== 'GET') throw methodNotAllowed();
    const { query } = call.request;
    const states = [...query.getAll('status'), ...query.getAll('status[]')].map((state) =>
      state.toLowerCase(),
    );
    const tasks: Record<string, unknown>[] = [];
    for (const appId of this.#deps.scheduler.instances.appIds()) {
      const app = this.#deps.manager.app(appId);
      if (!app) continue;
      const ports = (app.config.portDefinitions ?? []).map(({ port }) => port);
      for (const instance of this.#deps.scheduler.instances.ofApp(appId)) {
        if (states.length > 0 && !states.includes(instance.condition.toLowerCase())) continue;
        const task = this.#render(instance, true, ports);
        if (task) tasks.push(task);
      }
    }
    return read({ tasks });
  }

  /** `/v2/apps/ID/tasks` and `/v2/apps/ID/tasks/TASK`. */
  ofApp(call: Call): LabResponse {
    const parts = call.parts.slice(1);
    const at = parts.lastIndexOf('tasks');
    const id = `/${parts.slice(0, at).join('/')}`;
    const taskId = parts[at + 1];
    const { method } = call.request;
    if (method === 'GET' && taskId === undefined) return this.#list(id);
    if (method !== 'DELETE') throw methodNotAllowed();
    return taskId === undefined ? this.#deleteMany(call, id) : this.#deleteOne(call, id, taskId);
  }

  #list(id: string): LabResponse {
    const { manager, views } = this.#deps;
    if (id.endsWith('/*')) {
      const group = manager.group(id.slice(0, -2) || '/');
      if (!group) return notFound(`Group '${id.slice(0, -2)}' does not exist`, this.#deps.version);
      return read({ tasks: views.appsOf(group).flatMap((app) => views.tasks(app)) });
    }
    const app = manager.app(id);
    return app ? read({ tasks: views.tasks(app) }) : this.#unknownApp(id);
  }

  #deleteMany(call: Call, id: string): LabResponse {
    const host = call.request.query.get('host');
    const found = [...this.#deps.scheduler.instances.ofApp(id)].filter(
      ({ task }) => host === null || host === '*' || task?.host === host,
    );
    const scaled = this.#scaledIfAsked(call, new Map([[id, found.filter(isActive)]]));
    if (scaled) return scaled;
    if (!this.#deps.manager.app(id)) return this.#unknownApp(id);
    return ok({ tasks: this.#kill(found, flag(call, 'wipe'), true) });
  }

  #deleteOne(call: Call, id: string, taskId: string): LabResponse {
    const found = [...this.#deps.scheduler.instances.ofApp(id)].filter(({ task }) => task?.id === taskId);
    const scaled = this.#scaledIfAsked(call, new Map([[id, found.filter(isActive)]]));
    if (scaled) return scaled;
    if (!this.#deps.manager.app(id)) return this.#unknownApp(id);
    const [task] = this.#kill(found, flag(call, 'wipe'), true);
    return task ? ok({ task }) : notFound(`Task '${taskId}' does not exist`, this.#deps.version);
  }

  #deleteByIds(call: Call): LabResponse {
    const ids = (parseBody(call.request.body) as { ids?: unknown } | null)?.ids;
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
      throw new Refusal(400, { message: 'Invalid JSON', details: [] });
    const byApp = new Map<string, Instance[]>();
    for (const id of ids) {
      const appId = appIdOf(id);
      if (!appId) throw badRequest(`Invalid task id '${id}'. [${id} (of class java.lang.String)]`);
      for (const instance of this.#deps.scheduler.instances.ofApp(appId)) {
        if (instance.task?.id === id) byApp.set(appId, [...(byApp.get(appId) ?? []), instance]);
      }
    }
    const scaled = this.#scaledIfAsked(call, byApp);
    if (scaled) return scaled;
    const known = [...byApp].filter(([appId]) => this.#deps.manager.app(appId)).flatMap(([, found]) => found);
    return ok({ tasks: this.#kill(known, flag(call, 'wipe'), false) });
  }

  #scaledIfAsked(call: Call, byApp: ReadonlyMap<string, Instance[]>): LabResponse | undefined {
    if (!flag(call, 'scale')) return undefined;
    if (flag(call, 'wipe')) throw badRequest('You cannot use scale and wipe at the same time.');
    const { manager, leader } = this.#deps;
    const toKill = new Map([...byApp].map(([id, found]) => [id, found.map((instance) => instance.id)]));
    const plan = manager.change(
      (root) => {
        let result = root;
        for (const [id, found] of byApp) {
          const app = findApp(root, id);
          if (app) result = putApp(result, scaledDown(app, found));
        }
        return result;
      },
      { force: flag(call, 'force'), toKill },
    );
    return deploymentResult(plan, leader);
  }

  /** Kills, or with `wipe` strikes from the books at once; the answer has them as they were before. */
  #kill(found: Instance[], wipe: boolean, withHealth: boolean): Record<string, unknown>[] {
    const { scheduler } = this.#deps;
    const rendered = found.map((instance) => this.#render(instance, withHealth));
    for (const instance of found) {
      if (wipe) {
        const { task } = instance;
        scheduler.instances.decommission(instance);
        scheduler.instances.expunge(instance);
        if (task) scheduler.kills.killUnknown(task.id);
      } else if (isActive(instance)) {
        scheduler.kills.kill(instance);
      }
    }
    return rendered.filter((task) => task !== undefined);
  }

  #render(
    instance: Instance,
    withHealth: boolean,
    ports: number[] = [],
  ): Record<string, unknown> | undefined {
    const { scheduler, version } = this.#deps;
    return renderTask(instance, withHealth ? scheduler.health.of(instance) : undefined, version, ports);
  }

  #unknownApp(id: string): LabResponse {
    return notFound(`App '${id}' does not exist`, this.#deps.version);
  }
}

function scaledDown(app: App, killed: Instance[]): App {
  const count = killed.filter((instance) => isActive(instance) && instance.condition !== 'Killing').length;
  return { ...app, instances: Math.max(0, app.instances - count) };
}
