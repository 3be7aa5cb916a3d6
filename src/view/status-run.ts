// Shows one look, or look after look, on the streams that it is given.
import { totalsOf } from '../status/build.ts';
import { type FollowOptions, follow, intervalMs } from '../status/follow.ts';
import type { ClusterStatus } from '../status/model.ts';
import { agentOf } from './agent-of.ts';
import { plainText } from './plain-text.ts';
import { type Screen, statusScreen } from './status.ts';
import { agentScreen } from './status-agent.ts';
import { changeLines, WatchScreen } from './status-watch.ts';
import type { Terminal } from './terminal.ts';

export interface Shown {
  /** The agent that was asked for; undefined: all. */
  agent: string | undefined;
  all: boolean;
  /** Asked at each redraw: a terminal's size changes. */
  terminal(): Terminal;
}

export function screenOf(status: ClusterStatus, { agent, all, terminal }: Shown): Screen {
  if (agent === undefined || status.calico === 'not installed')
    return statusScreen(status, terminal(), { all });
  return agentScreen(status, agentOf(status, agent), terminal());
}

/** The cluster as far as the exit code is about it: one agent, where one was asked for. */
export function concerned(status: ClusterStatus, agent: string | undefined): ClusterStatus {
  if (agent === undefined || status.calico === 'not installed') return status;
  const agents = [agentOf(status, agent)];
  return { ...status, agents, totals: totalsOf(agents) };
}

export interface Streams {
  /** A line of the result. */
  print(text: string): void;
  /** A line of talk. */
  say(text: string): void;
  /** As it is, for redrawing. */
  write(text: string): void;
}

export interface Following extends FollowOptions {
  watch: boolean;
  read(): Promise<ClusterStatus>;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** Follows the cluster; shows what `--watch` shows, or with `--wait` alone a line of talk whenever the counts change. */
export async function showFollowing(following: Following, shown: Shown, streams: Streams) {
  const { watch } = following;
  const redraw = watch && shown.terminal().interactive ? new WatchScreen(streams.write) : undefined;
  let last: ClusterStatus | undefined;
  let every = '';
  let counts = '';
  let told: string | undefined;
  let whole: ClusterStatus | undefined;
  const { status, exit } = await follow(following, {
    now: following.now,
    sleep: following.sleep,
    random: following.random,
    async read() {
      whole = await following.read();
      return concerned(whole, shown.agent);
    },
    show(status) {
      every = `again every ${Math.round(intervalMs(status.agents.length, 0) / 1000)} s`;
      told = undefined;
      // Whoever watches already typed what would be recommended.
      if (redraw) redraw.show({ ...screenOf(status, shown), next: [] }, every, shown.terminal().height);
      else if (watch && !last) for (const line of screenOf(status, shown).lines) streams.print(line);
      else if (watch) for (const line of changeLines(last!, status)) streams.print(line);
      else if (countsOf(status) !== counts) streams.say(`Waiting: ${countsOf(status)}`);
      counts = countsOf(status);
      last = status;
    },
    aged(ageMs, problem) {
      if (redraw) redraw.aged(ageMs, problem, every);
      else if (problem && problem !== told) streams.say(`${plainText(problem)}; trying again`);
      told = problem;
    },
  });
  return { status: whole ?? status, exit };
}

function countsOf({ totals }: ClusterStatus): string {
  const wanted = totals.agents - totals.leftAlone;
  return `${totals.ready} of ${wanted} agents ready${totals.byState.failed ? `, ${totals.byState.failed} failed` : ''}`;
}
