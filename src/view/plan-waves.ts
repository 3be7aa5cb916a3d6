// The waves as rows of a table; equal ones in a row are one.
import type { PlannedAgent, Wave } from '../plan/waves.ts';
import { plainText } from './plain-text.ts';
import type { Row } from './table.ts';

const WORDS: Record<Wave['kind'], string> = {
  canary: 'canary',
  rollout: '',
  restart: 'restart',
  retry: 'doubtful',
};

interface Fold {
  from: number;
  to: number;
  kind: Wave['kind'];
  size: number;
  agents: PlannedAgent[];
}

/** More waves than these are folded; fewer are shown one by one. */
const ONE_BY_ONE = 4;

export function folded(waves: readonly Wave[]): Fold[] {
  const folds: Fold[] = [];
  const fold = waves.length > ONE_BY_ONE;
  waves.forEach(({ kind, agents }, index) => {
    const last = folds.at(-1);
    if (fold && last && last.kind === kind && kind !== 'canary' && isLike(last, agents)) {
      last.to = index + 1;
      last.agents.push(...agents);
    } else folds.push({ from: index + 1, to: index + 1, kind, size: agents.length, agents: [...agents] });
  });
  return folds;
}

/** Public agents restart apart from private ones: a fold of both would say how many at a time of neither. */
function isLike({ kind, agents }: Fold, others: readonly PlannedAgent[]): boolean {
  return kind !== 'restart' || agents[0]?.type === others[0]?.type;
}

/** As many addresses as fit, at least one; of more, the last too. */
export function addresses(hosts: readonly string[], width: number): string {
  const plain = hosts.map(plainText);
  const whole = plain.join(', ');
  if (whole.length <= width && plain.length <= 12) return whole;
  for (let shown = Math.min(plain.length - 1, 4); shown > 1; shown--) {
    const text = `${plain.slice(0, shown).join(', ')} and ${plain.length - shown} more`;
    if (text.length <= width) return text;
  }
  return `${plain[0]} and ${plain.length - 1} more`;
}

function typesOf(agents: readonly PlannedAgent[]): string {
  const count = (type: PlannedAgent['type']) => agents.filter((agent) => agent.type === type).length;
  return [
    count('private') > 0 ? `${count('private')} private` : '',
    count('public') > 0 ? `${count('public')} public` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

/** One row a wave, or a run of equal ones. `width`: of the last column. */
export function waveRows(waves: readonly Wave[], width: number): Row[] {
  return folded(waves).map(({ from, to, kind, size, agents }) => {
    const each = to > from ? `${size} at a time` : '';
    const what = [WORDS[kind], each].filter(Boolean).join(', ');
    return {
      cells: [
        { text: from === to ? String(from) : `${from}-${to}` },
        { text: what },
        { text: typesOf(agents) },
        {
          text: addresses(
            agents.map(({ host }) => host),
            width,
          ),
        },
      ],
    };
  });
}
