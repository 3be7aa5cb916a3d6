import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALL_OPTIONS, setAt } from '../../src/options/paths.ts';
import { oneLine, shown } from '../../src/options/problems.ts';
import { validateDocument } from '../../src/options/validate.ts';

const TEXTS = ALL_OPTIONS.filter(({ schema }) => schema.type === 'string').map(({ path }) => path);

async function codes(path: string, value: unknown): Promise<string[]> {
  const document = {};
  setAt(document, path, value);
  const problems = await validateDocument(document);
  for (const problem of problems) assert.equal(problem.path, path);
  return problems.map(({ code }) => code);
}

test('no text holds a control character, wherever it is', async () => {
  for (const path of TEXTS) {
    for (const character of [
      '\u0000',
      '\n',
      '\r',
      '\t',
      '\u001b',
      '\u007f',
      '\u009b',
      '\u202e',
      '\u200b',
      '\ufeff',
      '\ud800',
    ]) {
      assert.deepEqual(
        await codes(path, `a${character}b`),
        ['control-character'],
        `${path} ${JSON.stringify(character)}`,
      );
    }
  }
  const inList = await validateDocument({ rollout: { exclude: ['10.0.0.1\n'] } });
  assert.deepEqual(
    inList.map(({ path, code }) => `${path} ${code}`),
    ['rollout.exclude.0 control-character'],
  );
});

test('no text of a shell, a path or a URL gets in where it has no business', async () => {
  const nasty = [
    '$(reboot)',
    '`reboot`',
    '; reboot',
    'a b',
    '"',
    "'",
    '\\',
    '|',
    '&',
    '>',
    '<',
    '*',
    '../../etc',
    '/a/../b',
    '/..',
    '~',
    '%0a',
    'é',
    '{{x}}',
  ];
  for (const path of TEXTS) {
    for (const text of nasty) {
      assert.notDeepEqual(await codes(path, text), [], `${path} takes ${text}`);
      assert.notDeepEqual(await codes(path, `/opt/x${text}`), [], `${path} takes /opt/x${text}`);
    }
  }
});

test('whatever passes is plain text that a shell, systemd and JSON leave as it is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...TEXTS),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      async (path, text) => {
        if ((await codes(path, text)).length > 0) return;
        assert.match(text, path === 'node.interface' ? /^[\w.:*+?|()^$,{}=[\]-]*$/ : /^[\w.:/@+~%=,-]*$/);
      },
    ),
    { numRuns: 500 },
  );
});

test('a URL with a user or password is refused, and no message repeats it', async () => {
  for (const value of [
    'http://admin:hunter2@10.0.0.5:2379',
    'https://hunter2@host:1',
    'zk://digest:hunter2@10.0.0.5:2181/x',
    'http://a:1,http://u:hunter2@b:1',
  ]) {
    for (const { path, schema } of ALL_OPTIONS) {
      const takesList = [schema.type].flat().includes('array');
      const document = {};
      setAt(document, path, takesList ? [value] : value);
      const problems = await validateDocument(document);
      assert.ok(problems.length > 0, path);
      if (takesList || schema.type === 'string')
        assert.ok(
          problems.some(({ code }) => code === 'secret'),
          path,
        );
      assert.doesNotMatch(problems.map(oneLine).join('\n') + JSON.stringify(problems), /hunter2/, path);
    }
  }
});

test('a key in place of its path is refused, and no message repeats it', async () => {
  const problems = await validateDocument({
    etcd: { 'key-file': '-----BEGIN RSA PRIVATE KEY-----MIIEhunter2' },
  });
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['secret'],
  );
  assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
});

test('the value of an unknown option is never repeated', async () => {
  const problems = await validateDocument({ registry: { password: 'hunter2' } });
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['unknown-option'],
  );
  assert.doesNotMatch(JSON.stringify(problems), /hunter2/);
});

test('names are printed without what would move the cursor', async () => {
  const [problem] = await validateDocument({ 'a\u001b[2J\nb': 1 });
  assert.equal(problem!.path, 'a\\u001b[2J\\u000ab');
  assert.equal(shown('x'.repeat(100), 10), `${'x'.repeat(10)}…`);
});

test('huge input costs little', async () => {
  const start = performance.now();
  for (const path of TEXTS) assert.deepEqual(await codes(path, 'a'.repeat(1_000_000)), ['too-long']);
  for (const path of TEXTS) {
    for (const text of ['a-', '/a', 'a.', 'http://a:1,', 'h:5000/', '::'])
      await codes(path, `${text.repeat(2000).slice(0, 4000)}!`);
  }
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
  assert.deepEqual(
    (await validateDocument(many)).map(({ code }) => code),
    ['too-large'],
  );
  assert.ok(performance.now() - start < 5000, 'patterns or the search for names run away');
});
