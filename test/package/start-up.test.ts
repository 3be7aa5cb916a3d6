// What each command loads before it can say anything, against the budget beside this file. A command that loads more than that is
// slower to start: load it where it is used (`await import`), or raise the budget with a reason in the commit.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startCanned } from '../status/canned.ts';
import { clusterRead } from '../status/cluster.ts';
import { loads, noteLoads } from './start-up-loads.ts';

const root = join(import.meta.dirname, '../..');
const dist = mkdtempSync(join(tmpdir(), 'dcos-calico-loads-'));
execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, env: { ...process.env, DIST: dist } });
const program = join(dist, 'dcos-calico.cjs');
noteLoads(dist);
const canned = await startCanned(
  clusterRead({ agents: Array.from({ length: 10 }, (_, index) => ({ host: `10.0.1.${index + 1}` })) }),
);
after(async () => {
  rmSync(dist, { recursive: true, force: true });
  await canned.close();
});

const budget = JSON.parse(readFileSync(join(import.meta.dirname, 'start-up-budget.json'), 'utf8')) as Record<
  string,
  { kilobytes: number; packages: string[] }
>;

for (const [command, { kilobytes, packages }] of Object.entries(budget)) {
  test(`${command} loads no more than its budget`, async (context) => {
    const found = await loads(program, command.split(' '), {
      DCOS_URL: canned.url,
      DCOS_ACS_TOKEN: 'x',
      HOME: dist,
    });
    context.diagnostic(
      `${found.modules.length} modules, ${found.kilobytes} kB of at most ${kilobytes}; packages: ${found.packages.join(' ') || 'none'}`,
    );
    for (const module of found.modules.filter((name) => !name.includes('node_modules/')))
      context.diagnostic(`  ${module}`);
    const more = found.packages.filter((name) => !packages.includes(name));
    assert.deepEqual(more, [], `${command} loads packages that it did not load before`);
    assert.ok(
      found.kilobytes <= kilobytes,
      `${command} loads ${found.kilobytes} kB of sources, ${kilobytes} are its most`,
    );
  });
}
