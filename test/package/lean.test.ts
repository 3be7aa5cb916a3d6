// What is left out of packages is not missed: every command of the bundle can be loaded, and its flags are those of the manifest.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../bundle.ts';

test('every command of the bundle can be loaded', () => {
  const dist = dirname(bundle().path);
  const { commands } = JSON.parse(readFileSync(join(dist, 'oclif.manifest.json'), 'utf8')) as {
    commands: Record<string, { flags: object }>;
  };
  const script = `const { COMMANDS } = require('./program.cjs'); console.log(JSON.stringify(Object.keys(COMMANDS).map((id) => [id, Object.keys({ json: 0, ...COMMANDS[id].baseFlags, ...COMMANDS[id].flags }).sort()])))`;
  const loaded = JSON.parse(
    execFileSync(process.execPath, ['-e', script], { cwd: dist, encoding: 'utf8' }),
  ) as [string, string[]][];
  assert.deepEqual(
    loaded.map(([id, flags]) => [id, flags]),
    Object.entries(commands)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([id, { flags }]) => [id, Object.keys({ json: 0, ...flags }).sort()]),
  );
});

test('the packages that are files of their own are whole', () => {
  const dist = dirname(bundle().path);
  const script = `
    const { Ajv } = require('./ajv.cjs');
    const { createPromptModule } = require('./inquirer.cjs');
    const { Listr } = require('./listr2.cjs');
    console.log(new Ajv().compile({ type: 'string' })('a'), typeof createPromptModule(), typeof Listr, typeof require('./fastify.cjs')().get);`;
  const said = execFileSync(process.execPath, ['-e', script], { cwd: dist, encoding: 'utf8' });
  assert.equal(said, 'true function function function\n');
});
