// What the plan amounts to.
import type { AppDefinition } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { settleSeconds } from './settling.ts';
import type { AppChange, PlanNumbers } from './types.ts';
import type { Wave } from './waves.ts';

/**
 * What a wave takes: Marathon places the turn's tasks in 3 to 9 s (measured, facts of the recordings), an agent fetches what it lacks
 * and starts what must run. The second is an assumption until the canary has been timed; progress then reckons with what it took.
 */
export const WAVE_SECONDS = { place: 10, work: 60, restart: 30 };
/** Five tasks an agent, started and reporting. */
const APPLY_SECONDS = 20;
/** A Marathon and its master start about twelve tasks a second on a small machine (1,000 tasks in 84 s, measured). */
const TASKS_A_SECOND = 12;

/** Float noise of 0.02 × 5. */
const round = (value: number) => Math.round(value * 1000) / 1000;

export function planNumbers(
  changes: readonly AppChange[],
  waves: readonly Wave[],
  definitions: readonly AppDefinition[],
  options: Options,
): PlanNumbers {
  const tasksReplaced = sum(changes.map((change) => change.replaced));
  const tasksStarted = sum(
    changes.filter(({ how }) => how !== 'replace').map(({ from, to }) => Math.max(0, to - from)),
  );
  const wave = WAVE_SECONDS.place + WAVE_SECONDS.work + settleSeconds(options);
  const restart =
    WAVE_SECONDS.place + WAVE_SECONDS.work + WAVE_SECONDS.restart + settleSeconds(options, true);
  const restarting = waves.filter(({ kind }) => kind === 'restart').length;
  const others = waves.length - restarting;
  const apply =
    changes.length > 0 ? Math.max(APPLY_SECONDS, (tasksStarted + tasksReplaced) / TASKS_A_SECOND) : 0;
  const perAgent = {
    cpus: round(sum(definitions.map((app) => app.cpus))),
    mem: sum(definitions.map((app) => app.mem)),
  };
  return {
    tasksStarted,
    tasksReplaced,
    hostsChanged: sum(waves.map(({ agents }) => agents.length)),
    perAgent,
    inAll: {
      cpus: round(sum(definitions.map((app) => app.cpus * app.instances))),
      mem: sum(definitions.map((app) => app.mem * app.instances)),
      agents: Math.max(0, ...definitions.map((app) => app.instances)),
    },
    seconds: Math.round(apply + others * wave + restarting * restart),
    restarts: sum(waves.filter(({ kind }) => kind === 'restart').map(({ agents }) => agents.length)),
    reckonedFrom: [
      ...(apply > 0 ? [`${rounded(apply)} to start the tasks`] : []),
      ...(others > 0 || restarting === 0
        ? [`${others} ${others === 1 ? 'wave' : 'waves'} of about ${wave} s`]
        : []),
      ...(restarting > 0
        ? [
            `${restarting} ${restarting === 1 ? 'wave that restarts' : 'waves that restart'} of about ${restart} s`,
          ]
        : []),
    ].join(', '),
  };
}

/** 2083 s say less than 35 min. */
function rounded(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
