// How a run ended: the exit code, why, and what to type next.
import { EXIT, type ExitCode } from '../errors.ts';
import { GIVE_UP } from '../plan/kept-for-gone.ts';
import { type AgentRow, type ClusterStatus, GOOD, LEFT_ALONE } from '../status/model.ts';
import type { Ending } from './carry-out.ts';
import { failures, stalls } from './next.ts';
import type { RolloutState } from './state.ts';

export interface Summary {
  outcome: 'done' | 'stopped' | 'paused' | 'nothing to do';
  exit: ExitCode;
  /** A sentence without its full stop. */
  what: string;
  notReady: AgentRow[];
  /** Commands to type next, the most useful first. */
  next: string[];
}

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

function notReadyOf(status: ClusterStatus): AgentRow[] {
  return status.agents.filter(({ state }) => !GOOD.has(state) && !LEFT_ALONE.has(state));
}

function ready(status: ClusterStatus): string {
  const { ready, agents: all, leftAlone } = status.totals;
  const alone = leftAlone > 0 ? `, ${leftAlone} left alone` : '';
  return ready === all
    ? `Calico is ready on ${all === 1 ? 'the 1 agent' : `all ${all} agents`}`
    : `Calico is ready on ${ready} of ${agents(all)}${alone}`;
}

/** @param status read after the end */
export function summaryOf(ending: Ending, state: RolloutState, status: ClusterStatus): Summary {
  const notReady = notReadyOf(status);
  const worst = notReady[0]?.address;
  const look = worst ? [`dcos calico status ${worst}`] : ['dcos calico status'];
  if (ending.do === 'stop') {
    const failed = [...state.agents.values()].filter(
      ({ standing }) => standing === 'failed' || standing === 'stalled',
    );
    return {
      outcome: 'stopped',
      exit: EXIT.failed,
      what: `${stopSentence(ending.why, state)}; no further agent was begun. ${ready(status)}`,
      notReady,
      next: afterStop(failed[0]?.agent.host ?? worst),
    };
  }
  if (ending.do === 'pause') {
    const why = pauseSentence(ending.why, state);
    return {
      outcome: 'paused',
      exit: EXIT.paused,
      what: `${why}: paused, and nothing goes on by itself. ${ready(status)}`,
      notReady,
      next: ['dcos calico plan resume', ...look],
    };
  }
  const kept = keptIn(status);
  // Nothing but a restart brings these on, and that has a command of its own.
  const pending = notReady.filter(({ state }) => state === 'restart pending').length;
  return {
    outcome: 'done',
    exit: notReady.length > 0 ? EXIT.notReady : EXIT.done,
    what: `${ready(status)}${kept}`,
    notReady,
    next: [
      ...(kept ? [GIVE_UP] : []),
      ...(pending > 0 ? ['dcos calico restart'] : []),
      ...look,
      ...(notReady.length > pending ? ['dcos calico install'] : []),
    ],
  };
}

/** What a person does about the agent that stopped it; then how it goes on. */
function afterStop(host: string | undefined): string[] {
  if (host === undefined) return ['dcos calico status', 'dcos calico plan resume'];
  return [
    `dcos calico status ${host}`,
    `dcos calico repair --agent ${host}`,
    `dcos calico plan skip ${host} -m WHY`,
    'dcos calico plan resume',
  ];
}

function pauseSentence(why: Extract<Ending, { do: 'pause' }>['why'], { paused }: RolloutState): string {
  if (why === 'until') return 'The time given with --until has come';
  if (why === 'after canary') return 'The canary is through';
  return `${paused?.who ?? 'Somebody'} asked for a pause${paused?.why ? ` (${paused.why})` : ''}`;
}

function stopSentence(why: Extract<Ending, { do: 'stop' }>['why'], state: RolloutState): string {
  switch (why) {
    case 'canary failed':
      return `Stopped: ${failures(state, 'canary')} of the canary failed`;
    case 'canary stalled':
      return 'Stopped: the canary never came to anything';
    case 'restart failed':
      return `Stopped: ${agents(failures(state, 'restart'))} failed when restarted`;
    case 'restart stalled':
      return 'Stopped: an agent that was to restart never came to anything';
    case 'too many failed':
      return `Stopped: ${bad(state)}, ${state.maxFailures} may`;
  }
}

function bad(state: RolloutState): string {
  const [failed, stalled] = [failures(state, 'rollout'), stalls(state, 'rollout')];
  if (stalled === 0) return `${agents(failed)} failed`;
  const never = `${agents(stalled)} never came to anything in ${stalled === 1 ? 'its turn' : 'their turns'}`;
  return failed > 0 ? `${agents(failed)} failed and ${never}` : never;
}

/** Steps that are off and whose apps cannot go, as agents that had them are gone. */
function keptIn({ steps, notes }: ClusterStatus): string {
  const gone = notes.find(({ code }) => code === 'agents-gone');
  const off = steps.filter(({ mode }) => mode === 'absent').map(({ name }) => name);
  if (!gone || off.length === 0) return '';
  return `; the ${off.length === 1 ? 'app' : 'apps'} of ${off.join(', ')}, which ${off.length === 1 ? 'is off, stays' : 'are off, stay'}: ${gone.text}`;
}

/**
 * A run that had nothing to do.
 *
 * @param left how many agents cannot have Calico now, besides those that are not meant to
 * @param kept whether apps of steps that are off stay for agents that are gone
 */
export function nothingToDo(left: number, kept: boolean): Pick<Summary, 'outcome' | 'exit' | 'next'> {
  return {
    outcome: 'nothing to do',
    exit: left > 0 ? EXIT.notReady : EXIT.done,
    next: [...(kept ? [GIVE_UP] : []), 'dcos calico status'],
  };
}
