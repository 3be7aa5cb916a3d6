// What `plan status`, `pause` and `skip` print, and their exit codes.
import { EXIT, type ExitCode } from '../errors.ts';
import type { PlanStatus, UnderWay } from '../plan/under-way.ts';
import { timeText } from '../status/duration.ts';
import type { EarlierOptions } from '../steps/options-app.ts';
import { plainText } from './plain-text.ts';
import { nextLines } from './status.ts';
import type { Terminal } from './terminal.ts';
import { aboutText, nextOf, type TreeOptions, treeText } from './under-way.ts';

export interface Shown {
  text: string;
  next: string[];
  exit: ExitCode;
  document: unknown;
}

const EXITS: Record<PlanStatus, ExitCode> = {
  COMPLETE: EXIT.done,
  IN_PROGRESS: EXIT.stillGoingOn,
  PENDING: EXIT.paused,
  WAITING: EXIT.paused,
  DELAYED: EXIT.paused,
  ERROR: EXIT.failed,
};

/** @param plan undefined: Calico is not installed */
export function showUnderWay(plan: UnderWay | undefined, terminal: Terminal, options: TreeOptions): Shown {
  if (!plan)
    return {
      text: 'Calico is not installed on this cluster',
      next: nextLines(['dcos calico install']),
      exit: EXIT.done,
      document: { installed: false },
    };
  return {
    text: `${treeText(plan, terminal, options)}\n${aboutText(plan, terminal)}`,
    next: nextLines(nextOf(plan)),
    exit: EXITS[plan.status],
    document: underWayDocument(plan),
  };
}

export function underWayDocument(plan: UnderWay) {
  return { installed: true, ...plan, next: nextOf(plan) };
}

/** "1 agent finishes its turn", "5 agents finish their turn". */
function finishing({ phases }: UnderWay): string {
  const count = phases.flatMap(({ steps }) => steps).filter(({ status }) => status === 'IN_PROGRESS').length;
  if (count === 0) return 'no agent is at work';
  return count === 1 ? '1 agent finishes its turn' : `${count} agents finish their turn`;
}

export function showPaused(plan: UnderWay, _: Terminal): Shown {
  const { paused } = plan;
  return {
    text: paused
      ? `"${plan.name}" plan: paused by ${plainText(paused.who)}; ${finishing(plan)}, and no further agent begins`
      : `"${plan.name}" plan: nothing is under way that could be paused`,
    next: nextLines(paused ? ['dcos calico plan status', 'dcos calico plan resume'] : ['dcos calico status']),
    exit: EXIT.done,
    document: underWayDocument(plan),
  };
}

export function showSkipped(plan: UnderWay, agent: string): Shown {
  const skip = plan.skipped.find(({ host, id }) => host === agent || id === agent);
  return {
    text: `"${plan.name}" plan: ${plainText(skip?.host ?? agent)} is skipped; the rollout goes on without it`,
    next: nextLines(['dcos calico plan resume', `dcos calico repair --agent ${skip?.host ?? agent}`]),
    exit: EXIT.done,
    document: underWayDocument(plan),
  };
}

export function goingBack({ who, when, command }: EarlierOptions): string {
  return `Going back to the options of ${plainText(who)}, ${timeText(when)}: ${plainText(command)}`;
}
