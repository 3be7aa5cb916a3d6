// Marathon's API, below `/service/<name>/v2` of Admin Router. Requests and answers are held against the recordings.
import { EXIT, UserError } from '../errors.ts';
import type { Ask, Http, Method } from './http.ts';
import { marathonRefusal } from './marathon-refusals.ts';
import type { Shape } from './shape.ts';
import {
  ACCEPTED,
  type Accepted,
  APP,
  DEPLOYMENTS,
  GROUP,
  GROUP_WHOLE,
  INFO,
  NETWORKED_APPS,
  NETWORKED_PODS,
  type Networked,
  PACKAGES,
  type Packaged,
  QUEUE,
  WIPED,
} from './shapes.ts';
import type {
  AppDefinition,
  GroupDefinition,
  MarathonApp,
  MarathonDeployment,
  MarathonGroup,
  MarathonInfo,
  QueueItem,
} from './types.ts';
import { parseVersion, type Version } from './version.ts';
import { ROOT, VERSIONS } from './version-shapes.ts';

export interface MarathonAbout extends MarathonInfo {
  /** Its version as numbers; the third is a build count: 1.6.585. */
  release: Version;
}

export interface WriteOptions {
  /** Supersedes deployments that lock what is changed. */
  force?: boolean;
  signal?: AbortSignal;
}

/** Ids in a request that ends tasks: about 40 KB. */
const TASKS_AT_ONCE = 500;

/** The whole group in one request: its apps and those of its subgroups, with tasks, counts, deployments and last failures. */
const WHOLE_GROUP = [
  'groups',
  'apps',
  'apps.tasks',
  'apps.counts',
  'apps.deployments',
  'apps.lastTaskFailure',
];
const WHOLE_APP = ['tasks', 'counts', 'deployments', 'lastTaskFailure'];

export class Marathon {
  readonly #http: Http;
  readonly #base: string;

  /** `service`: its name on the cluster, `marathon` or as `infra/marathon-x`. */
  constructor(http: Http, service = 'marathon') {
    if (!/^[a-z0-9]([a-z0-9._-]*)(\/[a-z0-9][a-z0-9._-]*)*$/i.test(service)) {
      throw new UserError({
        code: 'bad-service-name',
        what: `"${service}" is not the name of a service`,
        remedy: ['dcos service list  lists the services'],
        exit: EXIT.usage,
      });
    }
    this.#http = http;
    this.#base = `/service/${service}/v2`;
  }

  async info(signal?: AbortSignal): Promise<MarathonAbout> {
    const info = await this.#read('/info', [], INFO, signal);
    const release = parseVersion(info.version) ?? { major: 0, minor: 0, patch: 0, text: info.version };
    return { ...info, release };
  }

  /**
   * The group with its subgroups, their apps and all tasks; undefined if there is none. A fixed single request. `whole`: with what the
   * type of a task here does not name.
   */
  async group(id: string, signal?: AbortSignal, { whole = false } = {}): Promise<MarathonGroup | undefined> {
    const query = WHOLE_GROUP.map((part) => ['embed', `group.${part}`] as const);
    return this.#readIfThere(`/groups${encoded(id)}`, query, whole ? GROUP_WHOLE : GROUP, signal);
  }

  /** The same without tasks: what is wanted of it, at what versions; undefined if there is none. Its size does not grow with the cluster. */
  async definitions(id: string, signal?: AbortSignal): Promise<MarathonGroup | undefined> {
    const query = ['groups', 'apps'].map((part) => ['embed', `group.${part}`] as const);
    return this.#readIfThere(`/groups${encoded(id)}`, query, GROUP, signal);
  }

  /** The group as it was, without tasks; undefined if there was none, or if Marathon does not keep it any more. */
  async groupAt(id: string, version: string, signal?: AbortSignal): Promise<MarathonGroup | undefined> {
    const when = encodeURIComponent(version).replaceAll('%3A', ':');
    return this.#readIfThere(`/groups${encoded(id)}/versions/${when}`, [], GROUP, signal);
  }

  /** The version of the last change to anything that it runs; undefined for who may not see it. */
  async version(signal?: AbortSignal): Promise<string | undefined> {
    // To embed nothing is not to be asked for: without `embed` there is all, and this is the least (GroupsResource.scala).
    const root = await this.#read('/groups', [['embed', 'group.apps.counts']], ROOT, signal);
    return root.version;
  }

