// The plan as text: what is done to whom in which order, what that amounts to, and who is left out.
import type { Options } from '../options/types.ts';
import type { Changes } from '../plan/agent-changes.ts';
import { keptSentence } from '../plan/kept-for-gone.ts';
import type { LeftOut, Plan } from '../plan/types.ts';
import { aboutText } from '../status/duration.ts';
import type { StepName } from '../steps/state.ts';
import { changesText } from './agent-changes.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { changeLines } from './plan-change.ts';
import { restartLines } from './plan-restarts.ts';
import { stepSentences } from './plan-steps.ts';
import { addresses, waveRows } from './plan-waves.ts';
import { columnWidths, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Text that goes into a pipe is not broken into lines, but a list in it must not be endless either. */
const IN_A_PIPE = 100;

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;
const tasks = (count: number) => `${count} ${count === 1 ? 'task' : 'tasks'}`;

/** What the plan comes to, as a sentence without its full stop. */
export function headline(plan: Plan): string {
  const all = plan.ready.length + plan.numbers.hostsChanged + plan.leftOut.length;
  const some = plan.numbers.hostsChanged;
  switch (plan.kind) {
    case 'nothing':
      if (plan.restartsAlone) return 'Nothing to restart: no restart is pending';
      return plan.leftOut.length === 0
        ? `Nothing to do: Calico is ready on ${all === 1 ? 'the 1 agent' : `all ${all} agents`}`
        : `Nothing to do: Calico is ready on ${plan.ready.length} of ${agents(all)}`;
    case 'install':
      return `Install Calico on ${some} of ${agents(all)}`;
    case 'cover':
      return some > 0
        ? `Cover ${agents(some)} that Calico is not ready on, of ${all}`
        : `Bring the number of tasks in line with the ${agents(all)}`;
    case 'put back':
      return `Put Calico back as its options say, on ${some} of ${agents(all)}`;
    case 'change':
      return `Change Calico on ${some} of ${agents(all)}`;
    case 'drop':
      return `Take away the apps of steps that are off every agent: ${plan.changes.map(({ step }) => step).join(', ')}`;
    case 'go on':
      if (some === 0) return 'Take away the turn that an interrupted rollout has left';
      return `Go on installing Calico: ${some} of ${agents(all)} are not ready yet`;
    case 'restart':
      return `Restart what is pending on ${agents(some)}`;
    case 'repair':
      return some > 0 ? `Bring ${agents(some)} back` : 'Clear what blocks the next rollout';
    case 'refused':
      return 'Nothing can be done';
  }
}

/** Of a change, the steps that it touches; restarts alone touch none. */
export function stepsShown({ kind, steps, changes, effects }: Plan): StepName[] {
  if (kind === 'restart') return [];
  if (kind !== 'change' || !effects) return steps;
  return steps.filter((step) => changes.some((change) => change.step === step));
}

/** Where units were counted, none says enough. */
function restartsText(count: number, changes: Changes | undefined): string[] {
  if (count > 0) return [`a daemon is restarted on ${agents(count)}`];
  return changes && changes.groups.length > 0 ? [] : ['nothing is restarted'];
}

/** Units that are started anew are known of those that were asked. */
function unitsText(hosts: number, changes: Changes | undefined): string[] {
  if (!changes || changes.groups.length === 0) return [];
  const { unitsRestarted: units, unknown } = changes;
  const asked = unknown.length > 0 ? ` (of the ${hosts - unknown.length} that were asked)` : '';
  return [`${units} ${units === 1 ? 'unit' : 'units'} restarted${asked}`];
}

/** Sentences without their full stop: what is started, reserved and taken up, and how long it takes. */
export function amounts({ numbers, freed, takenUp = [] }: Plan, changes?: Changes): string[] {
  const lines = [
    `${tasks(numbers.tasksStarted)} started, ${numbers.tasksReplaced} replaced; ${[...unitsText(numbers.hostsChanged, changes), `${agents(numbers.hostsChanged)} changed`, ...restartsText(numbers.restarts, changes)].join('; ')}`,
    `Tasks reserve ${numbers.perAgent.cpus} CPU and ${memory(numbers.perAgent.mem)} on each agent, ${numbers.inAll.cpus} CPU and ${memory(numbers.inAll.mem)} in all`,
  ];
  if (numbers.tasksReplaced > 0) lines.push('Agents that find nothing to change then take no turn');
  if (takenUp.length > 0)
    lines.push(
      `Taken up again, as a deployment was cut off in the middle: ${takenUp.join(', ')}; all their tasks start anew`,
    );
  for (const { task, reason } of freed)
    lines.push(`The place of ${plainText(task.id)} is given free: ${plainText(reason)}`);
  if (numbers.hostsChanged > 0)
    lines.push(`About ${aboutText(numbers.seconds * 1000)}: ${numbers.reckonedFrom}`);
  return lines;
}

/** Sentences without their full stop: what stops it, and how many at a time. */
export function bounds({ maxConcurrent, maxFailures, waves }: Plan): string[] {
  const from = (text: string) => (text ? ` (${text})` : '');
  const rest = waves.some(({ kind }) => kind === 'rollout');
  return [
    ...(waves.some(({ kind }) => kind === 'canary') ? ['A failed canary stops it'] : []),
    ...(waves.some(({ kind }) => kind === 'restart') ? ['A failed restart stops it'] : []),
    ...(rest
      ? [
          `At most ${agents(maxConcurrent.count)} at a time${from(maxConcurrent.from)}`,
          `More than ${maxFailures.count} failed ${maxFailures.count === 1 ? 'agent stops' : 'agents stop'} it${from(maxFailures.from)}`,
        ]
      : []),
  ];
}

/** Agents left out for equal reasons together. */
export function leftOutGroups(leftOut: readonly LeftOut[]): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const { agent, reason } of leftOut) groups.set(reason, [...(groups.get(reason) ?? []), agent.host]);
  return [...groups];
}

