// Marathon as DC/OS runs it: a state machine on the lab's clock and Mesos, without any HTTP library.
import type { LabRequest, LabResponse } from '../http.ts';
import type { MesosForMarathon } from '../types.ts';
import {
  type Call,
  deploymentResult,
  flag,
  methodNotAllowed,
  noContent,
  noSuchRoute,
  notFound,
  ok,
  read,
  refusal,
  text,
  withCommonHeaders,
} from './answers.ts';
import { Deployments } from './deployments.ts';
import { Refusal } from './errors.ts';
import { GroupManager } from './group-manager.ts';
import { allApps, topLevelOf } from './groups.ts';
import { renderInfo } from './info.ts';
import { type Instance, isScheduled } from './instances.ts';
import { Mailbox } from './mailbox.ts';
import { reverted } from './plan.ts';
import { renderDeployment } from './render-deployment.ts';
import { type QueueEntry, renderQueueItem } from './render-queue.ts';
import { AppRoutes } from './routes-apps.ts';
import { GroupRoutes } from './routes-groups.ts';
import { TaskRoutes } from './routes-tasks.ts';
import { Scheduler } from './scheduler.ts';
import { Orders } from './shuffle.ts';
import { type MarathonVersion, marathonVersion } from './versions.ts';
import { Views } from './views.ts';

export interface MarathonDependencies {
  mesos: MesosForMarathon;
  /** `1.7`, or a full number as it is to be said: `1.7.216`. */
  version: string;
  /** Address and port under which the leader is known. */
  leader?: string;
}

export class Marathon {
  readonly version: MarathonVersion;
  readonly #mesos: MesosForMarathon;
  readonly #leader: string;
  readonly #mailbox = new Mailbox();
  readonly #scheduler: Scheduler;
  readonly #deployments: Deployments;
  readonly #manager: GroupManager;
  readonly #groups: GroupRoutes;
  readonly #apps: AppRoutes;
  readonly #tasks: TaskRoutes;

