// One action of a deployment while it is carried out.

import type { Clock } from '../clock.ts';
import type { App } from './app.ts';
import type { Backoff } from './backoff.ts';
import type { Instances } from './instances.ts';
import type { Mailbox } from './mailbox.ts';
import type { MarathonVersion } from './versions.ts';

export interface ActionRun {
  start(): void;
  /** Leaves everything as it is now. */
  cancel(): void;
}

export interface RunDependencies {
  clock: Clock;
  mailbox: Mailbox;
  version: MarathonVersion;
  instances: Instances;
  backoff: Backoff;
  /** Queues so many new instances. */
  launch: (app: App, count: number) => void;
  resetDelay: (app: App) => void;
}
