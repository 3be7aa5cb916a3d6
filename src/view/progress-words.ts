// How a rollout goes, in words: pure, for the terminal's rows and the pipe's lines alike.
import type { Wave } from '../plan/waves.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import type { AgentProgress, AgentStanding, RolloutState } from '../rollout/state.ts';
import { durationText } from '../status/duration.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

/** `Wave 1 (canary)`. */
export function waveName(wave: number, kind: Wave['kind']): string {
  const word = { canary: ' (canary)', rollout: '', restart: ' (restart)', retry: ' (doubtful)' }[kind];
  return `Wave ${wave + 1}${word}`;
}

const ORDER: AgentStanding[] = [
  'ready',
  'restart pending',
  'failed',
  'stalled',
  'out of time',
  'left out',
  'in turn',
];
const WORDS: Partial<Record<AgentStanding, string>> = { 'in turn': 'at work' };

/** `3 of 5 ready, 1 failed, 1 at work`. */
export function waveCounts(members: readonly AgentProgress[]): string {
  const of = (standing: AgentStanding) => members.filter((member) => member.standing === standing).length;
  const parts = ORDER.slice(1)
    .filter((standing) => of(standing) > 0)
    .map((standing) => `${of(standing)} ${WORDS[standing] ?? standing}`);
  return [`${of('ready')} of ${members.length} ready`, ...parts].join(', ');
}

/** `10.0.1.13 failed after 33 s: docker: …`. */
export function agentLine({ agent, standing, reason, given, since }: AgentProgress): string {
  const after = given === undefined || standing === 'left out' ? '' : ` after ${durationText(since - given)}`;
  const word = standing === 'left out' ? 'is left out' : standing;
  return `${plainText(agent.host)} ${word}${after}${reason ? `: ${plainText(reason)}` : ''}`;
}

export function placingLine({ placing }: RolloutState): string {
  return placing && placing.of > 0
    ? `${placing.tasks} of ${placing.of} tasks started`
    : 'Tasks are being started';
}

/** More agents than these in a wave are counted, not named, when they become ready. */
const NAMED = 10;

/** Whether the agent is worth a line of its own. */
function isNamed(progress: AgentProgress, state: RolloutState): boolean {
  if (progress.standing !== 'ready') return true;
  return state.turn !== undefined && state.turn.agents.length <= NAMED;
}

/** The line of an event in a pipe; undefined where there is nothing new to say. */
export function eventLine(event: RolloutEvent, state: RolloutState): string | undefined {
  switch (event.type) {
    case 'applied': {
      const replaced = event.replaced > 0 ? `, ${event.replaced} replaced` : '';
      return `${count(event.tasks, 'task is', 'tasks are')} being started${replaced}`;
    }
    case 'dropped':
      return `Off every agent, and so gone: ${event.steps.join(', ')}`;
    case 'freed':
      return `Places given free: ${addresses(event.hosts, 80)}`;
    case 'ended':
      return `Ended tasks of the options before, which Marathon did not replace: ${addresses(event.hosts, 80)}`;
    case 'wave began':
      return `${waveName(event.wave, event.kind)} begins: ${addresses(
        event.agents.map(({ host }) => host),
        80,
      )}`;
    case 'agent':
      return isNamed(event.progress, state) ? agentLine(event.progress) : undefined;
    case 'wave ended': {
      const { kind, agents } = state.waves[event.wave]!;
      const members = agents.map(({ id }) => state.agents.get(id)!);
      return `${waveName(event.wave, kind)} is over after ${durationText(event.seconds * 1000)}: ${waveCounts(members)}`;
    }
    case 'no answer':
      return `No answer, asking again: ${plainText(event.why)}`;
    case 'looked':
      return undefined;
  }
}

/** What changes from look to look and is worth a line only then. */
export function lookLine(state: RolloutState): string | undefined {
  if (state.turn) {
    if (state.turn.agents.length <= NAMED) return undefined;
    const members = state.turn.agents.map((id) => state.agents.get(id)!);
    return `${waveName(state.at, state.waves[state.at]!.kind)}: ${waveCounts(members)}`;
  }
  return state.at < 0 && state.placing && state.placing.tasks > 0 ? placingLine(state) : undefined;
}
