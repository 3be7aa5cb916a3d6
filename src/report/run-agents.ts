// The agents of a run: how each stands now, and when it had its turn.
import type { AgentProgress, AgentStanding } from '../rollout/state.ts';
import { durationText } from '../status/duration.ts';
import type { AgentRow, ClusterStatus } from '../status/model.ts';
import { reasonText } from '../view/status-words.ts';
import { type AgentGroup, agentMap, agentTable, type ShownAgent, type ShownCell } from './agents.ts';
import type { Html } from './html.ts';
import { section, type Tone, utc } from './page.ts';
import type { OtherAgents, Planned } from './planned.ts';
import type { RunRecord } from './run-record.ts';
import { mapHint, stateGroups, TABLE_CAPTION } from './status-page.ts';

const STANDINGS: Record<AgentStanding, { word: string; tone: Tone }> = {
  failed: { word: 'failed', tone: 'bad' },
  stalled: { word: 'stalled', tone: 'bad' },
  'restart pending': { word: 'restart pending', tone: 'attention' },
  'out of time': { word: 'out of time', tone: 'attention' },
  'left out': { word: 'left out', tone: 'attention' },
  'in turn': { word: 'at work', tone: 'busy' },
  'to come': { word: 'not begun', tone: 'idle' },
  ready: { word: 'ready', tone: 'good' },
};

const OTHERS: Record<OtherAgents['word'], Tone> = {
  'left out': 'attention',
  'ready before': 'good',
  'not touched': 'idle',
};

const HEADINGS = ['Wave', 'Turn began', 'Took', 'Turn ended', 'Now'];

/** Map and table of all agents, by the best that is known: the status after the end, the last look, or the plan alone. */
export function agentSections(record: RunRecord): Html[] {
  const { planned, state, status } = record;
  if (!planned) return [];
  const turns = new Turns(record);
  const groups = status && status.agents.length > 0 ? now(status, turns) : lastSeen(record, planned, turns);
  if (groups.length === 0) return [];
  const heading = status
    ? `All agents, as they were at ${utc(status.readAt)}`
    : state
      ? `All agents, as they were seen last, at ${utc(state.now)}`
      : 'All agents, as the plan has them';
  return [
    section('map', heading, mapHint(), agentMap(groups)),
    section('agents', 'Agent by agent', agentTable({ caption: TABLE_CAPTION, headings: HEADINGS, groups })),
  ];
}

const isOver = ({ standing }: AgentProgress) => standing !== 'in turn' && standing !== 'to come';

/** What the table says of an agent's turn. */
class Turns {
  readonly #waves = new Map<string, number>();
  readonly #record: RunRecord;

  constructor(record: RunRecord) {
    this.#record = record;
    record.planned?.waves.forEach(({ agents }, wave) => {
      for (const { id } of agents) this.#waves.set(id, wave + 1);
    });
    // The canary may have been filled up from later waves.
    record.state?.waves.forEach(({ agents }, wave) => {
      for (const { id } of agents) this.#waves.set(id, wave + 1);
    });
  }

  cells(id: string): ShownCell[] {
    const wave = this.#waves.get(id);
    const progress = this.#record.state?.agents.get(id);
    const { given, since } = progress ?? {};
    const ended = progress && given !== undefined && isOver(progress);
    return [
      { text: wave === undefined ? '' : String(wave) },
      { text: given === undefined ? '' : this.time(given) },
      { text: ended ? durationText(since! - given) : '' },
      progress && given !== undefined ? turnCell(progress, this.#record.removes) : { text: '' },
    ];
  }

  /** With its day where that is another than the run's. */
  time(at: number): string {
    const text = utc(at).replace(' UTC', '');
    return text.slice(0, 10) === utc(this.#record.head.began).slice(0, 10) ? text.slice(11) : text;
  }
}

/** How its turn ended, or that it goes on. */
export const turnWord = ({ standing }: AgentProgress, removes: boolean): string =>
  removes && standing === 'ready' ? 'removed' : STANDINGS[standing].word;

const turnCell = (progress: AgentProgress, removes: boolean): ShownCell => ({
  text: turnWord(progress, removes),
  tone: STANDINGS[progress.standing].tone,
});

function now(status: ClusterStatus, turns: Turns): AgentGroup[] {
  return stateGroups(status, (row: AgentRow) => [
    ...turns.cells(row.id),
    { text: reasonText(row, status.readAt) },
  ]);
}

function lastSeen({ state, removes }: RunRecord, planned: Planned, turns: Turns): AgentGroup[] {
  const byStanding = new Map<AgentStanding, ShownAgent[]>();
  for (const { id, host, type } of planned.waves.flatMap(({ agents }) => agents)) {
    const { standing = 'to come', reason = '' } = state?.agents.get(id) ?? {};
    const shown = { address: host, type, note: reason, cells: [...turns.cells(id), { text: reason }] };
    const known = byStanding.get(standing);
    if (known) known.push(shown);
    else byStanding.set(standing, [shown]);
  }
  const word = (standing: AgentStanding) => {
    if (standing === 'to come' && !state) return 'to be changed';
    return standing === 'ready' && removes ? 'removed' : STANDINGS[standing].word;
  };
  const empty = turns.cells('');
  return [
    ...(Object.keys(STANDINGS) as AgentStanding[])
      .filter((standing) => byStanding.has(standing))
      .map((standing) => ({
        word: word(standing),
        tone: STANDINGS[standing].tone,
        agents: byStanding.get(standing)!,
      })),
    ...planned.others
      .filter(({ agents }) => agents.length > 0)
      .map(({ word, agents }) => ({
        word,
        tone: OTHERS[word],
        agents: agents.map((one) => ({ ...one, cells: [...empty, { text: one.note }] })),
      })),
  ];
}
