// Progress in a pipe: one line an event, with the time; never redrawn.
import type { Listener } from '../rollout/events.ts';
import { eventLine, lookLine } from './progress-words.ts';

/** `20:31:05`, UTC as all times of this program. */
function clock(now: number): string {
  return new Date(now).toISOString().slice(11, 19);
}

/** A listener that says lines; what did not change since is not said again. */
export function plainProgress(say: (line: string) => void): Listener {
  let last = '';
  return (event, state) => {
    const line = event.type === 'looked' ? lookLine(state) : eventLine(event, state);
    if (line === undefined || line === last) return;
    last = line;
    say(`${clock(state.now)}  ${line}`);
  };
}
