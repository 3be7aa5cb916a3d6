// One run of a command, as an operator starts it: everything that it prints, the error it ends with, its exit code. The command's own
// code runs in this process on the lab's clock; only flags are not parsed.
import { errorText, problemOf } from '../../src/cli/report.ts';
import type { Cluster } from '../../src/dcos/cluster.ts';
import { GIVEN_UP } from '../../src/dcos/http.ts';
import type { ExitCode, Problem } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { Time } from '../../src/rollout/carry-out.ts';
import { readStatus } from '../../src/rollout/install.ts';
import { lookUnderWay, optionsBefore, pausePlan } from '../../src/rollout/under-way.ts';
import { toRepair } from '../../src/status/to-repair.ts';
import { type InstallView, runInstall } from '../../src/view/install-run.ts';
import { statusScreen } from '../../src/view/status.ts';
import { agentScreen } from '../../src/view/status-agent.ts';
import { showUnderWay } from '../../src/view/under-way-run.ts';
import { runUninstall } from '../../src/view/uninstall-run.ts';

export type Words =
  | { command: 'install'; set?: string[]; apiOnly?: boolean }
  | { command: 'plan resume' | 'plan undo' | 'restart' | 'repair' | 'plan pause' | 'status' | 'plan status' }
  | { command: 'uninstall'; apiOnly?: boolean; forgetAgents?: boolean };

export interface Ran {
  words: string;
  /** Undefined: the client was killed. */
  exit: ExitCode | undefined;
  /** What stood on the screen, the error as `-v` shows it included. */
  output: string;
  problem?: Problem;
  document?: unknown;
}

/** The client is gone: whatever it waits for never comes. */
export class Killed extends Error {
  readonly code = GIVEN_UP;
}

const TERMINAL = { width: 100, height: Number.POSITIVE_INFINITY, colour: false, interactive: false };

function commandLine(words: Words): string {
  const set = words.command === 'install' ? (words.set ?? []).flatMap((one) => ['--set', one]) : [];
  return ['dcos calico', words.command, '--yes', ...set].join(' ');
}

/** Runs it to its end, whatever that is. Throws only what is no end of a command: a fault of the campaign itself. */
export async function run(
  cluster: Cluster,
  words: Words,
  { time, alive = () => true, who = 'anna@laptop' }: { time: Time; alive?: () => boolean; who?: string },
): Promise<Ran> {
  const lines: string[] = [];
  const say = (text: string) => void lines.push(text);
  const view: InstallView = {
    out: TERMINAL,
    talk: TERMINAL,
    print: say,
    say,
    confirm: async () => true,
    onInterrupt: () => {},
    stream: process.stderr,
  };
  const ran = (exit: Ran['exit'], rest: Partial<Ran> = {}): Ran => ({
    words: commandLine(words),
    exit,
    output: lines.join('\n'),
    ...rest,
  });
  try {
    const { exit, document } = await carriedOut(cluster, words, { time, who, view });
    return ran(exit, { document });
  } catch (error) {
    if (!alive()) return ran(undefined);
    const problem = problemOf((await cluster.reasonFor(error)) ?? error, 'calico');
    say(errorText(problem, { width: 100, verbose: problem.code !== 'bug' }));
    return ran(problem.exit, { problem });
  } finally {
    cluster.close();
  }
}

async function carriedOut(
  cluster: Cluster,
  words: Words,
  { time, who, view }: { time: Time; who: string; view: InstallView },
): Promise<{ exit: ExitCode; document?: unknown }> {
  const flags = {
    dryRun: false,
    yes: true,
    json: true,
    pauseAfterCanary: false,
    programVersion: '0.0.0',
    who,
  };
  const request = { sources: {}, who, command: commandLine(words), message: '' };
  switch (words.command) {
    case 'install':
      return runInstall(
        cluster,
        { ...request, sources: { set: words.set ?? [] } },
        { ...flags, apiOnly: words.apiOnly ?? false },
        time,
        view,
      );
    case 'plan resume':
      return runInstall(
        cluster,
        { ...request, plan: { noRestart: false }, installedOnly: true },
        flags,
        time,
        view,
      );
    case 'plan undo': {
      const before = await optionsBefore(cluster);
      const sources = { flags: before.options };
      return runInstall(cluster, { ...request, sources, plan: { undo: true } }, flags, time, view);
    }
    case 'restart':
      return runInstall(cluster, { ...request, plan: { restartOnly: [] } }, flags, time, view);
    case 'repair': {
      const status = await readStatus(cluster, time);
      return runInstall(cluster, { ...request, plan: { repair: toRepair(status, []) } }, flags, time, view);
    }
    case 'plan pause':
      await pausePlan(cluster, { who, why: 'dashboards look odd' }, time);
      return { exit: 0 };
    case 'status': {
      const status = await readStatus(cluster, time);
      const screens = [
        statusScreen(status, TERMINAL, { all: true }),
        ...status.agents.slice(0, 3).map((row) => agentScreen(status, row, TERMINAL)),
      ];
      for (const line of screens.flatMap(({ lines, next }) => [...lines, ...next])) view.print(line);
      return { exit: 0, document: status };
    }
    case 'plan status': {
      const looked = await lookUnderWay(cluster, time);
      const { text, next, exit, document } = showUnderWay(looked?.plan, TERMINAL, { all: true });
      for (const line of [text, ...next]) view.print(line);
      return { exit, document };
    }
    case 'uninstall':
      return runUninstall(
        cluster,
        { restart: true, who, command: request.command, message: '' },
        {
          dryRun: false,
          yes: true,
          json: true,
          force: true,
          forgetAgents: words.forgetAgents ?? false,
          deleteNetworks: false,
          deleteData: false,
          apiOnly: words.apiOnly ?? false,
        },
        time,
        view,
      );
  }
}

/** The lab's time as a command sees it, until its client is gone. */
export function timeOf(lab: Lab, alive: () => boolean = () => true): Time {
  return {
    now: () => lab.clock.now(),
    sleep: async (ms, signal) => {
      if (!alive()) throw new Killed('the client is gone');
      await lab.sleep(ms);
      signal?.throwIfAborted();
      if (!alive()) throw new Killed('the client is gone');
    },
  };
}
