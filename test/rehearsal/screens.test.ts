// What a rehearsal shows, as it was looked at.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultList } from '../../src/rehearsal/fault-flags.ts';
import type { Inventory } from '../../src/rehearsal/inventory.ts';
import { rehearsalHeading, rehearsalText, spanText } from '../../src/view/rehearsal.ts';
import { faultListText } from '../../src/view/rehearsal-faults.ts';
import { assertGolden } from '../golden.ts';
import { rehearse, terminal } from './on-stage.ts';
import { inventory } from './written.ts';

function busy(count: number): Inventory {
  const made = inventory(count);
  const records = [1, 2, 3].map((n) => ({ host: `etcd-${n}.etcd.mesos`, ip: `10.0.0.${n}`, port: 2380 }));
  made.srv = { '_etcd-server._tcp.etcd.mesos': records };
  made.agents[2]!.docker = [
    { task: 'shop_cart.1', app: '/shop/cart' },
    { task: 'shop_web.1', app: '/shop/web' },
  ];
  made.agents.at(-1)!.type = 'public';
  made.notes = [
    '2 agents are not ready now: why is not known here, and their steps go well unless a fault says otherwise',
  ];
  return made;
}

/** Without the screens of the command that is played, which have tests of their own. */
const ownPart = (out: string) => out.slice(out.indexOf('\nPHASE') + 1);

for (const width of [80, 120]) {
  test(`a rehearsal with restarts and a failed agent, ${width} columns wide`, async () => {
    const { out, talk } = await rehearse(busy(30), {
      fault: ['docker-restart@10.0.1.13,10.0.1.14', 'node-fails@10.0.1.20'],
      width,
    });
    assertGolden(`rehearsal/restarts-at-${width}`, ownPart(out));
    assert.match(
      talk,
      /^Rehearses on a lab in this process: https:\/\/dcos\.example\.com, DC\/OS 2\.0\.6, 30 agents$/m,
    );
    for (const line of out.split('\n')) assert.ok(line.length <= width, line);
  });

  test(`a rehearsal that stops, ${width} columns wide`, async () => {
    const { out } = await rehearse(busy(12), {
      fault: ['node-fails@10.0.1.11'],
      canary: '10.0.1.11',
      width,
    });
    assertGolden(`rehearsal/stops-at-${width}`, ownPart(out));
  });

  test(`the faults, ${width} columns wide`, () => {
    const text = faultListText(faultList(), terminal(width));
    assertGolden(`rehearsal/faults-at-${width}`, `${text}\n`);
    for (const line of text.split('\n')) assert.ok(line.length <= width, line);
  });
}

test('times as a person would count them', () => {
  assert.deepEqual([0, 59, 60, 61, 3599, 3600, 3661, 7200].map(spanText), [
    '0 s',
    '59 s',
    '1 min',
    '1 min 1 s',
    '59 min 59 s',
    '1 h',
    '1 h 1 min',
    '2 h',
  ]);
});

test('text of a cluster is shown without what a terminal would act on', () => {
  const made = { ...inventory(1), url: 'http://a\u001b[31m' };
  assert.equal(
    rehearsalHeading(made, true),
    'http://a, DC/OS 2.0.6, 1 agent, as saved on 2026-11-24 03:00 UTC',
  );
  const text = rehearsalText(
    {
      seconds: 1,
      askingSeconds: 1,
      waves: [],
      planned: 0,
      notBegun: 0,
      failed: [],
      restarted: [{ host: '10.0.1.11', times: 2, interrupted: ['a\u001b[2J'] }],
    },
    { notes: [], seed: 1, namesKnown: true, missed: [] },
    terminal(80),
  );
  assert.match(text, /^ {2}10\.0\.1\.11 \(2 times\): a$/m);
});

test('where it is not known what runs in Docker, nothing is claimed of it', () => {
  const text = rehearsalText(
    {
      seconds: 1,
      askingSeconds: 1,
      waves: [],
      planned: 0,
      notBegun: 0,
      failed: [],
      restarted: [{ host: '10.0.1.11', times: 1, interrupted: [] }],
    },
    { notes: [], seed: 1, namesKnown: false, missed: ['crash of 10.0.1.12: No agent at 10.0.1.12'] },
    terminal(80),
  );
  assert.match(text, /^Docker is restarted on 1 agent$/m);
  assert.match(text, /^ {2}10\.0\.1\.11: what runs in Docker there is not known$/m);
  assert.match(text, /^Did not happen: crash of 10\.0\.1\.12/m);
});
