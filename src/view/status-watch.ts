// `--watch`: on a terminal the screen is drawn over itself, in a pipe only what changed is printed, each line with its time.
import { changes } from '../status/changes.ts';
import { durationText } from '../status/duration.ts';
import type { AgentRow, ClusterStatus } from '../status/model.ts';
import { plainText } from './plain-text.ts';
import type { Screen } from './status.ts';
import { reasonText, stateText } from './status-words.ts';

const HOME = '\u001b[H';
const CLEAR_REST_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR = '\u001b[2J';

/** Draws over what is there instead of clearing first, so that nothing flickers. */
export class WatchScreen {
  readonly #write: (text: string) => void;
  #drawn = false;
  #lines: string[] = [];

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** @param height rows of the terminal: what is drawn below them would scroll the rest away */
  show(screen: Screen, every: string, height: number): void {
    const lines = [...screen.lines, ...screen.next];
    const room = height - 2;
    const over = lines.length - room;
    this.#lines =
      over > 0 ? [...lines.slice(0, room - 1), `(${over + 1} more lines on a higher terminal)`] : lines;
    this.#draw(0, undefined, every);
  }

  /** Only the first line changes: how old the data is, and what keeps it from being newer. */
  aged(ageMs: number, problem: string | undefined, every: string): void {
    this.#write(`${HOME}${headline(ageMs, problem, every)}${CLEAR_REST_OF_LINE}\n`);
    this.#write(`\u001b[${this.#lines.length + 2};1H`);
  }

  #draw(ageMs: number, problem: string | undefined, every: string): void {
    const lines = [headline(ageMs, problem, every), ...this.#lines];
    const text = lines.map((line) => `${line}${CLEAR_REST_OF_LINE}\n`).join('');
    this.#write(`${this.#drawn ? '' : CLEAR}${HOME}${text}${CLEAR_BELOW}`);
    this.#drawn = true;
  }
}

function headline(ageMs: number, problem: string | undefined, every: string): string {
  const age = `Read ${durationText(ageMs)} ago, ${every}; Ctrl-C ends`;
  return problem ? `${age}. The last try failed: ${plainText(problem)}` : age;
}

/** The lines of a pipe: one an agent whose state or reason changed. @param now of the newer status, milliseconds since 1970 */
export function changeLines(
  before: ClusterStatus,
  after: ClusterStatus,
  concerns: (row: Pick<AgentRow, 'address'>) => boolean = () => true,
): string[] {
  const time = new Date(after.readAt).toISOString().replace(/\.\d+Z$/, 'Z');
  return changes(before, after)
    .filter(concerns)
    .map(({ address, before: was, row }) => {
      const is = row ? stateText(row.state, reasonText(row, after.readAt)) : 'gone from the cluster';
      return `${time}  ${plainText(address)}  ${was && row && was !== row.state ? `${was} -> ` : ''}${is}`;
    });
}
