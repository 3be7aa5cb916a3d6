// Options files of any content: read, or refused with what is wrong, never anything else; and nothing that was written in one is repeated
// where it may be a secret.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorText, problemOf } from '../../../src/cli/report.ts';
import { defaultOptions } from '../../../src/options/defaults.ts';
import { loadOptions } from '../../../src/options/load.ts';
import { type Choice, type Family, type Outcome, oneOf, randomOf, unfit } from '../case.ts';
import { PLANTED, secretsIn } from '../secrets.ts';

type Random = ReturnType<typeof randomOf>;

const FILES_A_CASE = 100;
const PIECES = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '"',
  '\\',
  '\u0000',
  '\n',
  '-',
  '1e999',
  'true',
  'nul',
  '"etcd"',
  '{"rollout":',
  '\ufeff',
  '/*',
  '\ud800',
  '..',
  '$(reboot)',
  '\u001b[2J',
];
const VALUES: unknown[] = [
  null,
  true,
  -1,
  1e99,
  '',
  [],
  {},
  ['a', 1],
  'x'.repeat(9000),
  '$(touch /tmp/x)',
  '../../etc',
  'http://u:p@h:1',
  '\u001b[2J',
  `http://user:${PLANTED}@10.0.0.1:2379`,
  { password: PLANTED },
];

function content(random: Random): string | Buffer {
  const how = random.next();
  if (how < 0.25)
    return Array.from({ length: Math.floor(random.next() * 60) }, () => oneOf(random, PIECES)).join('');
  if (how < 0.35)
    return Buffer.from(
      Array.from({ length: Math.floor(random.next() * 400) }, () => Math.floor(random.next() * 256)),
    );
  if (how < 0.4) return '['.repeat(Math.floor(random.next() * 100_000));
  const document = structuredClone(defaultOptions()) as unknown as Record<string, Record<string, unknown>>;
  for (let left = 1 + Math.floor(random.next() * 4); left > 0; left--) {
    const section = oneOf(random, Object.keys(document));
    if (random.next() < 0.1)
      document[section] = structuredClone(oneOf(random, VALUES)) as Record<string, unknown>;
    else if (typeof document[section] === 'object' && document[section]) {
      const key =
        random.next() < 0.2
          ? oneOf(random, ['__proto__', 'unknown', 'a\u001b[2Jb', 'constructor'])
          : oneOf(random, Object.keys(document[section]));
      if (key)
        Object.defineProperty(document[section], key, {
          value: structuredClone(oneOf(random, VALUES)),
          enumerable: true,
          configurable: true,
          writable: true,
        });
    }
  }
  const text = JSON.stringify(document, null, 2);
  return random.next() < 0.2 ? text.slice(0, Math.floor(random.next() * text.length)) : text;
}

async function cases({ depth }: Choice): Promise<string[]> {
  const many = depth === 'every' ? 100 : depth === 'normal' ? 20 : 3;
  return Array.from({ length: many }, (_, index) => String(index + 1));
}

async function run(name: string, seed: number): Promise<Outcome> {
  const random = randomOf(`options ${name}`, seed);
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-faults-'));
  const wrong: string[] = [];
  let taken = 0;
  try {
    for (let i = 0; i < FILES_A_CASE; i++) {
      const file = join(folder, 'calico.json');
      writeFileSync(file, content(random));
      try {
        await loadOptions({ file, set: [], flags: [] } as unknown as Parameters<typeof loadOptions>[0]);
        taken++;
      } catch (error) {
        const problem = problemOf(error, 'calico:options:validate');
        const text = errorText(problem, { width: 100, verbose: true });
        if (problem.code === 'bug') wrong.push(`a bug: ${problem.detail}`);
        if (problem.exit !== 2) wrong.push(`exit ${problem.exit} for an options file: ${problem.what}`);
        wrong.push(
          ...unfit(text).map((why) => `it printed ${why}`),
          ...secretsIn(text, []).map((which) => `it printed ${which}`),
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { wrong: [...new Set(wrong)], went: taken > 0 ? 'some read, some refused' : 'all refused' };
}

export const OPTIONS_FILES: Family = { name: 'options', about: 'Options files of any content', cases, run };
