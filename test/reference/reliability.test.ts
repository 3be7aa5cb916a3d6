// What docs/reliability.md and SECURITY.md name as holding a promise is there, and the campaign has the families that they speak of.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { FAMILIES } from '../faults/campaign.ts';
import { HTTP_KINDS } from '../faults/http-kinds.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

test('every file that holds a promise is there', () => {
  for (const page of ['docs/reliability.md', 'SECURITY.md']) {
    const links = [...textOf(page).matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1]!);
    assert.ok(links.length > 10, page);
    for (const link of links) assert.ok(existsSync(join(root, dirname(page), link)), `${page}: ${link}`);
    for (const [, named] of textOf(page).matchAll(/`(test\/[\w./-]+\.ts)`/g))
      assert.ok(existsSync(join(root, named!)), `${page}: ${named}`);
  }
});

test('the families and the kinds of faults are those of the campaign', () => {
  const page = textOf('docs/reliability.md');
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
  assert.deepEqual(
    rows,
    FAMILIES.map(({ name }) => name),
  );
  const kinds = Object.keys(HTTP_KINDS).length;
  assert.match(page, new RegExp(`each of ${kinds} faults of an answer`));
  assert.match(page, new RegExp(`\\| ${kinds} kinds \\|`));
});

test('docs/dependencies.md has a reason for every dependency, and for nothing else', () => {
  const manifest = JSON.parse(textOf('package.json')) as Record<string, Record<string, string>>;
  const all = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const rows = textOf('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|'));
  for (const [, , why] of rows) assert.ok(why!.trim().length > 3);
  const named = rows.flatMap(([, names]) => [...names!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!));
  assert.deepEqual(named.sort(), all.sort());
});
