// `--watch` and `--wait`: look again and again, no oftener than the size of the cluster bears.
import { mayPass } from '../dcos/passing.ts';
import type { ExitCode } from '../errors.ts';
import type { ClusterStatus } from './model.ts';
import { isGoingOn, waitVerdict } from './verdict.ts';

export interface FollowOptions {
  /** Ends by itself when nothing more is to be waited for. */
  wait: boolean;
  /** How long to wait; `Infinity`: as long as it takes. */
  waitMs: number;
}

export interface Follower {
  read(): Promise<ClusterStatus>;
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** At least 0 and below 1: many who watch must not look at the same moment. */
  random(): number;
  /** After each refresh that succeeded. */
  show(status: ClusterStatus): void;
  /** Every second in between, and when a refresh failed: the data is this old. */
  aged(ageMs: number, problem: string | undefined): void;
}

const LEAST_MS = 2000;
const TICK_MS = 1000;
/** A cluster that has not answered for so long is not waited for any longer. */
const GIVE_UP_MS = 10 * 60_000;

/** Time between two refreshes, from the number of agents and how long the last refresh took: 5,000 agents are asked every 12 s. */
export function intervalMs(agents: number, tookMs: number): number {
  return Math.max(LEAST_MS + agents * 2, tookMs * 4);
}

/** A share of the time between two refreshes, by which it is shorter or longer by chance. */
const SPREAD = 0.25;

/**
 * Those who began together, or whom one slow answer has brought together, come apart again; on average they look as often as without it.
 *
 * @param random at least 0 and below 1
 */
export function spread(intervalMs: number, random: number): number {
  return Math.max(LEAST_MS, intervalMs * (1 - SPREAD + 2 * SPREAD * random));
}

/** @returns what was last read, and the exit code it stands for */
export async function follow(
  { wait, waitMs }: FollowOptions,
  follower: Follower,
): Promise<{ status: ClusterStatus; exit: ExitCode }> {
  const began = follower.now();
  let status: ClusterStatus | undefined;
  let quietSince = Number.POSITIVE_INFINITY;
  let readAt = began;
  for (;;) {
    const start = follower.now();
    let problem: string | undefined;
    try {
      status = await follower.read();
      readAt = follower.now();
      follower.show(status);
      quietSince = isGoingOn(status) ? Number.POSITIVE_INFINITY : Math.min(quietSince, readAt);
    } catch (error) {
      if (!status || !mayPass(error) || follower.now() - readAt > GIVE_UP_MS) throw error;
      problem = error.message;
      follower.aged(follower.now() - readAt, problem);
    }
    if (wait) {
      const exit = waitVerdict(status, readAt - quietSince, follower.now() - began >= waitMs);
      if (exit !== undefined) return { status, exit };
    }
    const left = wait ? began + waitMs - follower.now() : Number.POSITIVE_INFINITY;
    const interval = intervalMs(status.agents.length, follower.now() - start);
    const pause = Math.min(spread(interval, follower.random()), Math.max(left, 0));
    const until = follower.now() + pause;
    while (follower.now() < until) {
      await follower.sleep(Math.min(TICK_MS, until - follower.now()));
      follower.aged(follower.now() - readAt, problem);
    }
  }
}
