// What is read as text: unit files, command lines of units, Go templates.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { format } from '../../../src/lab/sandbox/docker/template.ts';
import { inOrder } from '../../../src/lab/sandbox/systemd/unit-context.ts';
import {
  commandLine,
  environmentFile,
  parseUnit,
  seconds,
  words,
} from '../../../src/lab/sandbox/systemd/unit-file.ts';

test('sections add up, an empty assignment empties, lines go on after a backslash', () => {
  const sections = parseUnit('[Service]\nExecStart=/a\nEnvironment=A=1\n');
  parseUnit('# comment\n[Service]\nExecStart=\nExecStart=/b \\\n  --c\n', sections);
  assert.deepEqual(sections.Service!.ExecStart, ['/b    --c']);
  assert.deepEqual(sections.Service!.Environment, ['A=1']);
});

test('a command line: prefixes, quotes, specifiers and variables', () => {
  const line = `-/bin/x "a b" 'c d' $LIST "\${LIST}" $$HOME 100%% %n \\"q\\"`;
  assert.deepEqual(commandLine(line, 'u.service', { LIST: 'one two' }), {
    argv: ['/bin/x', 'a b', 'c d', 'one', 'two', 'one two', '$HOME', '100%', 'u.service', '"q"'],
    ignoreFailure: true,
  });
  assert.equal(commandLine('/x "$${X}"', 'u', { X: 'no' }).argv[1], `$\{X}`);
});

test('whatever is quoted as a unit file wants it comes back as it was', () => {
  const quoted = (word: string) =>
    `"${word.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
  const printable = fc.stringMatching(/^[ -~é]*$/);
  fc.assert(
    fc.property(fc.array(printable), (list) => {
      const { argv } = commandLine(`/x ${list.map(quoted).join(' ')}`, 'u.service', { A: 'b' });
      assert.deepEqual(argv, ['/x', ...list]);
    }),
  );
});

test('environment files and time spans', () => {
  assert.deepEqual(environmentFile('# c\nA=1\nB="two words"\n\n;x\nC=\n'), { A: '1', B: 'two words', C: '' });
  assert.deepEqual(
    ['5', '2min 10s', '500ms', undefined].map((text) => seconds(text, 9)),
    [5, 130, 0.5, 9],
  );
  assert.equal(seconds('infinity', 1), Number.POSITIVE_INFINITY);
  assert.deepEqual(words(`a "" 'b'`), ['a', '', 'b']);
});

test('an order that Before and After allow, and one all the same where they contradict', () => {
  const units = {
    a: parseUnit('[Unit]\nAfter=b.service x.service\n'),
    'b.service': parseUnit('[Unit]\nBefore=c\n'),
    c: parseUnit('[Unit]\nAfter=a\n'),
  } as Record<string, ReturnType<typeof parseUnit>>;
  assert.deepEqual(
    inOrder(Object.keys(units), (name) => units[name]!),
    ['b.service', 'a', 'c'],
  );
  const circle = { a: parseUnit('[Unit]\nAfter=b\n'), b: parseUnit('[Unit]\nAfter=a\n') } as typeof units;
  assert.deepEqual(
    inOrder(['a', 'b'], (name) => circle[name]!),
    ['a', 'b'],
  );
});

test('Go templates as docker’s --format uses them', () => {
  const data = { Name: 'x', Labels: { b: '2', a: '1' }, List: ['p', 'q'], Nested: { Ok: true }, Null: null };
  const cases: [string, string][] = [
    ['{{.Name}}-{{.Nested.Ok}}', 'x-true'],
    ['{{json .}}', JSON.stringify(data)],
    ['{{json .List}}', '["p","q"]'],
    ['{{range .List}}{{.}};{{end}}', 'p;q;'],
    ['{{range $k, $v := .Labels}}{{$k}}={{$v}} {{end}}', 'a=1 b=2 '],
    ['{{index .Labels "a"}}{{index .Labels "none"}}', '1'],
    ['{{if .Nested.Ok}}yes{{else}}no{{end}}{{if eq .Name "y"}}!{{end}}', 'yes'],
    ['{{.Labels}} {{.List}} {{.Null}}', 'map[a:1 b:2] [p q] <nil>'],
    ['{{len .List}} {{join .List ","}} {{.Name | upper}} {{printf "%s=%q" .Name .Name}}', '2 p,q X x="x"'],
    ['a\\tb{{println .Name}}', 'a\tbx\n'],
    ['{{with_nothing}}', 'function'],
  ];
  for (const [template, wanted] of cases.slice(0, -1)) assert.equal(format(template, data), wanted, template);
  assert.throws(() => format('{{with_nothing}}', data), /function "with_nothing" not defined/);
  assert.throws(() => format('{{.Nope}}', data), /can't evaluate field Nope/);
  assert.throws(() => format('{{if .Name}}', data), /unexpected EOF/);
});
