// The tree of groups with its history, and the one way to change it (mesosphere/marathon 1.11.24: core/group/impl/GroupManagerImpl.scala).
import type { Clock } from '../clock.ts';
import type { Random } from '../types.ts';
import { type App, EMPTY_ROOT, type Group, type Root } from './app.ts';
import type { Deployments } from './deployments.ts';
import { locked, tooManyDeployments } from './errors.ts';
import { findApp, findGroup } from './groups.ts';
import { type Plan, planOf } from './plan.ts';
import { randomUuid } from './uuid.ts';
import { withVersions } from './versioning.ts';
import type { MarathonVersion } from './versions.ts';

export interface ChangeOptions {
  /** Default: now. */
  version?: string;
  force?: boolean;
  /** App → instances that shall go when it is scaled down. */
  toKill?: ReadonlyMap<string, readonly string[]>;
}

export class GroupManager {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #marathon: MarathonVersion;
  readonly #deployments: Deployments;
  #root: Root = EMPTY_ROOT;
  /** By version, those of refused changes included: they are stored before the locks are looked at. */
  readonly #history = new Map<string, Root>();
  #lastVersion = 0;
  #rollbackVersion: string | undefined;

  constructor(clock: Clock, random: Random, marathon: MarathonVersion, deployments: Deployments) {
    this.#clock = clock;
    this.#random = random;
    this.#marathon = marathon;
    this.#deployments = deployments;
  }

  get root(): Root {
    return this.#root;
  }

  app(id: string): App | undefined {
    return findApp(this.#root.group, id);
  }

  group(id: string): Group | undefined {
    return findGroup(this.#root.group, id);
  }

  /** A time that no other version has. */
  newVersion(): string {
    this.#lastVersion = Math.max(this.#clock.now(), this.#lastVersion + 1);
    return new Date(this.#lastVersion).toISOString();
  }

  /**
   * The version of every rollback: the time at which Marathon first made a group (state/Group.scala, `defaultVersion`),
   * so a rollback sets versions back. Groups that are put fix it.
   */
  rollbackVersion(): string {
    this.#rollbackVersion ??= this.newVersion();
    return this.#rollbackVersion;
  }

  /** A new leader. */
  restart(): void {
    this.#rollbackVersion = undefined;
  }

  /** Throws a Refusal when there are too many deployments, or one works on the same apps and `force` is not given. */
  change(change: (root: Group) => Group, { version, force = false, toKill }: ChangeOptions = {}): Plan {
    const { maxRunningDeployments } = this.#marathon;
    if (this.#deployments.all().length >= maxRunningDeployments) {
      throw tooManyDeployments(maxRunningDeployments);
    }
    const plan = this.preview(change, version ?? this.newVersion(), toKill);
    this.#remember(plan.target);
    const conflicts = this.#deployments.locking(plan.affected);
    if (conflicts.length > 0 && !force) throw locked(conflicts.map(({ plan: { id } }) => id));
    this.#root = plan.target;
    for (const conflict of conflicts) this.#deployments.cancel(conflict);
    this.#deployments.begin(plan);
    return plan;
  }

  /** The plan, without doing anything. */
  preview(
    change: (root: Group) => Group,
    version: string,
    toKill?: ReadonlyMap<string, readonly string[]>,
  ): Plan {
    const original = this.#root;
    const group = withVersions(original.group, change(original.group), version);
    return planOf(randomUuid(this.#random), original, { version, group }, toKill);
  }

  atVersion(version: string): Root | undefined {
    return this.#history.get(version);
  }

  versionsOfGroup(id: string): string[] {
    return [...this.#history.values()]
      .filter(({ group }) => findGroup(group, id))
      .map(({ version }) => version);
  }

  appAtVersion(id: string, version: string): App | undefined {
    for (const { group } of this.#history.values()) {
      const app = findApp(group, id);
      if (app?.version === version) return app;
    }
    return undefined;
  }

  versionsOfApp(id: string): string[] {
    const versions = new Set<string>();
    for (const { group } of this.#history.values()) {
      const app = findApp(group, id);
      if (app) versions.add(app.version);
    }
    return [...versions];
  }

  #remember(root: Root): void {
    this.#history.set(root.version, root);
    const oldest = this.#history.keys().next().value;
    if (this.#history.size > this.#marathon.maxVersions && oldest) this.#history.delete(oldest);
  }
}
