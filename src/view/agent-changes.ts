// What changes on the agents, as text: equal agents as one, each step with what it would do.
import {
  ADDRESS,
  type ChangeGroup,
  type Changes,
  type DockerKeysChange,
  type StepChange,
} from '../plan/agent-changes.ts';
import { stepNamed } from '../steps/registry.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const IN_A_PIPE = 100;
const TITLE = 13;

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

/** Hanging lines: `first` before the first, as many spaces before the others. */
function hang(text: string, first: string, width: number): string[] {
  const indent = ' '.repeat(first.length);
  return wrap(plainText(text), width, indent).map((line, index) =>
    index === 0 ? first + line.slice(indent.length) : line,
  );
}

function keyLines({ file, before, after, others }: DockerKeysChange, { colour }: Terminal): string[] {
  const line = (sign: '-' | '+', key: string, value: unknown) =>
    paint(
      `    ${sign} ${plainText(JSON.stringify(key))}: ${plainText(JSON.stringify(value) ?? '')}`,
      sign === '+' ? 'green' : 'red',
      colour,
    );
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const rest =
    others.length > 0
      ? `; ${others.length === 1 ? 'its other key stays' : `its ${others.length} other keys stay`}`
      : '';
  return [
    `  ${plainText(file)}${rest}`,
    ...keys.flatMap((key) => [
      ...(key in before ? [line('-', key, before[key])] : []),
      ...(key in after ? [line('+', key, after[key])] : []),
    ]),
  ];
}

function stepLines({ step, would, stops }: StepChange, width: number): string[] {
  const title = stepNamed(step).title.padEnd(TITLE);
  const all = stops ? [`would stop: ${stops}`] : would;
  return all.flatMap((sentence, index) =>
    hang(sentence, `  ${index === 0 ? title : ' '.repeat(TITLE)}`, width),
  );
}

/** @param above the first group: steps that do the same there are not shown again */
function groupLines(group: ChangeGroup, above: ChangeGroup | undefined, terminal: Terminal): string[] {
  const { agents: hosts, steps, docker, restarts } = group;
  const { width, colour } = terminal;
  const list = Number.isFinite(width) ? width : IN_A_PIPE;
  const head = `${agents(hosts.length)}: `;
  const lines = [paint(head + addresses(hosts, list - head.length), 'bold', colour)];
  const shown = new Set(above?.steps.map((one) => JSON.stringify(one)));
  const same = steps.filter((one) => shown.has(JSON.stringify(one)));
  for (const one of steps) if (!same.includes(one)) lines.push(...stepLines(one, width));
  if (same.length > 0)
    lines.push(...hang(`${same.map(({ step }) => stepNamed(step).title).join(', ')}: as above`, '  ', width));
  if (docker && JSON.stringify(docker) !== JSON.stringify(above?.docker))
    lines.push(...keyLines(docker, terminal));
  for (const { what, why, interrupts } of restarts) {
    const ends = interrupts.length > 0 ? `ends ${interrupts.join(', ')}` : 'ends nothing but Calico itself';
    lines.push(...hang(`${what} must be restarted: ${why}; that ${ends}`, '  ', width));
  }
  if (steps.length === 0 && restarts.length === 0) lines.push('  nothing: it is as wanted already');
  return lines;
}

/** Empty where no agent changes. */
export function changesText({ groups, unknown }: Changes, terminal: Terminal): string {
  const list = Number.isFinite(terminal.width) ? terminal.width : IN_A_PIPE;
  const parts = groups.map((group, index) =>
    groupLines(group, index > 0 ? groups[0] : undefined, terminal).join('\n'),
  );
  if (unknown.length > 0) {
    const head = `${agents(unknown.length)}: `;
    parts.push(
      `${paint(head + addresses(unknown, list - head.length), 'bold', terminal.colour)}\n  not asked; each step looks at its host before it changes anything`,
    );
  }
  const hasAddress = groups.some(({ docker }) => JSON.stringify(docker ?? {}).includes(`"${ADDRESS}:`));
  if (hasAddress) parts.push(`${ADDRESS} stands for the address of each agent.`);
  return parts.join('\n\n');
}
