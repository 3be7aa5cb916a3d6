// Apps and groups with what is embedded in them.
import type { App, Group, Root } from './app.ts';
import type { Deployments } from './deployments.ts';
import { allApps } from './groups.ts';
import { renderApp } from './render-app.ts';
import { countTasks, renderTask } from './render-task.ts';
import { renderTaskStats } from './render-task-stats.ts';
import type { Scheduler, TaskFailure } from './scheduler.ts';
import type { Orders } from './shuffle.ts';
import type { MarathonVersion } from './versions.ts';

type Json = Record<string, unknown>;

export type AppEmbed = 'tasks' | 'counts' | 'deployments' | 'readiness' | 'lastTaskFailure' | 'taskStats';
const APP_EMBEDS: AppEmbed[] = [
  'tasks',
  'counts',
  'deployments',
  'readiness',
  'lastTaskFailure',
  'taskStats',
];

export interface GroupEmbed {
  groups: boolean;
  apps: boolean;
  pods: boolean;
  ofApps: ReadonlySet<AppEmbed>;
}

/** `embed=app.tasks`, `embed=apps.tasks`. `app.tasks` brings the deployments too (InfoEmbedResolver.scala). */
export function appEmbeds(names: string[]): Set<AppEmbed> {
  const found = new Set<AppEmbed>();
  for (const name of names) {
    const embed = name.replace(/^(group\.)?apps?\./, '') as AppEmbed;
    if (APP_EMBEDS.includes(embed)) found.add(embed);
    if ((embed as string) === 'failures') found.add('lastTaskFailure');
  }
  return found;
}

export function groupEmbed(names: string[]): GroupEmbed {
  const asked = names.length > 0 ? names : ['group.groups', 'group.apps', 'group.pods'];
  return {
    groups: asked.includes('group.groups'),
    apps: asked.some((name) => name.startsWith('group.apps')),
    pods: asked.some((name) => name.startsWith('group.pods')),
    ofApps: appEmbeds(names.filter((name) => name.startsWith('group.apps.'))),
  };
}

function renderFailure({ at, ...failure }: TaskFailure): Json {
  return { ...failure, timestamp: new Date(at).toISOString() };
}

export interface ViewDependencies {
  version: MarathonVersion;
  scheduler: Scheduler;
  deployments: Deployments;
  orders: Orders;
  now: () => number;
}

export class Views {
  readonly #deps: ViewDependencies;

  constructor(deps: ViewDependencies) {
    this.#deps = deps;
  }

  tasks(app: App): Json[] {
    const { scheduler, orders, version } = this.#deps;
    const rendered: Json[] = [];
    for (const instance of orders.shuffle(scheduler.instances.ofApp(app.id))) {
      const task = renderTask(instance, scheduler.health.of(instance), version);
      if (task) rendered.push(task);
    }
    return rendered;
  }

  app(app: App, embed: ReadonlySet<AppEmbed>): Json {
    const { scheduler, deployments, version, now } = this.#deps;
    const result = renderApp(app, version);
    const instances = [...scheduler.instances.ofApp(app.id)];
    const healthOf = scheduler.health.of.bind(scheduler.health);
    if (embed.has('counts')) {
      const { staged, running, healthy, unhealthy } = countTasks(instances, healthOf);
      Object.assign(result, {
        tasksStaged: staged,
        tasksRunning: running,
        tasksHealthy: healthy,
        tasksUnhealthy: unhealthy,
      });
    }
    if (embed.has('deployments')) {
      result.deployments = deployments.ofApp(app.id).map(({ plan: { id } }) => ({ id }));
    }
    if (embed.has('readiness')) result.readinessCheckResults = [];
    if (embed.has('tasks')) result.tasks = this.tasks(app);
    const failure = embed.has('lastTaskFailure') && scheduler.failures.get(app.id);
    if (failure) result.lastTaskFailure = renderFailure(failure);
    if (embed.has('taskStats')) {
      const stats = renderTaskStats(app, instances, now(), healthOf);
      // The name changed with 1.5 (core/appinfo, Formats.scala; app.raml).
      result[version.networks ? 'tasksStats' : 'taskStats'] = stats;
    }
    return result;
  }

  /** `definitions`: as it was, without what is there now. */
  group(group: Group, root: Root, embed: GroupEmbed, definitions = false): Json {
    const { version, orders } = this.#deps;
    const listed = (name: string, is: boolean, items: () => Json[]): Json =>
      is ? { [name]: items() } : version.podsAlways ? { [name]: [] } : {};
    const renderOne = (app: App): Json =>
      definitions ? renderApp(app, version) : this.app(app, embed.ofApps);
    return {
      id: group.id,
      ...listed('apps', embed.apps, () => orders.shuffle(group.apps.values()).map(renderOne)),
      ...listed('pods', embed.pods, () => []),
      ...listed('groups', embed.groups, () =>
        [...group.groups.values()].map((inner) => this.group(inner, root, embed, definitions)),
      ),
      dependencies: group.dependencies,
      version: root.version,
      ...(version.roles && group.enforceRole !== undefined ? { enforceRole: group.enforceRole } : {}),
    };
  }

  /** Apps of a group and all groups in it. */
  appsOf(group: Group): App[] {
    return this.#deps.orders.shuffle(allApps(group));
  }
}
