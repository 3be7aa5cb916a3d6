// The scripts in the languages that an agent has: POSIX sh, and Python 3.5 with its standard library.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { turnDefinition } from '../../src/steps/app-definition.ts';
import { endpointsDefinition } from '../../src/steps/endpoints/definition.ts';
import { lean } from '../../src/steps/lean.ts';
import { preflightProgram } from '../../src/steps/preflight/program.ts';
import { STEPS } from '../../src/steps/registry.ts';

const steps = fileURLToPath(new URL('../../src/steps', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'steps-'));
after(() => rmSync(folder, { recursive: true }));

const turn = turnDefinition({
  agents: ['10.0.1.11'],
  allows: 'change',
  until: '',
  settleSeconds: 0,
  steps: [],
  carrier: 'check',
  marathonVersion: '1.11.24',
});
const endpoints = endpointsDefinition({
  agent: '10.0.1.11',
  urls: ['http://10.0.0.11:2379'],
  tls: { 'ca-file': '', 'cert-file': '', 'key-file': '' },
  carrier: 'check',
  marathonVersion: '1.11.24',
});
const COMMANDS = new Map([
  ...STEPS.map((step) => [step.name, step.script] as const),
  ['turn', turn.cmd],
  ['endpoints', endpoints.cmd],
]);

/** The preflight's program, and the part of each step's that it runs. */
const PREFLIGHT = preflightProgram();
const PARTS = [...PREFLIGHT.matchAll(/^cat >\.\/([\w-]+)\.py <<'(\w+)'\n([\s\S]*?)\n\2$/gm)].map(
  ([, name, , text]) => [`preflight ${name}`, text!] as const,
);

function python(command: string): string {
  const match = /^cat >\.\/step\.py <<'(\w+)'\n([\s\S]*?)\n\1$/m.exec(command);
  assert.ok(match, 'the command holds its Python');
  return match[2]!;
}

/** Says what of a Python text is newer than 3.5: syntax, and names and arguments of the standard library. */
const NEWER = String.raw`
import ast, io, sys, tokenize
text = open(sys.argv[1]).read()
tree = ast.parse(text)
wrong = []
nodes = ['JoinedStr', 'NamedExpr', 'AnnAssign', 'Match', 'TryStar', 'TypeAlias', 'TemplateStr', 'AsyncFor', 'AsyncFunctionDef']
keywords = ['encoding', 'errors', 'text', 'capture_output', 'missing_ok', 'dirs_exist_ok', 'umask', 'pipesize', 'usedforsecurity', 'filter']
attributes = ['removeprefix', 'removesuffix', 'isascii', 'fromisoformat', 'choices', 'monotonic_ns', 'time_ns', 'file_digest', 'run', 'cache']
modules = set('calendar collections errno fcntl hashlib ipaddress json os random re shlex shutil signal subprocess sys tarfile time traceback'.split())
for node in ast.walk(tree):
    name = type(node).__name__
    line = getattr(node, 'lineno', 0)
    if name in nodes:
        wrong.append('%d: %s' % (line, name))
    if isinstance(node, ast.Call):
        for keyword in node.keywords:
            if keyword.arg in keywords:
                wrong.append('%d: argument %s' % (line, keyword.arg))
    if isinstance(node, ast.Attribute) and node.attr in attributes:
        wrong.append('%d: .%s' % (line, node.attr))
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else [node.module]
        wrong += ['%d: module %s' % (line, each) for each in names if each.split('.')[0] not in modules]
    if isinstance(node, (ast.FunctionDef, ast.Lambda)) and getattr(node.args, 'posonlyargs', None):
        wrong.append('%d: positional-only arguments' % line)
    if isinstance(node, ast.FunctionDef) and any(each.annotation for each in node.args.args):
        wrong.append('%d: annotations' % line)
for token in tokenize.generate_tokens(io.StringIO(text).readline):
    if token.type == tokenize.NUMBER and '_' in token.string:
        wrong.append('%d: %s' % (token.start[0], token.string))
    if token.type == tokenize.STRING and 'f' in token.string.lower().split(token.string[-1])[0]:
        wrong.append('%d: f-string' % token.start[0])
print('\n'.join(wrong))
`;

