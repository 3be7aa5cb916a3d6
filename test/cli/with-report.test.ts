// The report of a run beside the run: it never ends it, and whatever ends the run is in it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withReport } from '../../src/cli/with-report.ts';
import { EXIT, UserError } from '../../src/errors.ts';
import type { RunReport } from '../../src/report/run-report.ts';

const HEAD = { url: 'https://a', program: '0', who: 'anna', command: 'dcos calico install', message: '' };
const DONE = { exit: EXIT.done };

function stage(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-with-report-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  let interrupt: () => string | Promise<string> = () => '';
  const view: {
    say(text: string): void;
    onInterrupt(line: () => string | Promise<string>): void;
    report?: RunReport;
  } = {
    say: (text) => said.push(text),
    onInterrupt: (line) => {
      interrupt = line;
    },
  };
  return { folder, file: join(folder, 'r.html'), said, view, interrupt: () => interrupt() };
}

test('without a file nothing is different', async (t) => {
  const { view, said } = stage(t);
  const ended = await withReport(undefined, HEAD, view, async (given) => {
    assert.equal(given, view);
    return DONE;
  });
  assert.equal(ended, DONE);
  assert.deepEqual(said, []);
});

test('a page that can no longer be written is said once, and the run goes on', async (t) => {
  const { folder, file, view, said } = stage(t);
  const ended = await withReport(file, HEAD, view, async ({ report }) => {
    rmSync(folder, { recursive: true });
    report!.ended({ tone: 'good', what: 'Ready', exit: EXIT.done });
    report!.ended({ tone: 'good', what: 'Ready', exit: EXIT.done });
    return DONE;
  });
  assert.equal(ended, DONE);
  assert.equal(said.filter((line) => line.startsWith('Warning: The page was not written to')).length, 1);
});

test('an error is on the page, and stays an error; a bug is named as one', async (t) => {
  const { file, view, said } = stage(t);
  const error = new UserError({ code: 'x', what: 'Marathon did not answer', exit: EXIT.failed });
  await assert.rejects(
    withReport(file, HEAD, view, () => Promise.reject(error)),
    error,
  );
  assert.match(readFileSync(file, 'utf8'), /<p>Marathon did not answer<\/p>/);
  assert.deepEqual(said, [`Report: ${file}`]);
  const bug = new TypeError('x is not a function');
  const beside = withReport(file, HEAD, view, () => Promise.reject(bug));
  await assert.rejects(beside, bug);
  assert.match(readFileSync(file.replace('r.html', 'r-2.html'), 'utf8'), /This is a bug in dcos calico/);
});

test('Ctrl-C leaves its line and where the page is', async (t) => {
  const { file, view, interrupt } = stage(t);
  await withReport(file, HEAD, view, async (given) => {
    given.onInterrupt(() => 'Interrupted: no agent is at work');
    assert.equal(await interrupt(), `Interrupted: no agent is at work\nReport: ${file}`);
    assert.match(readFileSync(file, 'utf8'), /<p>Interrupted: no agent is at work<\/p>/);
    return DONE;
  });
});
