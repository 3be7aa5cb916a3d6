import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { readDocument } from '../../src/options/document.ts';
import { fileLabel, LARGEST_FILE, readOptionsFile } from '../../src/options/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-options-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function why(path: string, stdin?: AsyncIterable<unknown>): Promise<string> {
  try {
    await readOptionsFile(path, stdin);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.problem.code, 'options-unreadable');
    assert.equal(error.problem.exit, 2);
    return error.problem.why ?? '';
  }
  return assert.fail(`${path} was read`);
}

async function* pieces(...parts: unknown[]): AsyncGenerator<unknown> {
  yield* parts;
}

// biome-ignore lint/correctness/useYield: a stream that fails before it gives anything
async function* failing(code: string): AsyncGenerator<unknown> {
  throw Object.assign(new Error(code), { code });
}

test('a file and standard input are read alike, in pieces too', async () => {
  assert.equal(
    await readOptionsFile(file('a.json', '{"node": {"ipip": "off"}}')),
    '{"node": {"ipip": "off"}}',
  );
  const umlaut = Buffer.from('"ü"');
  assert.equal(await readOptionsFile('-', pieces(umlaut.subarray(0, 2), umlaut.subarray(2))), '"ü"');
  assert.equal(await readOptionsFile('-', pieces('{', '}')), '{}');
});

test('what cannot be read says why', async () => {
  assert.equal(await why(join(folder, 'missing.json')), 'there is no such file');
  assert.equal(await why(folder), 'it is a directory');
  assert.equal(await why(join(file('b.json', '{}'), 'c.json')), 'a part of its path is no directory');
  assert.match(await why(file('large.json', ' '.repeat(LARGEST_FILE + 1))), /larger than 1024 KiB/);
  assert.match(await why(file('latin1.json', Buffer.from([0x22, 0xfc, 0x22]))), /not UTF-8/);
  assert.match(await why('-', pieces(Buffer.alloc(LARGEST_FILE), Buffer.alloc(1))), /larger than/);
  assert.equal(await why('-', failing('EACCES')), 'you may not read it');
  assert.equal(await why('-', failing('EIO')), 'EIO');
});

test('endless input is given up at the limit', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    for (;;) yield Buffer.alloc(65536, ' ');
  }
  assert.match(await why('-', endless()), /larger than/);
});

test('a name is shown without what would move the cursor', () => {
  assert.equal(fileLabel('-'), 'standard input');
  assert.equal(fileLabel('a\u001b[2J.json'), 'a\\u001b[2J.json');
});

test('a byte order mark is passed over, wherever an editor put one', async () => {
  const text = await readOptionsFile(file('bom.json', '\ufeff{"node": {"ipip": "off"}}'));
  assert.deepEqual((await readDocument(text)).options, { node: { ipip: 'off' } });
});

test('an empty file', async () => {
  for (const text of ['', ' \n', '\ufeff']) {
    assert.deepEqual(
      (await readDocument(text)).errors.map(({ code }) => code),
      ['empty'],
    );
  }
});

test('what is not JSON says where, with the line and a caret below the place', async () => {
  const [error, ...more] = (await readDocument('{\n\t"node": {\n\t\t"ipip": always\n\t}\n}')).errors;
  assert.deepEqual(more, []);
  assert.equal(error!.what, "Not JSON: at line 3, column 11, a value is expected, found 'a'");
  assert.equal(error!.excerpt, '  "ipip": always\n          ^');
});

test('of a long line only the surroundings are shown, without what would move the cursor', async () => {
  const { excerpt = '' } = (
    await readDocument(`{"a": "${'x'.repeat(500)}"; "b": "\u001b[2J${'y'.repeat(500)}"}`)
  ).errors[0]!;
  const [line = '', caret = ''] = excerpt.split('\n');
  assert.equal(line[caret.indexOf('^')], ';');
  assert.ok(line.length < 140);
  assert.match(line, /\\u001b/);
});

test('what may be a secret is not shown of a line that is no JSON, whole or cut off in it', async () => {
  for (const line of [
    '"a": "http://user:hunter2@10.0.0.1:2379" x',
    '"a": "http://user:hunter2@10.',
    '"a": "http://user:hunter2',
    '"password": "hunter2',
    '"my-token": "hunter2" x',
  ]) {
    const { excerpt = '' } = (await readDocument(`{${line}`)).errors[0]!;
    assert.match(excerpt, /\*{7}/);
    assert.doesNotMatch(excerpt, /hunter/);
  }
  const [{ excerpt } = { excerpt: '' }] = (await readDocument('{"a": "http://10.0.0.1:2379" x')).errors;
  assert.match(excerpt!, /http:\/\/10\.0\.0\.1:2379/);
});

test('a key that stands twice is an error with both lines', async () => {
  const { errors } = await readDocument('{"node": {\n"ipip": "off",\n"ipip": "always"}}');
  assert.deepEqual(
    errors.map(({ path, line, what }) => [path, line, what]),
    [['node.ipip', 3, 'Stands twice, first in line 2']],
  );
});

test('problems have the line of their option, and come in the order of the file', async () => {
  const { errors } = await readDocument('{"node": {\n"ipip": "x",\n"enable": 1},\n"cni":\n{"enabel": true}}');
  assert.deepEqual(
    errors.map(({ path, line }) => [path, line]),
    [
      ['node.ipip', 2],
      ['node.enable', 3],
      ['cni.enabel', 5],
    ],
  );
});

test('what is no object', async () => {
  for (const text of ['[]', '"x"', 'null', '3']) {
    assert.deepEqual(
      (await readDocument(text)).errors.map(({ code }) => code),
      ['not-an-object'],
      text,
    );
  }
});