function newer(text: string): string[] {
  const file = join(folder, 'text.py');
  writeFileSync(file, text);
  return execFileSync('python3', ['-I', '-c', NEWER, file], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('the Python is Python 3.5', () => {
  assert.equal(PARTS.length, 1 + STEPS.length);
  const texts = [...[...COMMANDS].map(([name, command]) => [name, python(command)] as const), ...PARTS];
  for (const [name, text] of texts) {
    assert.deepEqual(newer(text), [], name);
    const file = join(folder, `${name}.py`);
    writeFileSync(file, text);
    execFileSync('python3', [
      '-I',
      '-c',
      'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")',
      file,
    ]);
  }
});

test('newer Python is recognised', () => {
  const samples = [
    'x = f"{1}"',
    'if (x := 1): pass',
    'x: int = 1',
    'import subprocess\nsubprocess.run(["a"])',
    'open("a", encoding="utf-8")',
    'import dataclasses',
    '"a".removeprefix("a")',
    'x = 1_000',
    'def f(a, /): pass',
  ];
  for (const sample of samples) assert.notDeepEqual(newer(sample), [], sample);
});

test('the shell is POSIX sh', () => {
  for (const [name, command] of [...COMMANDS, ['preflight', PREFLIGHT] as const]) {
    const read = spawnSync('sh', ['-n'], { input: command, encoding: 'utf8' });
    assert.equal(read.status, 0, `${name}\n${read.stderr}`);
  }
  // On a machine without it, `.ci/run` is where it runs.
  const missing = spawnSync('shellcheck', ['--version']).error !== undefined;
  if (missing && !process.env.REQUIRE_SHELLS) return;
  for (const [name, command] of [...COMMANDS, ['preflight', PREFLIGHT] as const]) {
    const file = join(folder, `${name}.sh`);
    writeFileSync(file, command);
    const found = spawnSync('shellcheck', ['-s', 'sh', file], { encoding: 'utf8' });
    assert.equal(found.stdout, '', `${name}\n${found.stdout}`);
    assert.equal(found.status, 0, found.stderr || String(found.error));
  }
});

test('no text of the scripts is ours to expand: the heredoc is quoted, its end stands once', () => {
  for (const [name, command] of COMMANDS) {
    const ends = command.split('\n').filter((line) => line === 'DCOS_CALICO_END_OF_PROGRAM');
    assert.equal(ends.length, 1, name);
    assert.ok(!/\b(eval|source)\b/.test(command.replace(python(command), '')), name);
  }
});

/** Which of pairs of Python texts are not the same program, docstrings left out. */
const DIFFERING = `
import ast, json, sys
def tree(text):
    found = ast.parse(text)
    for node in ast.walk(found):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(node) is not None:
            del node.body[0]
    return ast.dump(found)
print(json.dumps([name for name, one, other in json.load(sys.stdin) if tree(one) != tree(other)]))
`;

test('what is carried is the program that stands in the sources', () => {
  const sources = readdirSync(steps, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py') && !name.startsWith('preflight'))
    .map((name) => [name, readFileSync(join(steps, name), 'utf8')] as const);
  assert.ok(sources.length > 12);
  const input = JSON.stringify(sources.map(([name, text]) => [name, text, lean(text)]));
  const differing = execFileSync('python3', ['-I', '-c', DIFFERING], { encoding: 'utf8', input });
  assert.deepEqual(JSON.parse(differing), []);
  const length = (texts: string[]): number => texts.join('').length;
  const whole = sources.map(([, text]) => text);
  assert.ok(length(whole.map(lean)) < 0.9 * length(whole));
});
