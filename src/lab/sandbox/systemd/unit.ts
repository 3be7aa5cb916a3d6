// One unit in memory: what systemd read of it, and what it does.
import type { Timer } from '../../clock.ts';
import type { Process } from './process.ts';
import type { Sections } from './unit-file.ts';

export type ActiveState = 'active' | 'inactive' | 'failed' | 'activating' | 'deactivating' | 'reloading';

export interface Unit {
  name: string;
  loadState: 'loaded' | 'not-found' | 'masked';
  sections: Sections;
  fragment: string;
  dropIns: string[];
  /** Text of all its files when they were read: a difference is `NeedDaemonReload`. */
  text: string;
  active: ActiveState;
  sub: string;
  main: Process | undefined;
  result: string;
  exitCode: number;
  restarts: number;
  starts: number[];
  /** Milliseconds since 1970; 0: never. */
  activeEnter: number;
  activeExit: number;
  inactiveEnter: number;
  execMainStart: number;
  timer: Timer | undefined;
  /** The job that is queued or running for it; 0: none. */
  job: number;
  /** Counts its lives, so that what is left of an earlier one does not touch this one. */
  life: number;
}

export function newUnit(name: string): Unit {
  return {
    name,
    loadState: 'not-found',
    sections: {},
    fragment: '',
    dropIns: [],
    text: '',
    active: 'inactive',
    sub: 'dead',
    main: undefined,
    result: 'success',
    exitCode: 0,
    restarts: 0,
    starts: [],
    activeEnter: 0,
    activeExit: 0,
    inactiveEnter: 0,
    execMainStart: 0,
    timer: undefined,
    job: 0,
    life: 0,
  };
}

/** How a job ended, and why it did not do what it was for. */
export type JobResult =
  | { done: true }
  | {
      done: false;
      why: 'not-found' | 'masked' | 'failed' | 'inactive' | 'no-reload' | 'start-limit-hit';
      detail?: string;
    };

/** An end that systemd does not call a failure (systemd.service(5), SuccessExitStatus). */
export function isClean(code: number | null, signal: string | null): boolean {
  return code === 0 || ['SIGHUP', 'SIGINT', 'SIGTERM', 'SIGPIPE'].includes(signal ?? '');
}
