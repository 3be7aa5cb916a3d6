// Pages on this machine: for their owner alone, whole or not at all, and never over what is no page of the same command.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { placeForReport, replacePage, writeStatusPage } from '../../src/cli/page-file.ts';
import type { UserError } from '../../src/errors.ts';
import { mark } from '../../src/report/page.ts';

const STATUS = `<!doctype html>${mark('status')}`;
const REPORT = `<!doctype html>${mark('report')}`;

function folder(t: TestContext): (name: string) => string {
  const made = mkdtempSync(join(tmpdir(), 'dcos-calico-page-'));
  t.after(() => rmSync(made, { recursive: true, force: true }));
  return (name) => join(made, name);
}

const mode = (path: string) => statSync(path).mode & 0o777;
const refused = (code: string) => (error: UserError) =>
  error.problem.code === code && error.problem.exit === 2;

test('a new page is for its owner alone; a page that is replaced keeps its mode, through a link too', (t) => {
  const at = folder(t);
  assert.equal(writeStatusPage(at('a.html'), STATUS), false);
  assert.equal(mode(at('a.html')), 0o600);
  chmodSync(at('a.html'), 0o644);
  symlinkSync('a.html', at('link.html'));
  assert.equal(writeStatusPage(at('link.html'), `${STATUS}2`), true);
  assert.equal(readFileSync(at('a.html'), 'utf8'), `${STATUS}2`);
  assert.equal(mode(at('a.html')), 0o644);
  assert.deepEqual(readdirSync(at('.')).sort(), ['a.html', 'link.html'], 'nothing else is left');
});

test('a page of the status is written over nothing but a page of the status', (t) => {
  const at = folder(t);
  for (const [name, text] of Object.entries({ report: REPORT, notes: 'my notes', empty: '' })) {
    writeFileSync(at(name), text);
    assert.throws(() => writeStatusPage(at(name), STATUS), refused('file-in-the-way'));
    assert.equal(readFileSync(at(name), 'utf8'), text);
  }
  assert.throws(() => writeStatusPage(at('.'), STATUS), refused('cannot-write'));
  assert.throws(() => writeStatusPage(at('none/a.html'), STATUS), refused('cannot-write'));
});

test('a report never goes over another file: where an earlier report is, it goes beside it', (t) => {
  const at = folder(t);
  const first = placeForReport(at('change.html'));
  assert.equal(first, at('change.html'));
  assert.equal(mode(first), 0o600);
  replacePage(first, REPORT);
  const second = placeForReport(at('change.html'));
  assert.equal(second, at('change-2.html'));
  replacePage(second, REPORT);
  assert.equal(placeForReport(at('change.html')), at('change-3.html'));
  writeFileSync(at('notes.html'), STATUS);
  assert.throws(() => placeForReport(at('notes.html')), refused('file-in-the-way'));
  assert.throws(() => placeForReport(at('none/a.html')), refused('cannot-write'));
  assert.ok(!existsSync(at('none')));
});