/** `first` before the first line, `indent` before the others. */
function hang(text: string, first: string, indent: string, width: number): string[] {
  // Where the first line begins further left than the others it still breaks where they do: simpler, and never too wide.
  const lines = wrap(text, width, indent);
  return [first + lines[0]!.slice(indent.length), ...lines.slice(1)];
}

/** MiB as people read them. */
function memory(mib: number): string {
  return mib < 10_240 ? `${mib} MiB` : `${Math.round(mib / 102.4) / 10} GiB`;
}

/**
 * The whole screen, without a trailing line break. Each line fits the terminal; nothing is cut.
 * `changes`: what the agents told. They stand above the waves and what it all amounts to, which whoever is asked is to have before them.
 */
export function planText(plan: Plan, options: Options, terminal: Terminal, changes?: Changes): string {
  const width = Number.isFinite(terminal.width) ? terminal.width : Number.POSITIVE_INFINITY;
  const listWidth = Number.isFinite(width) ? width : IN_A_PIPE;
  const warned = (line: string) => line.replace(/^Warning/, (word) => paint(word, 'yellow', terminal.colour));
  const bold = (text: string) => paint(text, 'bold', terminal.colour);
  const hanging = (text: string, first: string, indent: string) => hang(text, first, indent, width);
  const lines = [bold(headline(plan))];
  if (plan.kind === 'nothing') {
    lines.push(...leftOutLines(plan, listWidth, hanging));
    if (plan.keptFor) lines.push(...hanging(plainText(keptSentence(plan.keptFor)), '', '  '));
    return lines.join('\n');
  }
  if (plan.kind === 'cover' && plan.waves.length > 0)
    lines.push(
      ...hanging('Without anybody typing, a job can do this: dcos calico options cover-job --help', '', '  '),
    );
  if (plan.kind === 'change') lines.push('', ...changeLines(plan, terminal));
  for (const { agent, reason } of plan.repairs ?? [])
    lines.push(...hanging(`${plainText(agent.host)}: ${plainText(reason)}`, '  ', '    '));
  if (plan.waves.length > 0) {
    const sentences = stepSentences(stepsShown(plan), options, (plan.restarts ?? []).length > 0);
    if (sentences.length > 0) lines.push('', bold('On each agent'));
    const most = Math.max(...sentences.map(([title]) => title.length));
    for (const [title, sentence] of sentences)
      lines.push(...hanging(plainText(sentence), `  ${title.padEnd(most)}  `, ' '.repeat(most + 4)));
    const onThem = changes ? changesText(changes, terminal) : '';
    if (onThem) lines.push('', onThem);
    const columns = ['WAVE', 'KIND', 'AGENTS', 'WHICH'].map((heading) => ({ heading }));
    const used = columnWidths(
      columns.slice(0, 3),
      waveRows(plan.waves, 0).map(({ cells }) => ({ cells: cells.slice(0, 3) })),
    ).reduce((sum, one) => sum + one + 2, 0);
    lines.push('', ...tableLines(columns, waveRows(plan.waves, listWidth - used), terminal.colour));
  }
  if (plan.kind !== 'change' && plan.changes.some(({ how }) => how === 'replace')) {
    lines.push('', bold('Put back'));
    for (const { step, fields } of plan.changes.filter(({ how }) => how === 'replace'))
      lines.push(...hanging(`${step}: ${plainText(fields.join(', '))}`, '  ', '    '));
  }
  const restarts = restartLines(plan);
  if (restarts.length > 0) lines.push('', bold('Restarts'));
  for (const line of restarts) lines.push(...hanging(line, '  ', '    '));
  lines.push('');
  for (const line of [...amounts(plan, changes), ...bounds(plan)]) lines.push(...hanging(line, '', '  '));
  lines.push(...leftOutLines(plan, listWidth, hanging));
  for (const warning of plan.warnings)
    lines.push(...hanging(`Warning: ${plainText(warning)}`, '', '  ').map(warned));
  return lines.join('\n');
}

function leftOutLines(
  { leftOut }: Plan,
  width: number,
  hanging: (text: string, first: string, indent: string) => string[],
): string[] {
  if (leftOut.length === 0) return [];
  return [
    `Left out: ${agents(leftOut.length)}`,
    ...leftOutGroups(leftOut).flatMap(([reason, hosts]) =>
      hanging(`${addresses(hosts, width - 4)}: ${plainText(reason)}`, '  ', '    '),
    ),
  ];
}
