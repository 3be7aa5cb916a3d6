// The rule on imports: the core is pure, and dependencies point one way.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const src = join(root, 'src');
const CORE = ['plan', 'status', 'checks', 'steps', 'options', 'wizard', 'report'];
const UI = /^(@oclif\/|axios|inquirer|@inquirer\/|listr2|cli-table3|fastify|ajv)/;
/** Files of the core that may do I/O or load a library, each with its reason. */
const ALLOWED: Record<string, RegExp> = {
  'options/read.ts': /^node:fs/,
  'options/validate.ts': /^ajv/,
};
const MAY_IMPORT: Record<string, string[]> = {
  plan: ['steps', 'options', 'dcos', 'checks'],
  status: ['steps', 'options', 'dcos', 'plan'],
  checks: ['steps', 'options', 'dcos'],
  wizard: ['checks', 'plan', 'steps', 'options', 'dcos'],
  // A page says in markup what the screens say in columns, of what a run tells: it takes their words, and no I/O of theirs.
  report: ['view', 'rollout', 'status', 'plan', 'checks', 'steps', 'options', 'dcos'],
  steps: ['options', 'dcos'],
  // A test of the network is put and watched as a rollout's own apps are.
  connectivity: ['rollout', 'plan', 'steps', 'options', 'dcos'],
  // A rehearsal plays the product on the lab; what is shown of it is the view's.
  rehearsal: ['lab', 'rollout', 'plan', 'status', 'checks', 'steps', 'options', 'dcos'],
  options: [],
};

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map((match) => match[1]!);
}

const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));

test('the core imports no I/O and no user interface', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const path = relative(src, file).split(sep).join('/');
    if (!CORE.includes(path.split('/')[0]!)) continue;
    for (const name of imports(file)) {
      if (name.startsWith('.') || ALLOWED[path]?.test(name)) continue;
      if (name.startsWith('node:') || UI.test(name)) wrong.push(`${path} imports ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('dependencies point one way', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const path = relative(src, file).split(sep).join('/');
    const part = path.split('/')[0]!;
    const allowed = MAY_IMPORT[part];
    if (!allowed) continue;
    for (const name of imports(file)) {
      if (!name.startsWith('.')) continue;
      const target = relative(src, resolve(dirname(file), name))
        .split(sep)
        .join('/');
      const other = target.split('/')[0]!;
      if (!target.includes('/') || other === part || allowed.includes(other)) continue;
      wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});
