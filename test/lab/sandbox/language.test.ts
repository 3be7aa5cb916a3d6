// What a host runs of the lab's: POSIX sh in any shell, Python that also 3.5 reads.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepareTools } from '../../../src/lab/sandbox/tools.ts';

const source = join(import.meta.dirname, '../../../src/lab/sandbox');
const files = (end: string) => readdirSync(source).filter((name) => name.endsWith(end));

test('every shell reads the scripts', () => {
  const shells = [['/bin/sh'], ['/bin/bash', '--posix']];
  assert.equal(files('.sh').length, 4);
  for (const [shell, ...args] of shells) {
    for (const file of files('.sh')) {
      const read = spawnSync(shell!, [...args, '-n', join(source, file)], { encoding: 'utf8' });
      assert.deepEqual([file, read.status, read.stderr], [file, 0, '']);
    }
  }
});

test('the Python programs have no syntax of a later Python than 3.5', async () => {
  const { python } = await prepareTools();
  assert.deepEqual(files('.py'), ['counting.py', 'endpoint.py', 'standin.py']);
  const newer = `
import ast, sys
names = ('JoinedStr', 'AnnAssign', 'NamedExpr', 'Match', 'AsyncFor', 'TryStar')
for path in sys.argv[1:]:
    for node in ast.walk(ast.parse(open(path).read())):
        if type(node).__name__ in names:
            print(path, node.lineno, type(node).__name__)
`;
  const found = execFileSync(python, ['-c', newer, ...files('.py').map((file) => join(source, file))], {
    encoding: 'utf8',
  });
  assert.equal(found, '');
});
