// `dcos calico logs` as it is shipped, against a practice cluster: streams, exit codes, the document and its schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import type { Lab } from '../../src/lab/lab.ts';
import { logLine } from '../../src/view/logs.ts';
import { install, withLab } from '../rollout/on-lab.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/logs.json'), 'utf8')),
);

const run = (lab: Lab, ...args: string[]) => bundle.run(lab.url, ['logs', ...args], undefined, lab.token);

test('lines on stdout, what they are of on stderr; with --json one valid document', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const text = await run(lab, '10.0.1.12', 'docker', '-n', '1');
    assert.equal(text.code, 0);
    assert.match(text.stdout, /^\S+Z docker: ready\n$/);
    assert.match(text.stderr, /^docker on 10\.0\.1\.12, stdout of calico_docker\.\S+ \(started 2026-/);
    assert.match(text.stderr, /\nNext: dcos calico logs 10\.0\.1\.12 docker --lines 1000 {2}shows more\n$/);
    const json = await run(lab, '10.0.1.12', 'docker', '--json');
    const document = JSON.parse(json.stdout) as { step: string; lines: string[]; file: string };
    assert.ok(validate(document), JSON.stringify(validate.errors));
    assert.deepEqual([json.code, json.stderr, document.step, document.file], [0, '', 'docker', 'stdout']);
    assert.match(document.lines.at(-1)!, /docker: ready$/);
  }));

test('exit codes, the same as text and with --json', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const cases: [string[], number, string][] = [
      [['10.0.1.99', 'docker'], 2, 'unknown-agent'],
      [['10.0.1.12', 'dokcer'], 2, 'bad-argument'],
      [['10.0.1.12'], 2, 'missing-argument'],
      [['10.0.1.12', 'turn'], 1, 'no-task'],
    ];
    for (const [args, code, name] of cases) {
      const [text, json] = await Promise.all([run(lab, ...args), run(lab, ...args, '--json')]);
      assert.deepEqual([text.code, json.code], [code, code], text.stderr);
      assert.equal((JSON.parse(json.stdout) as { error: { code: string } }).error.code, name);
    }
    assert.match((await run(lab, '10.0.1.12', 'dokcer')).stderr, /Did you mean docker\?/);
  }));

test('--follow prints what comes, and ends with Ctrl-C', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const ended = await bundle.run(
      lab.url,
      ['logs', '10.0.1.12', 'node', '--follow'],
      (soFar, kill) => {
        if (/: ready\n/.test(soFar)) kill();
      },
      lab.token,
    );
    assert.equal(ended.code, 130);
    assert.match(ended.stdout, /Z node: ready\n$/);
  }));

test('what a step prints cannot act on the terminal', () => {
  assert.equal(logLine('a\u001b[2Jb\u001b]0;t\u0007c\td\u0000\u202e\r'), 'abc\td');
  assert.equal(logLine('x'.repeat(10_000)).length, 4001);
});
