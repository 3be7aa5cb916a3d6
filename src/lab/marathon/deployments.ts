// Deployments that run, what they lock, and how they end (mesosphere/marathon 1.11.24: DeploymentManagerActor.scala, DeploymentActor.scala).
import type { Clock, Timer } from '../clock.ts';
import type { ActionRun, RunDependencies } from './action-run.ts';
import type { Action, Plan } from './plan.ts';
import { ReplaceRun } from './replace-run.ts';
import { ScaleRun } from './scale-run.ts';
import { StopRun } from './stop-run.ts';

export interface Deployment {
  plan: Plan;
  /** 0: accepted, not begun. */
  step: number;
  runs: Set<ActionRun>;
  /** Until it begins. */
  pending?: Timer;
}

/** From the answer to the first step: the plan is stored first (measured: 0.3 s). */
const BEGIN_MS = 250;

export interface DeploymentEvents {
  /** All tasks of a deleted app have ended. */
  stopped: (appId: string) => void;
  cancelled: (plan: Plan) => void;
}

export class Deployments {
  readonly #running = new Map<string, Deployment>();
  readonly #clock: Clock;
  readonly #deps: RunDependencies;
  readonly #events: DeploymentEvents;

  constructor(deps: RunDependencies, events: DeploymentEvents) {
    this.#clock = deps.clock;
    this.#deps = deps;
    this.#events = events;
  }

  all(): Deployment[] {
    return [...this.#running.values()];
  }

  find(id: string): Deployment | undefined {
    return this.#running.get(id);
  }

  /** Those that work on any of these apps. */
  locking(apps: ReadonlySet<string>): Deployment[] {
    return this.all().filter(({ plan }) => [...plan.affected].some((id) => apps.has(id)));
  }

  ofApp(appId: string): Deployment[] {
    return this.all().filter(({ plan }) => plan.affected.has(appId));
  }

  /** Begins a plan; whatever conflicts with it must have been cancelled. */
  begin(plan: Plan): void {
    const deployment: Deployment = { plan, step: 0, runs: new Set() };
    if (plan.steps.length === 0) return;
    this.#running.set(plan.id, deployment);
    this.#beginSoon(deployment);
  }

  /** Stops working on it. What it did stays. */
  cancel(deployment: Deployment): void {
    if (!this.#running.delete(deployment.plan.id)) return;
    for (const run of deployment.runs) run.cancel();
    deployment.runs.clear();
    this.#events.cancelled(deployment.plan);
  }

  /** A new leader begins each anew, from its first step. */
  restart(): void {
    for (const deployment of this.all()) {
      for (const run of deployment.runs) run.cancel();
      deployment.runs.clear();
      deployment.step = 0;
      this.#beginSoon(deployment);
    }
  }

  #beginSoon(deployment: Deployment): void {
    deployment.pending?.cancel();
    deployment.pending = this.#clock.after(BEGIN_MS, () =>
      this.#deps.mailbox.post(() => this.#next(deployment)),
    );
  }

  #next(deployment: Deployment): void {
    if (this.#running.get(deployment.plan.id) !== deployment) return;
    const actions = deployment.plan.steps[deployment.step];
    if (!actions) {
      this.#running.delete(deployment.plan.id);
      return;
    }
    deployment.step++;
    const runs = actions.map((action) => {
      const run: ActionRun = this.#run(action, () => {
        deployment.runs.delete(run);
        if (deployment.runs.size === 0) this.#next(deployment);
      });
      deployment.runs.add(run);
      return run;
    });
    for (const run of runs) if (deployment.runs.has(run)) run.start();
  }

  #run({ action, app, toKill }: Action, done: () => void): ActionRun {
    switch (action) {
      case 'ScaleApplication':
        return new ScaleRun(app, toKill ?? [], this.#deps, done);
      case 'RestartApplication':
        return new ReplaceRun(app, this.#deps, done);
      case 'StopApplication':
        return new StopRun(app, this.#deps, () => {
          this.#events.stopped(app.id);
          done();
        });
      default:
        // StartApplication does nothing of its own; it is there for its readers (DeploymentPlan.scala).
        return { start: done, cancel: () => {} };
    }
  }
}
