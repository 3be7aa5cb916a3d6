// `npm run docs`: writes anew what is made from something else. A test fails when any of it is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generated.ts';

const root = dirname(import.meta.dirname);
for (const [path, content] of Object.entries(generatedFiles())) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  let before: string | undefined;
  try {
    before = readFileSync(file, 'utf8');
  } catch {}
  if (before === content) continue;
  writeFileSync(file, content);
  process.stdout.write(`${path}\n`);
}
