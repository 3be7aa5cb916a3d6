// The page of `status --html`: the state of every agent at one moment.
import { timeText } from '../status/duration.ts';
import { AGENT_STATES, type AgentRow, type AgentState, type ClusterStatus } from '../status/model.ts';
import { stepNamed } from '../steps/registry.ts';
import type { Paint } from '../view/colour.ts';
import { nextCommands, totalsText } from '../view/status.ts';
import { cellWord, reasonText, STATE_PAINT, stateWord } from '../view/status-words.ts';
import { type AgentGroup, agentMap, agentTable, type ShownCell } from './agents.ts';
import { type Html, html } from './html.ts';
import { list, type PageParts, page, paragraph, section, type Tone, utc, type Verdict } from './page.ts';

const TONES: Partial<Record<Paint, Tone>> = {
  green: 'good',
  red: 'bad',
  yellow: 'attention',
  cyan: 'busy',
  dim: 'idle',
};

export const toneOf = (paint: Paint | undefined): Tone => (paint && TONES[paint]) ?? 'idle';

export interface PageSource {
  /** Where the cluster is. */
  url: string;
  /** Version of this program. */
  program: string;
}

/** A cluster's address without what somebody may have put before it to log in. */
export const clusterName = (url: string): string => url.replace(/^(\w+:\/\/)[^/]*@/, '$1');

/** @param now ms since 1970 */
export function statusPage(status: ClusterStatus, { url, program }: PageSource, now: number): string {
  const parts: Omit<PageParts, 'sections'> = {
    kind: 'status',
    title: `Calico on ${clusterName(url)}`,
    verdict: verdictOf(status),
    facts: [['Cluster', clusterName(url)], ['State at', utc(status.readAt)], ...changeFacts(status)],
    program,
    now,
  };
  return page({
    ...parts,
    sections: [notes(status), nextSection(nextCommands(status)), ...stateSections(status)],
  });
}

export function verdictOf(status: ClusterStatus): Verdict {
  const { calico, totals } = status;
  if (calico === 'not installed') return { tone: 'idle', what: 'Calico is not installed on this cluster' };
  const worst = status.agents[0]?.state;
  return {
    tone: totals.notReady === 0 ? 'good' : toneOf(worst && STATE_PAINT[worst]),
    what: totalsText(status),
  };
}

function changeFacts({ change }: ClusterStatus): [string, string | Html][] {
  if (!change) return [];
  return [
    ['Last changed', `${timeText(change.when)} by ${change.who}`],
    ['With', html`<code>${change.command}</code>`],
    ['Why', change.message],
  ];
}

function notes({ notes: all, notAsked }: ClusterStatus): Html | undefined {
  const items = all.map(
    ({ text, remedy }) => html`${text}${remedy.map((line) => html`<br><code>${line.trim()}</code>`)}`,
  );
  if (notAsked > 0) items.push(html`${notAskedText(notAsked)}`);
  return items.length > 0 ? section('notes', 'Notes', list(items)) : undefined;
}

const notAskedText = (count: number) =>
  `${count} more agents that are not ready were not asked why: at most 200 are, the longest waiting first`;

export function nextSection(commands: readonly string[]): Html | undefined {
  if (commands.length === 0) return undefined;
  return section('next', 'Next', list(commands.map((command) => html`<code>${command}</code>`)));
}

/** Map and table. */
function stateSections(status: ClusterStatus): Html[] {
  if (status.agents.length === 0) return [];
  const groups = stateGroups(status, (row) => stepCells(status, row));
  const { steps } = status;
  const headings = [...steps.map(({ name }) => stepNamed(name).title), 'Why'];
  return [
    section('map', 'All agents', mapHint(), agentMap(groups)),
    section('agents', 'Agent by agent', agentTable({ caption: TABLE_CAPTION, headings, groups })),
  ];
}

export const TABLE_CAPTION = 'Worst first; within a state in the order of the addresses.';

export const mapHint = (): Html =>
  paragraph(html`<span class="soft">A square is an agent, and leads to its row in the table below.</span>`);

/** Agents by state, worst first: the order in which the status has them. */
export function stateGroups(
  status: ClusterStatus,
  cells: (row: AgentRow) => readonly ShownCell[],
): AgentGroup[] {
  const byState = new Map<AgentState, AgentRow[]>();
  for (const row of status.agents) {
    const known = byState.get(row.state);
    if (known) known.push(row);
    else byState.set(row.state, [row]);
  }
  return AGENT_STATES.filter((state) => byState.has(state)).map((state) => ({
    word: stateWord(state),
    tone: toneOf(STATE_PAINT[state]),
    agents: byState.get(state)!.map((row) => ({
      address: row.address,
      type: row.type,
      note: reasonText(row, status.readAt),
      cells: cells(row),
    })),
  }));
}

function stepCells(status: ClusterStatus, row: AgentRow): ShownCell[] {
  const steps = status.steps.map(({ mode }, index): ShownCell => {
    const { text, paint } = cellWord(row.cells[index]?.state ?? 'no task', mode, 'full');
    return { text, tone: toneOf(paint) };
  });
  return [...steps, { text: reasonText(row, status.readAt) }];
}
