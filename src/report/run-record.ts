// What a run did, kept while it goes on: what was planned, what was told and when, how each agent stood, how it ended.
import type { Problem } from '../errors.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import type { RolloutState } from '../rollout/state.ts';
import type { ClusterStatus } from '../status/model.ts';
import { eventLine } from '../view/progress-words.ts';
import type { Tone } from './page.ts';
import type { Planned } from './planned.ts';

export interface RunHead {
  /** Where the cluster is. */
  url: string;
  /** Version of this program. */
  program: string;
  who: string;
  command: string;
  message: string;
  /** ms since 1970. */
  began: number;
}

export interface RunEnd {
  tone: Tone;
  /** A sentence without its full stop. */
  what: string;
  more?: readonly string[];
  /** Commands to type next. */
  next?: readonly string[];
  /** Absent where it is not known: what ended it was no end of its own. */
  exit?: number;
}

export interface Told {
  /** ms since 1970. */
  at: number;
  text: string;
  /** So often one after the other. */
  times: number;
}

/** In a larger cluster an agent that becomes ready has its times in the table, and no line of its own. */
const EACH_NAMED = 200;
/** Beyond these the first and the last are kept. */
const MOST_TOLD = 4000;

export class RunRecord {
  readonly head: RunHead;
  /** Whether Calico is taken off: `ready` means that it is gone. */
  readonly removes: boolean;
  readonly told: Told[] = [];
  /** Lines that were let go, as there were too many. */
  untold = 0;
  planned: Planned | undefined;
  state: RolloutState | undefined;
  status: ClusterStatus | undefined;
  end: (RunEnd & { at: number }) | undefined;

  constructor(head: RunHead, { removes = false } = {}) {
    this.head = head;
    this.removes = removes;
  }

  /** Keeps what an event says; gives whether it is worth writing down at once. */
  take(event: RolloutEvent, state: RolloutState): boolean {
    this.state = state;
    if (event.type === 'looked') return false;
    const quiet =
      event.type === 'agent' && event.progress.standing === 'ready' && state.agents.size > EACH_NAMED;
    const line = quiet ? undefined : eventLine(event, state);
    if (line !== undefined) this.tell(line, state.now);
    return event.type !== 'agent' && event.type !== 'no answer';
  }

  tell(text: string, at: number): void {
    const last = this.told.at(-1);
    if (last?.text === text) {
      last.times++;
      return;
    }
    if (this.told.length >= MOST_TOLD) {
      this.told.splice(MOST_TOLD / 2, 1);
      this.untold++;
    }
    this.told.push({ at, text, times: 1 });
  }

  finish(end: RunEnd, at: number): void {
    this.end = { ...end, at };
  }

  /** An error ended it. */
  fail({ what, why, items = [], remedy = [], exit }: Problem, at: number): void {
    const more = [...(why ? [why] : []), ...items];
    this.finish({ tone: 'bad', what, more, next: remedy, ...(exit === undefined ? {} : { exit }) }, at);
  }
}
