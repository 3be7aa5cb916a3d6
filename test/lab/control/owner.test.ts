import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findOwner } from '../../../src/lab/control/owner.ts';
import { isAlive, isSame, processFacts } from '../../../src/lab/control/processes.ts';

/** Processes from the outermost to this one, each `[name, command]`; returns the name and number of the owner. */
function ownerIn(...line: [name: string, command?: string][]) {
  const facts = (pid: number) => {
    const one = line[pid - 10];
    if (!one) return undefined;
    const [name, command = name] = one;
    return { pid, parent: pid - 1 || 0, name, command, started: String(pid) };
  };
  const owner = findOwner(10 + line.length - 1, facts);
  return owner && `${owner.name} ${owner.pid - 10}`;
}

test('the shell that it was typed in, whatever stands in between', () => {
  assert.equal(ownerIn(['sshd'], ['bash', '-bash'], ['node', 'node cli.cjs']), 'bash 1');
  assert.equal(ownerIn(['zsh'], ['dcos'], ['dcos-calico'], ['node']), 'zsh 0');
  assert.equal(
    ownerIn(
      ['bash'],
      ['npm run lab', 'npm run lab'],
      ['sh', 'sh -c node demo.mjs'],
      ['node', 'node demo.mjs'],
      ['node'],
    ),
    'bash 0',
  );
});

test('the shell of npm is not a person’s, a script’s is its own', () => {
  assert.equal(ownerIn(['bash'], ['node', 'npm test'], ['sh', 'sh -c run'], ['node']), 'bash 0');
  assert.equal(ownerIn(['bash', '-bash'], ['bash', 'bash ci.sh'], ['node']), 'bash 1');
});

test('a fork of the shell for $(…) is passed over: it ends at once', () => {
  assert.equal(ownerIn(['bash', 'bash ci.sh'], ['bash', 'bash ci.sh'], ['node']), 'bash 0');
});

test('without anybody above, nobody', () => {
  assert.equal(ownerIn(['node']), undefined);
});

test('a process is told from another of the same id, and from one that is gone', () => {
  const facts = processFacts(process.pid)!;
  assert.ok(isAlive(process.pid));
  assert.ok(isSame(process.pid, facts.started));
  assert.equal(isSame(process.pid, `${facts.started}0`), false);
  assert.equal(facts.parent, process.ppid);
  assert.equal(isAlive(2 ** 22 + 1), false);
});
