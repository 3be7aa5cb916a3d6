import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from '../../scripts/generated.ts';

const root = join(import.meta.dirname, '../..');

test('what is made from the sources is as they make it', () => {
  for (const [path, content] of Object.entries(generatedFiles())) {
    const there = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
    assert.equal(there, content, `${path} is stale: npm run docs`);
  }
});
