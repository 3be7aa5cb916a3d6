// A rollout as text: the tree, words and statuses of DC/OS services' own plan commands, waves as phases, agents folded.
import type { PlanPhase, PlanStatus, PlanStep, UnderWay } from '../plan/under-way.ts';
import { timeText } from '../status/duration.ts';
import { type Paint, paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const COLOURS: Partial<Record<PlanStatus, Paint>> = {
  COMPLETE: 'green',
  IN_PROGRESS: 'cyan',
  ERROR: 'red',
  WAITING: 'yellow',
  DELAYED: 'yellow',
};

const KINDS: Partial<Record<PlanPhase['kind'], string>> = {
  canary: 'canary',
  restart: 'restart',
  retry: 'doubtful',
};

/** Agents of one phase that are named; `--all` names every one. */
const NAMED = 20;
/** Waves to come that are shown one by one. */
const WAVES = 6;

export interface TreeOptions {
  all: boolean;
}

export function treeText(plan: UnderWay, terminal: Terminal, { all }: TreeOptions): string {
  const mark = (status: PlanStatus) => `(${paint(status, COLOURS[status], terminal.colour)})`;
  const { shown, folded } = foldPhases(plan.phases, all);
  const lines = [`${plan.name} (${plan.strategy} strategy) ${mark(plan.status)} ${plan.complete}/${plan.of}`];
  shown.forEach((phase, index) => {
    const last = index === shown.length - 1 && folded === undefined;
    lines.push(`${last ? '└─' : '├─'} ${phaseHead(phase)} ${mark(phase.status)} ${counted(phase)}`);
    const { steps, more } = foldSteps(phase, all);
    steps.forEach((step, at) => {
      const end = at === steps.length - 1 && more === 0;
      const head = `${last ? '   ' : '│  '}${end ? '└─' : '├─'} ${plainText(step.name)} `;
      lines.push(...stepLines(step, head, mark(step.status), last ? '   ' : '│  ', terminal.width));
    });
    if (more > 0) lines.push(`${last ? '   ' : '│  '}└─ ${more} more`);
  });
  if (folded) lines.push(`└─ ${folded}`);
  return lines.join('\n');
}

function phaseHead({ name, kind, strategy, size }: PlanPhase): string {
  const word = KINDS[kind] ? `, ${KINDS[kind]}` : '';
  const at = kind === 'done' || kind === 'left out' ? '' : `, ${size} at a time`;
  return `${name} (${strategy} strategy${at}${word})`;
}

function counted({ kind, complete, steps }: PlanPhase): string {
  return kind === 'left out' ? String(steps.length) : `${complete}/${steps.length}`;
}

/** Complete agents, and such as have not begun, are counted; those that something is the matter with are named. */
function foldSteps({ steps }: PlanPhase, all: boolean): { steps: PlanStep[]; more: number } {
  if (all) return { steps, more: 0 };
  const worth = steps.filter(({ status }) => status !== 'COMPLETE' && status !== 'PENDING');
  return { steps: worth.slice(0, NAMED), more: Math.max(0, worth.length - NAMED) };
}

function foldPhases(phases: readonly PlanPhase[], all: boolean): { shown: PlanPhase[]; folded?: string } {
  const pending = phases.filter(({ status }) => status === 'PENDING');
  if (all || pending.length <= WAVES) return { shown: [...phases] };
  const hidden = new Set(pending.slice(WAVES - 1));
  const agents = [...hidden].reduce((sum, { steps }) => sum + steps.length, 0);
  return {
    shown: phases.filter((phase) => !hidden.has(phase)),
    folded: `${hidden.size} more waves (PENDING) 0/${agents}`,
  };
}

function stepLines({ message }: PlanStep, head: string, mark: string, bar: string, width: number): string[] {
  if (!message) return [`${head}${mark}`];
  const text = plainText(message);
  const plainMark = mark.replaceAll(/\u001b\[\d+m/g, '');
  if (head.length + plainMark.length + 1 + text.length <= width) return [`${head}${mark} ${text}`];
  const below = wrap(text, width - bar.length - DEEPER.length, '');
  return [`${head}${mark}`, ...below.map((line) => `${bar}${DEEPER}${line}`)];
}

/** A message below its agent stands under its name. */
const DEEPER = '   ';

/** What the tree does not tell: errors, by whom, since when, who is gone on without. */
export function aboutText(plan: UnderWay, terminal: Terminal): string {
  const hang = (text: string) => {
    const [first = '', ...rest] = wrap(plainText(text), terminal.width, '  ');
    return [first.trimStart(), ...rest];
  };
  const lines: string[] = [];
  if (plan.errors.length > 0) {
    lines.push('', 'Errors:');
    for (const error of plan.errors.slice(0, NAMED)) lines.push(...hang(`- ${error}`));
    if (plan.errors.length > NAMED) lines.push(`and ${plan.errors.length - NAMED} more`);
  }
  lines.push('');
  const { change, carried, paused } = plan;
  if (change)
    lines.push(
      ...hang(
        `Changed by ${change.who}, ${timeText(change.when)}: ${change.command}${change.message ? ` (${change.message})` : ''}`,
      ),
    );
  if (carried)
    lines.push(
      ...hang(
        `The wave under way was given its turn by ${carried.who || 'somebody'}, ${timeText(carried.since)}`,
      ),
    );
  if (paused)
    lines.push(
      ...hang(`Paused by ${paused.who}, ${timeText(paused.when)}${paused.why ? `: ${paused.why}` : ''}`),
    );
  for (const { host, who, when, why } of plan.skipped)
    lines.push(...hang(`Skipped: ${host}, by ${who}, ${timeText(when)}: ${why}`));
  return lines.join('\n').trimEnd();
}

/** Commands to type next, the most useful first. */
export function nextOf(plan: UnderWay): string[] {
  const failed = plan.phases.flatMap(({ steps }) => steps).find(({ status }) => status === 'ERROR');
  const aboutFailed = failed
    ? [
        `dcos calico logs ${failed.name} ${failed.step ?? 'STEP'}`,
        `dcos calico repair --agent ${failed.name}`,
        `dcos calico plan skip ${failed.name} -m WHY`,
      ]
    : [];
  if (plan.status === 'IN_PROGRESS')
    return [...aboutFailed, 'dcos calico plan status', 'dcos calico plan pause'];
  if (plan.status === 'COMPLETE') return ['dcos calico status'];
  if (plan.name === 'uninstall') return [...aboutFailed.slice(0, 1), 'dcos calico uninstall'];
  return [...aboutFailed, 'dcos calico plan resume', ...(plan.undo ? ['dcos calico plan undo'] : [])];
}