  constructor({ mesos, version, leader = '127.0.0.1:8080' }: MarathonDependencies) {
    this.version = marathonVersion(version);
    this.#mesos = mesos;
    this.#leader = leader;
    const { clock } = mesos;
    this.#scheduler = new Scheduler({
      mesos,
      version: this.version,
      mailbox: this.#mailbox,
      app: (id) => this.#manager.app(id),
      apps: () => allApps(this.#manager.root.group),
      enforceRole: (id) => this.#manager.group(topLevelOf(id) ?? '/')?.enforceRole,
      isLocked: (id) => this.#deployments.ofApp(id).length > 0,
    });
    this.#deployments = new Deployments(
      {
        clock,
        mailbox: this.#mailbox,
        version: this.version,
        instances: this.#scheduler.instances,
        backoff: this.#scheduler.backoff,
        launch: (app, count) => this.#scheduler.launch(app, count),
        resetDelay: (app) => this.#scheduler.resetDelay(app),
      },
      {
        stopped: (id) => this.#scheduler.failures.delete(id),
        // It may have left an app with too few or too many. Before goals what it had queued is dropped with it (1.7.216:
        // MarathonSchedulerActor.deploymentFailed).
        cancelled: ({ affected }) => {
          if (!this.version.goals) for (const id of affected) this.#scheduler.purge(id);
          this.#scheduler.scaleLater();
        },
      },
    );
    this.#manager = new GroupManager(clock, mesos.random, this.version, this.#deployments);
    const views = new Views({
      version: this.version,
      scheduler: this.#scheduler,
      deployments: this.#deployments,
      orders: new Orders(),
      now: () => clock.now(),
    });
    const routes = { manager: this.#manager, views, version: this.version, leader };
    this.#groups = new GroupRoutes(routes);
    this.#apps = new AppRoutes(routes);
    this.#tasks = new TaskRoutes({ ...routes, scheduler: this.#scheduler });
  }

  /** Answers as Marathon does; whatever it refuses is an answer, too. */
  async handle(request: LabRequest): Promise<LabResponse> {
    const isHead = request.method === 'HEAD';
    let response: LabResponse;
    try {
      response = this.#route(isHead ? { ...request, method: 'GET' } : request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response = refusal(error);
    }
    if (isHead) response = { ...response, body: '' };
    return withCommonHeaders(response, this.#leader, this.#mesos.clock.now());
  }

  /** A new leader takes over: what only the old one remembered is lost, deployments begin anew. */
  failover(): void {
    this.#mailbox.post(() => {
      this.#manager.restart();
      this.#scheduler.restart();
      this.#deployments.restart();
    });
  }

  stop(): void {
    this.#scheduler.stop();
    for (const deployment of this.#deployments.all()) this.#deployments.cancel(deployment);
  }

  #route(request: LabRequest): LabResponse {
    const parts = decodedParts(request.path);
    if (parts[0] === 'ping' && parts.length === 1) return text('pong');
    if (parts[0] !== 'v2') throw noSuchRoute();
    const call: Call = { request, parts: parts.slice(1) };
    switch (call.parts[0]) {
      case 'info':
        return this.#read(call, () => renderInfo(this.version, this.#leader, this.#mesos.frameworkId));
      case 'leader':
        return this.#leaderRoute(call);
      case 'groups':
        return this.#groups.handle(call);
      case 'apps':
        return this.#appRoute(call);
      case 'tasks':
        return this.#tasks.handle(call);
      case 'deployments':
        return this.#deploymentRoute(call);
      case 'queue':
        return this.#queueRoute(call);
      default:
        throw noSuchRoute();
    }
  }

  #read(call: Call, value: () => unknown): LabResponse {
    if (call.request.method !== 'GET') throw methodNotAllowed();
    return read(value());
  }

  #appRoute(call: Call): LabResponse {
    const at = call.parts.lastIndexOf('tasks');
    const isTasks = at > 1 && at >= call.parts.length - 2;
    return isTasks ? this.#tasks.ofApp(call) : this.#apps.handle(call);
  }

  #leaderRoute(call: Call): LabResponse {
    if (call.request.method === 'DELETE') {
      this.failover();
      return ok({ message: 'Leadership abdicated' });
    }
    return this.#read(call, () => ({ leader: this.#leader }));
  }

  #deploymentRoute(call: Call): LabResponse {
    const [, id] = call.parts;
    if (id === undefined) return this.#read(call, () => this.#deployments.all().map(renderDeployment));
    if (call.request.method !== 'DELETE') throw methodNotAllowed();
    const deployment = this.#deployments.find(id);
    if (!deployment) return notFound(`DeploymentPlan ${id} does not exist`, this.version);
    if (flag(call, 'force')) {
      this.#deployments.cancel(deployment);
      return { status: 202, headers: {}, body: '' };
    }
    const plan = this.#manager.change((root) => reverted(deployment.plan, root), {
      force: true,
      version: this.#manager.rollbackVersion(),
    });
    return deploymentResult(plan, this.#leader);
  }

  #queueRoute(call: Call): LabResponse {
    const [, ...rest] = call.parts;
    if (rest.length === 0) return this.#read(call, () => ({ queue: this.#queue(call) }));
    if (rest.at(-1) !== 'delay') throw noSuchRoute();
    if (call.request.method !== 'DELETE') throw methodNotAllowed();
    const id = `/${rest.slice(0, -1).join('/')}`;
    const app = this.#manager.app(id);
    if (!app || this.#scheduler.instances.scheduledOf(id).size === 0) {
      return notFound(`Application ${id} not found in tasks queue.`, this.version);
    }
    this.#scheduler.resetDelay(app);
    return noContent();
  }

  #queue(call: Call): Record<string, unknown>[] {
    const withOffers = call.request.query.getAll('embed').includes('lastUnusedOffers');
    const now = this.#mesos.clock.now();
    const items: Record<string, unknown>[] = [];
    for (const appId of this.#scheduler.instances.appIds()) {
      const app = this.#manager.app(appId);
      const instances = [...this.#scheduler.instances.ofApp(appId)].filter((instance) =>
        isQueued(instance, now),
      );
      if (!app || instances.length === 0) continue;
      const entry: QueueEntry = {
        app,
        instances,
        delayedUntil: this.#scheduler.backoff.until(app),
        statistics: this.#scheduler.queue.statistics.of(appId),
      };
      items.push(renderQueueItem(entry, now, withOffers, this.version));
    }
    return items;
  }
}

function decodedParts(path: string): string[] {
  try {
    return path.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    throw new Refusal(400, { message: 'Bad Request' });
  }
}

/** Stored and waiting, or ordered from Mesos and not yet heard of. */
function isQueued(instance: Instance, now: number): boolean {
  if (instance.goal !== 'Running') return false;
  return instance.condition === 'Provisioned' || (isScheduled(instance) && instance.scheduledAt <= now);
}
