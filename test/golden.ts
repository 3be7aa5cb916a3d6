// Golden files: what a screen printed when it was last looked at. `UPDATE_GOLDEN=1 npm test` writes them anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Holds `text` against `test/<name>.golden.txt`. */
export function assertGolden(name: string, text: string): void {
  const path = join(here, `${name}.golden.txt`);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.ok(existsSync(path), `${name}.golden.txt is missing: run with UPDATE_GOLDEN=1 and look at it`);
  assert.equal(text, readFileSync(path, 'utf8'));
}
