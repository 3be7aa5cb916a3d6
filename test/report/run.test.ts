// The page of a run: its text as it was last looked at, and what it holds when the run does not come to its end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageText } from '../../scripts/pictures/page-text.ts';
import { UserError } from '../../src/errors.ts';
import { RunReport } from '../../src/report/run-report.ts';
import { assertGolden } from '../golden.ts';
import { withLab } from '../rollout/on-lab.ts';
import { reportedInstall, reportedUninstall, SEVEN, URL_WITH_PASSWORD } from './on-lab.ts';

test('the page of a plan, of an install with a failed agent and a restart, and of an uninstall that leaves one owed', () =>
  withLab(SEVEN, async (lab) => {
    const plan = await reportedInstall(lab, { dryRun: true });
    assert.equal(plan.exit, 7);
    assertGolden('report/plan', pageText(plan.pages.at(-1)!));
    const done = await reportedInstall(lab);
    assert.equal(done.exit, 3);
    assertGolden('report/install', pageText(done.pages.at(-1)!));
    const off = await reportedUninstall(lab);
    assert.equal(off.exit, 3);
    assertGolden('report/uninstall', pageText(off.pages.at(-1)!));
    for (const page of [...plan.pages, ...done.pages, ...off.pages]) {
      assert.ok(!page.includes(lab.token), 'the token');
      assert.ok(!page.includes(new URL(URL_WITH_PASSWORD).password), 'the password of the address');
    }
  }));

test('the page is there before the cluster is asked, and after each wave: whatever cuts the run off has left it', () =>
  withLab(SEVEN, async (lab) => {
    const { pages } = await reportedInstall(lab);
    const [first, ...others] = pages.map(pageText);
    assert.match(first!, /^Under way: this is how far it was at 2026-11-24 03:00:00 UTC$/m);
    assert.doesNotMatch(first!, /What was planned/);
    const canary = others.find((text) => text.includes('Wave 1 (canary) is over'))!;
    assert.match(canary, /^Under way: this is how far it was at/m);
    assert.match(canary, /^If the run is over, it was cut off before it could write its end\./m);
    assert.match(canary, /^All agents, as they were seen last, at 2026-11-24 03:0/m);
    assert.match(canary, /^not begun\n5 agents\n\[10\.0\.1\.12\]/m);
    assert.match(canary, /^10\.0\.1\.11 \| private \| 1 \| 03:00:\d\d \| \d+ s \| ready$/m);
    assert.match(canary, /^1 \| 10\.0\.1\.15 \| .* \| its turn did not come: nothing was restarted$/m);
  }));

test('an answer of no, and a finding that stops, are ends of their own', async () => {
  await withLab({}, async (lab) => {
    const { pages, exit } = await reportedInstall(lab, { answer: false });
    assert.equal(exit, 1);
    assert.match(pageText(pages.at(-1)!), /^Nothing was changed: the answer was no$/m);
    assert.match(pageText(pages.at(-1)!), /^What it disturbed\nNothing was changed on the cluster\.$/m);
  });
  await withLab({ srv: {} }, async (lab) => {
    const { pages, exit } = await reportedInstall(lab);
    assert.equal(exit, 8);
    const text = pageText(pages.at(-1)!);
    assert.match(text, /^Preflight stops it: 1 finding to mend first\. Nothing was changed$/m);
    assert.match(text, /^Stops, CAL1005: There is no record _etcd-server\._tcp\.etcd\.mesos/m);
  });
});

test('an error and Ctrl-C end the page with what they say', () => {
  const head = { url: 'https://a', program: '0', who: 'anna', command: 'dcos calico install', message: '' };
  const pages: string[] = [];
  const settings = { now: () => 0, write: (page: string) => pages.push(page) };
  const last = () => pageText(pages.at(-1)!);
  const failing = new RunReport(head, settings);
  failing.failed(
    new UserError({
      code: 'x',
      what: 'Marathon did not answer',
      why: 'no route',
      remedy: ['dcos node'],
      exit: 1,
    }).problem,
  );
  assert.match(last(), /^Marathon did not answer\nno route$/m);
  assert.match(last(), /^Exit code \| 1$/m);
  assert.match(last(), /^Next\ndcos node$/m);
  new RunReport(head, settings).interrupted('Interrupted: 2 agents finish their turn', 130);
  assert.match(last(), /^Interrupted: 2 agents finish their turn$/m);
  assert.match(last(), /^Exit code \| 130$/m);
});
