// What a rehearsal came to, as text: how long, who is disturbed, where it stops, and what that rests on.
import type { Course, CourseWave } from '../rehearsal/course.ts';
import type { Inventory } from '../rehearsal/inventory.ts';
import { durationText } from '../status/duration.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { type Row, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;
/** As a person would count it: 1 min 35 s, 2 h 5 min. */
export function spanText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const [h, min, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`;
  return s > 0 ? `${min} min ${s} s` : `${min} min`;
}

/** The line above everything. */
export function rehearsalHeading({ url, dcos, agents: all, read }: Inventory, saved: boolean): string {
  const where = `${plainText(url)}, DC/OS ${plainText(dcos)}, ${agents(all.length)}`;
  return saved ? `${where}, as saved on ${read.slice(0, 16).replace('T', ' ')} UTC` : where;
}

const KINDS: Record<CourseWave['kind'], string> = {
  canary: 'canary',
  rollout: '',
  restart: 'restart',
  retry: 'doubtful',
};
/** More waves than these are shown as runs of one kind. */
const ONE_BY_ONE = 8;

function waveRows(waves: readonly CourseWave[]): Row[] {
  const runs: CourseWave[][] = [];
  for (const wave of waves) {
    const last = runs.at(-1);
    if (waves.length > ONE_BY_ONE && last && last[0]?.kind === wave.kind) last.push(wave);
    else runs.push([wave]);
  }
  return runs.map((run) => {
    const [first, last] = [run[0]!, run.at(-1)!];
    const kind = KINDS[first.kind] ? ` (${KINDS[first.kind]})` : '';
    const times = run.map(({ seconds }) => seconds);
    const [least, most] = [Math.min(...times), Math.max(...times)];
    const each = least === most ? spanText(least) : `${spanText(least)} to ${spanText(most)}`;
    return row(
      run.length > 1 ? `waves ${first.wave}-${last.wave}${kind}` : `wave ${first.wave}${kind}`,
      String(run.reduce((sum, wave) => sum + wave.agents, 0)),
      run.length > 1 ? `${each} each` : each,
      last.over,
    );
  });
}

function row(what: string, count: string, takes: string, over: number): Row {
  return { cells: [{ text: what }, { text: count }, { text: takes }, { text: spanText(over) }] };
}

function phaseRows(course: Course): Row[] {
  const { askingSeconds: asking, startingSeconds: starting } = course;
  return [
    row('checks, agents asked', '', spanText(asking), asking),
    ...(starting === undefined ? [] : [row('tasks started', '', spanText(starting), asking + starting)]),
    ...waveRows(course.waves),
  ];
}

/** Agents with restarts that are named one by one. */
const NAMED = 20;

function disturbedLines({ restarted }: Course, names: boolean, hang: Hang): string[] {
  if (restarted.length === 0) return hang('Nobody is disturbed: no daemon is restarted');
  const tasks = restarted.reduce((sum, { interrupted }) => sum + interrupted.length, 0);
  const interrupts = tasks === 0 ? ', where nothing runs in it' : `, which interrupts ${tasks} of its tasks`;
  const what = names ? interrupts : '';
  return [
    ...hang(`Docker is restarted on ${agents(restarted.length)}${what}`),
    ...restarted
      .slice(0, NAMED)
      .flatMap(({ host, times, interrupted }) =>
        hang(
          `${plainText(host)}${times > 1 ? ` (${times} times)` : ''}: ${interrupted.map(plainText).join(', ') || (names ? 'nothing' : 'what runs in Docker there is not known')}`,
          '  ',
        ),
      ),
    ...(restarted.length > NAMED ? [`  and ${restarted.length - NAMED} more (--json has all)`] : []),
  ];
}

type Hang = (text: string, indent?: string) => string[];

/** @param namesKnown whether the inventory says what runs in Docker */
export function rehearsalText(
  course: Course,
  {
    notes,
    seed,
    namesKnown,
    missed,
  }: { notes: string[]; seed: number; namesKnown: boolean; missed: string[] },
  { width, colour }: Terminal,
): string {
  const hang: Hang = (text, indent = '') => {
    const lines = wrap(text, width, `${indent}  `);
    return [indent + lines[0]!.trimStart(), ...lines.slice(1)];
  };
  const columns = [
    { heading: 'PHASE' },
    { heading: 'AGENTS', align: 'right' as const },
    { heading: 'TAKES' },
    { heading: 'OVER AFTER' },
  ];
  const rest = course.planned - course.waves.length;
  const { slowest } = course;
  return [
    ...tableLines(columns, phaseRows(course), colour),
    '',
    paint(`It takes ${spanText(course.seconds)} on the cluster`, 'bold', colour),
    ...(slowest
      ? hang(`Longest in its turn: ${plainText(slowest.host)}, ${durationText(slowest.seconds * 1000)}`)
      : []),
    ...disturbedLines(course, namesKnown, hang),
    ...(rest > 0
      ? hang(
          `Not begun: ${rest} of ${course.planned} waves, ${agents(course.notBegun)}: they stay as they are`,
        )
      : []),
    ...missed.flatMap((what) => hang(`Did not happen: ${plainText(what)}`)),
    ...notes.flatMap((note) => hang(`Note: ${plainText(note)}`)),
    ...hang(
      `Step times are modelled, not measured on your agents (--step-time); seed ${seed}. Nothing was changed on any cluster`,
    ),
  ].join('\n');
}
