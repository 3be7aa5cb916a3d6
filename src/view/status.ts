// The screen of `dcos calico status`.
import { timeText } from '../status/duration.ts';
import { AGENT_STATES, type ClusterStatus } from '../status/model.ts';
import { isGoingOn } from '../status/verdict.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { statusTable } from './status-table.ts';
import { stateWord } from './status-words.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface Screen {
  /** The result, for stdout; no line end. */
  lines: string[];
  /** What to type next, for stderr. */
  next: string[];
}

/** @param all each agent has its line, whatever the terminal's height */
export function statusScreen(status: ClusterStatus, terminal: Terminal, { all }: { all: boolean }): Screen {
  if (status.calico === 'not installed')
    return {
      lines: ['Calico is not installed on this cluster'],
      // It asks the agents themselves, which may have Calico from a group that somebody deleted.
      next: nextLines(['dcos calico preflight']),
    };
  const footer = footerLines(status, terminal);
  const next = nextLines(nextCommands(status));
  // The empty line below the table, and the prompt's.
  const room = all ? Number.POSITIVE_INFINITY : terminal.height - footer.length - next.length - 2;
  const table = status.agents.length > 0 ? statusTable(status, terminal, room) : [];
  return { lines: [...table, ...(table.length > 0 ? [''] : []), ...footer], next };
}

function footerLines(status: ClusterStatus, terminal: Terminal): string[] {
  const lines = [...wrap(totalsLine(status), terminal.width).map((line) => line.replaceAll(NO_BREAK, ' '))];
  if (status.notAsked > 0)
    lines.push(
      ...wrap(
        `${status.notAsked} more agents that are not ready were not asked why: at most 200 are, the longest waiting first`,
        terminal.width,
      ),
    );
  for (const note of status.notes) {
    const [first, ...more] = wrap(plainText(note.text), terminal.width - 6);
    lines.push(
      `${paint('Note:', 'yellow', terminal.colour)} ${first}`,
      ...more.map((line) => `      ${line}`),
    );
    for (const remedy of note.remedy) lines.push(`      ${remedy}`);
  }
  if (status.change) lines.push(...wrap(changeLine(status), terminal.width));
  return lines;
}

/** Keeps a count with its state when the line is wrapped. */
const NO_BREAK = '\u00a0';

function totalsLine(status: ClusterStatus): string {
  return totalsText(status, NO_BREAK);
}

/** `6 agents: 1 failed, 5 ready`. @param space between a count and its state */
export function totalsText({ totals, calico }: ClusterStatus, space = ' '): string {
  const parts = AGENT_STATES.filter((state) => totals.byState[state]).map(
    (state) => `${totals.byState[state]}${space}${stateWord(state).replaceAll(' ', space)}`,
  );
  const being = calico === 'being removed' ? ' (Calico is being taken off)' : '';
  if (totals.agents === 0) return `No agents${being}`;
  return `${totals.agents} ${totals.agents === 1 ? 'agent' : 'agents'}: ${parts.join(', ')}${being}`;
}

function changeLine({ change }: ClusterStatus): string {
  const message = change!.message ? `: ${plainText(change!.message)}` : '';
  return `Last changed ${timeText(change!.when)} by ${plainText(change!.who)} with ${plainText(change!.command)}${message}`;
}

/** The commands that help, the most urgent first. */
export function nextCommands(status: ClusterStatus): string[] {
  const { byState } = status.totals;
  const commands: string[] = [];
  const worst = status.agents[0];
  if (worst && AGENT_STATES.indexOf(worst.state) < AGENT_STATES.indexOf('not covered'))
    commands.push(`dcos calico status ${plainText(worst.address)}`);
  if (isGoingOn(status)) commands.push('dcos calico status --watch');
  else if (status.calico === 'being removed') commands.push('dcos calico uninstall');
  else if (byState['not covered'] || byState.waiting || byState['restart pending'])
    commands.push('dcos calico install');
  return commands;
}

export function nextLines(commands: readonly string[]): string[] {
  return commands.map((command, index) => `${index === 0 ? 'Next: ' : '      '}${command}`);
}