  /** Versions of everything that it runs, as many as it keeps and the group is in, in no order; none if there is no such group. */
  async versions(id: string, signal?: AbortSignal): Promise<string[]> {
    const path = id === '/' ? '/groups/versions' : `/groups${encoded(id)}/versions`;
    return (await this.#readIfThere(path, [], VERSIONS, signal)) ?? [];
  }

  /** One app with its tasks; undefined if there is none. */
  async app(id: string, signal?: AbortSignal): Promise<MarathonApp | undefined> {
    const query = WHOLE_APP.map((part) => ['embed', `app.${part}`] as const);
    return this.#readIfThere(`/apps${encoded(id)}`, query, APP, signal);
  }

  /** Creates the group or makes it what is given: apps that it does not name are deleted; without `apps` they stay as they are. */
  async putGroup(
    definition: Omit<GroupDefinition, 'apps'> & Partial<GroupDefinition>,
    options: WriteOptions = {},
  ): Promise<Accepted> {
    return this.#write('PUT', `/groups${encoded(definition.id)}`, options, definition);
  }

  /** Creates the app or makes it what is given. `id` is absolute. */
  async putApp(definition: AppDefinition, options: WriteOptions = {}): Promise<Accepted> {
    return this.#write('PUT', `/apps${encoded(definition.id)}`, options, definition);
  }

  /** How many tasks an app has, and nothing else of it: none is replaced. */
  async scaleApp(id: string, instances: number, options: WriteOptions = {}): Promise<Accepted> {
    return this.#write('PUT', `/apps${encoded(id)}`, options, { instances });
  }

  /** Replaces all tasks of an app by its own definition: what a deployment that was cancelled by force has left undone (recorded). */
  async restartApp(id: string, options: WriteOptions = {}): Promise<Accepted> {
    return this.#write('POST', `/apps${encoded(id)}/restart`, options);
  }

  /** Undefined if there is no such app. */
  async deleteApp(id: string, options: WriteOptions = {}): Promise<Accepted | undefined> {
    return this.#writeIfThere('DELETE', `/apps${encoded(id)}`, options);
  }

  /** Undefined if there is no such group. It is gone from the lists at once, while its tasks are still being ended. */
  async deleteGroup(id: string, options: WriteOptions = {}): Promise<Accepted | undefined> {
    return this.#writeIfThere('DELETE', `/groups${encoded(id)}`, options);
  }

  /** Gives the places of instances free whose agents are gone for good. Without `wipe` Marathon would wait for them (recorded). */
  async wipeTasks(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    return this.#endTasks(ids, [['wipe', true]], signal);
  }

  /** Ends them; Marathon starts others in their place where an app wants more than it has. */
  async killTasks(ids: readonly string[], signal?: AbortSignal): Promise<void> {
    return this.#endTasks(ids, [], signal);
  }

  /** Apps of DC/OS packages, by the labels that Cosmos gives them; one small request. */
  async packages(signal?: AbortSignal): Promise<Packaged[]> {
    return this.#read('/apps', [['label', 'DCOS_PACKAGE_NAME']], PACKAGES, signal);
  }

  /** Every app and pod that names a network; two requests, whose size is that of all definitions. */
  async networked(signal?: AbortSignal): Promise<Networked[]> {
    const [apps, pods] = await Promise.all([
      this.#read('/apps', [], NETWORKED_APPS, signal),
      // Marathon has pods since 1.4. Where they cannot be read, apps are worth telling of all the same.
      this.#readIfThere('/pods', [], NETWORKED_PODS, signal).catch(() => undefined),
    ]);
    return [...apps, ...(pods ?? [])].filter(({ networks }) => networks.length > 0);
  }

  async deployments(signal?: AbortSignal): Promise<MarathonDeployment[]> {
    return this.#read('/deployments', [], DEPLOYMENTS, signal);
  }

  /** What waits for offers, with the last offers that were not used and why. */
  async queue(signal?: AbortSignal): Promise<QueueItem[]> {
    return this.#read('/queue', [['embed', 'lastUnusedOffers']], QUEUE, signal);
  }

  #read<T>(
    path: string,
    query: readonly (readonly [string, string])[],
    shape: Shape<T>,
    signal?: AbortSignal,
  ) {
    return this.#http.json({ path: this.#base + path, query, signal }, shape);
  }

  #readIfThere<T>(
    path: string,
    query: readonly (readonly [string, string])[],
    shape: Shape<T>,
    signal?: AbortSignal,
  ) {
    return this.#http.jsonIfThere({ path: this.#base + path, query, signal }, shape);
  }

  async #write(method: Method, path: string, options: WriteOptions, body?: unknown): Promise<Accepted> {
    const accepted = await this.#writeIfThere(method, path, options, body);
    if (accepted) return accepted;
    throw new UserError({
      code: 'not-found',
      what: `Marathon does not know ${path}`,
      why: 'it answers 404',
      remedy: ['Give the same command again; if it stays so, see how Marathon fares:', 'dcos service list'],
    });
  }

  /** So many at a time: Marathon looks each up, kills it and lists it in its answer before it does anything else for that app. */
  async #endTasks(
    ids: readonly string[],
    query: NonNullable<Ask['query']>,
    signal?: AbortSignal,
  ): Promise<void> {
    for (let at = 0; at < ids.length; at += TASKS_AT_ONCE) {
      const body = { ids: ids.slice(at, at + TASKS_AT_ONCE) };
      await this.#http.json(
        { method: 'POST', path: `${this.#base}/tasks/delete`, query, body, signal },
        WIPED,
      );
    }
  }

  async #writeIfThere(method: Method, path: string, { force, signal }: WriteOptions, body?: unknown) {
    const ask = {
      method,
      path: this.#base + path,
      ...(force ? { query: [['force', true]] as const } : {}),
      body,
      signal,
    };
    const answer = await this.#http.send(ask);
    if (answer.status === 404 && answer.isJson) return undefined;
    const refusal = marathonRefusal(path, answer, (text) => this.#http.blot(text));
    if (refusal) throw refusal;
    return this.#http.read(ask, answer, ACCEPTED);
  }
}

function encoded(id: string): string {
  return `/${id.split('/').filter(Boolean).map(encodeURIComponent).join('/')}`;
}
