// The screen of `dcos calico status AGENT`: everything about one agent.
import { durationText, timeText } from '../status/duration.ts';
import type { AgentRow, ClusterStatus, StepCell } from '../status/model.ts';
import type { StepMode } from '../steps/state.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { nextCommands, nextLines, type Screen } from './status.ts';
import { valueLines } from './status-values.ts';
import { cellWord, reasonText, STATE_PAINT, stateText } from './status-words.ts';
import { type Row, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const INDENT = '  ';

export function agentScreen(status: ClusterStatus, row: AgentRow, terminal: Terminal): Screen {
  const state = stateText(row.state, reasonText(row, status.readAt));
  const turn = status.turn?.agents.includes(row.address) ? turnText(status, row) : undefined;
  const field = (name: string, text: string) => fieldLines(name, text, terminal.width);
  const lines = [
    ...field('Agent', plainText(row.address)),
    ...field('Calico', state).map((line) => painted(line, row, terminal)),
    ...field('Type', row.type === 'unknown' ? 'not known, as Mesos does not list it' : row.type),
    ...field('Mesos', mesosText(row)),
    ...(row.mesos ? field('Free', freeText(row)) : []),
    ...(turn ? field('Turn', turn) : []),
    '',
    ...stepLines(status, row, terminal),
  ];
  const itself = `dcos calico status ${plainText(row.address)}`;
  const commands = [
    ...nextCommands({ ...status, agents: [row] }).filter((command) => command !== itself),
    ...row.cells
      .filter(({ log }) => log)
      .map(({ step }) => `dcos calico logs ${plainText(row.address)} ${step}`),
    // It asks agents that are not ready, and has for what stops them the ways out.
    ...(row.cells.some(({ state }) => state === 'failed') ? ['dcos calico preflight'] : []),
  ];
  return { lines, next: nextLines(commands) };
}

const FIELD = 8;

function fieldLines(name: string, text: string, width: number): string[] {
  return wrap(text, width - FIELD).map((line, index) => `${(index === 0 ? name : '').padEnd(FIELD)}${line}`);
}

function painted(line: string, row: AgentRow, terminal: Terminal): string {
  return line.slice(0, FIELD) + paint(line.slice(FIELD), STATE_PAINT[row.state], terminal.colour);
}

function mesosText({ id, mesos }: AgentRow): string {
  if (!mesos) return plainText(id);
  const since = timeText(mesos.registeredAt);
  return `${plainText(id)}, version ${plainText(mesos.version)}, ${mesos.active ? 'active' : 'not active'}, registered ${since}`;
}

function freeText({ mesos }: AgentRow): string {
  const { free, total } = mesos!;
  return `${free.cpus} of ${total.cpus} CPUs, ${free.mem} of ${total.mem} MiB of memory`;
}

function turnText({ turn }: ClusterStatus, row: AgentRow): string {
  const done = turn!.done.includes(row.address) ? ', settled' : '';
  const until = turn!.until ? `, until ${timeText(turn!.until)}` : '';
  return `for ${turn!.allows === 'restart' ? 'a restart' : 'changes'}, since ${timeText(turn!.since)}${until}${done}`;
}

function stepLines(status: ClusterStatus, row: AgentRow, terminal: Terminal): string[] {
  const rows = row.cells.map((cell, index): Row => {
    const word = cellWord(cell.state, status.steps[index]?.mode ?? 'present', 'full');
    return {
      cells: [{ text: cell.step }, word, { text: running(cell, status) }, { text: checked(cell, status) }],
      below: about(cell, status.steps[index]?.mode ?? 'present', terminal),
    };
  });
  return tableLines(
    [{ heading: 'STEP' }, { heading: 'STATE' }, { heading: 'RUNNING' }, { heading: 'LOOKED' }],
    rows,
    terminal.colour,
  );
}

function running(cell: StepCell, { readAt }: ClusterStatus): string {
  return cell.startedAt ? durationText(readAt - Date.parse(cell.startedAt)) : '-';
}

function checked({ report }: StepCell, { readAt }: ClusterStatus): string {
  const at = report ? Date.parse(report.checkedAt) : Number.NaN;
  return Number.isNaN(at) ? '-' : `${durationText(readAt - at)} ago`;
}

function about(cell: StepCell, mode: StepMode, terminal: Terminal): string[] {
  const lines: [string, string][] = [];
  if (cell.reason) lines.push(['why', plainText(cell.reason)]);
  cell.log?.forEach((line, index) => {
    lines.push([index === 0 ? 'printed' : '', plainText(line)]);
  });
  if (mode === 'absent') lines.push(['mode', 'is being taken off']);
  const { report } = cell;
  if (report?.needs.length) lines.push(['needs', plainText(report.needs.join(', '))]);
  for (const part of ['wanted', 'found', 'detail'] as const)
    for (const [key, value] of Object.entries(report?.[part] ?? {}))
      for (const line of valueLines(key, value)) lines.push([part, line]);
  if (cell.version) lines.push(['version', timeText(cell.version)]);
  if (cell.taskId) lines.push(['task', plainText(cell.taskId)]);
  return lines.flatMap(([name, text]) =>
    fieldLines(name, text, terminal.width - INDENT.length).map((line) => INDENT + line),
  );
}
