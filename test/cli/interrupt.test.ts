// Ctrl-C, in a process of its own: the line that is left, and who has the say.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const MODULE = join(import.meta.dirname, '../../src/cli/interrupt.ts');

/** Runs `body` after `answerInterrupts` was imported, sends SIGINT each time it prints a line, and waits for the end. */
async function interrupted(body: string) {
  const script = `import { answerInterrupts } from ${JSON.stringify(MODULE)};\nsetInterval(() => {}, 1e6);\n${body}\nconsole.log('up');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let stderr = '';
  child.stderr.on('data', (part) => {
    stderr += part;
  });
  child.stdout.on('data', () => child.kill('SIGINT'));
  const [exit] = await new Promise<[number | null]>((done) => child.on('close', (code) => done([code])));
  return { exit, stderr };
}

test('by itself it says that it was interrupted', async () => {
  assert.deepEqual(await interrupted('answerInterrupts();'), { exit: 130, stderr: 'Interrupted\n' });
});

test('the last line given is left, also one that takes a moment, and one that fails is not waited for', async () => {
  const last = "answerInterrupts(); answerInterrupts(() => 'first'); answerInterrupts(async () => 'Paused');";
  assert.deepEqual(await interrupted(last), { exit: 130, stderr: 'Paused\n' });
  const failing = "answerInterrupts(() => { throw new Error('x'); });";
  assert.deepEqual(await interrupted(failing), { exit: 130, stderr: 'Interrupted\n' });
});

test('a second Ctrl-C does not wait for the first', async () => {
  const hanging = "answerInterrupts(() => { console.log('ending'); return new Promise(() => {}); });";
  assert.deepEqual(await interrupted(hanging), { exit: 130, stderr: '' });
});

test('a command that ends itself has the say', async () => {
  const own =
    "answerInterrupts(); process.once('SIGINT', () => { console.error('stopped'); process.exit(0); });";
  assert.deepEqual(await interrupted(own), { exit: 0, stderr: 'stopped\n' });
});
