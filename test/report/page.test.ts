// What holds for every page: nothing of a cluster is markup, nothing is loaded or runs, and thousands of agents have room.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pageText } from '../../scripts/pictures/page-text.ts';
import { html } from '../../src/report/html.ts';
import { RunReport } from '../../src/report/run-report.ts';
import { statusPage } from '../../src/report/status-page.ts';
import type { AgentProgress, RolloutState } from '../../src/rollout/state.ts';
import { assertGolden } from '../golden.ts';
import { SIX, statusOf, thousands } from './clusters.ts';

const SOURCE = { url: 'https://dcos.example.com', program: '0.1.0' };
const MOST_BYTES = 2_000_000;

test('the page of a status', () => {
  const status = statusOf(SIX);
  assertGolden('report/status', pageText(statusPage(status, SOURCE, status.readAt)));
});

test('a cluster without Calico, and one without agents', () => {
  const none = { ...statusOf([]), calico: 'not installed' as const };
  assert.match(pageText(statusPage(none, SOURCE, 0)), /^Calico is not installed on this cluster$/m);
  assert.match(pageText(statusPage(statusOf([]), SOURCE, 0)), /^No agents$/m);
});

const TAG = /<(\/?[a-z][a-z0-9]*|!doctype html)((?: [a-z-]+="[^"]*")*)>/g;

/** The tags of a page with the names of their attributes, whatever stands in and between them. */
function tags(page: string): string[] {
  const body = page.replace(/<style>.*<\/style>/s, '');
  const found = [...body.matchAll(TAG)].map(([, name, attributes]) =>
    [name, ...[...attributes!.matchAll(/ ([a-z-]+)="[^"]*"/g)].map(([, attribute]) => attribute)].join(' '),
  );
  assert.equal(found.length, body.split('<').length - 1, 'each < begins a tag of ours');
  return found;
}

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '</style><script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<!--',
    ']]>&lt;',
    '\u001b[2J\u202e<b>',
    'javascript:alert(1)',
  ),
);

test('names and reasons of a cluster are text, whatever they are', () => {
  const page = (address: string, reason: string, who: string) => {
    const status = statusOf(SIX);
    status.agents.forEach((row, index) => {
      row.address = `${index}${address}`;
      row.reason = `.${reason}`;
    });
    status.change = { who, when: who, command: who, message: `.${who}` };
    status.notes = [{ code: 'turn', text: reason, remedy: [who] }];
    return statusPage(status, { ...SOURCE, url: `https://${address}` }, status.readAt);
  };
  const expected = tags(page('a', 'b', 'c'));
  fc.assert(
    fc.property(HOSTILE, HOSTILE, HOSTILE, (address, reason, who) => {
      assert.deepEqual(tags(page(address, reason, who)), expected);
    }),
  );
});

test('a template takes text as text and markup as markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { markup } = html`<p title="${text}">${[html`<b>${text}</b>`]}</p>`;
      assert.match(markup, /^<p title="[^"<>]*"><b>[^<>]*<\/b><\/p>$/);
    }),
  );
});

test('a page is complete in itself: it loads nothing, runs nothing, and says so to the browser', () => {
  const page = statusPage(statusOf(SIX), SOURCE, 0);
  assert.doesNotMatch(page, /<(script|link|img|iframe|object|embed|form)\b|@import|url\(|src=/i);
  assert.match(
    page,
    /content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/,
  );
});

test('every square leads to its row, and no two rows have one name', () => {
  const page = statusPage(statusOf(thousands()), SOURCE, 0);
  const rows = [...page.matchAll(/<tr id="(a\d+)"/g)].map(([, id]) => id);
  assert.equal(rows.length, 5000);
  assert.equal(new Set(rows).size, 5000);
  const squares = [...page.matchAll(/<a href="#(a\d+)" tabindex="-1" title="([^":]*)/g)];
  assert.deepEqual(
    squares.map(([, id]) => id),
    rows,
  );
  for (const [, id, address] of squares.filter((_, index) => index % 617 === 0))
    assert.ok(page.includes(`<tr id="${id}"><th scope="row">${address}<td>`));
});

test('five thousand agents fit into two megabytes, with an index of their networks', () => {
  const page = statusPage(statusOf(thousands()), SOURCE, 0);
  assert.ok(Buffer.byteLength(page) < MOST_BYTES, `${Buffer.byteLength(page)} bytes`);
  assert.match(page, /<nav aria-label="Networks"><a href="#a\d+">10\.0\.1\.\*<\/a>/);
});

test('so does the report of a run over as many, in as many waves as there can be', () => {
  const status = statusOf(thousands());
  const agents = status.agents.map(({ id, address }) => ({ id, host: address, type: 'private' as const }));
  const waves = Array.from({ length: 1000 }, (_, wave) => ({
    kind: wave === 0 ? ('canary' as const) : ('rollout' as const),
    agents: agents.slice(5 * wave, 5 * wave + 5),
  }));
  const progress = (agent: (typeof agents)[number], index: number): [string, AgentProgress] => [
    agent.id,
    {
      agent,
      standing: index % 50 ? 'ready' : 'failed',
      reason: 'node: no module',
      given: 1000 * index,
      since: 60_000 + 1000 * index,
    },
  ];
  const state: RolloutState = {
    now: 0,
    waves,
    at: 999,
    maxFailures: 100,
    pauseAfterCanary: false,
    agents: new Map(agents.map(progress)),
    placing: undefined,
    ended: new Set(),
    turn: undefined,
    looked: undefined,
  };
  let page = '';
  const head = { ...SOURCE, who: 'anna', command: 'dcos calico install', message: '' };
  const report = new RunReport(head, {
    now: () => 0,
    write: (text) => {
      page = text;
    },
  });
  report.planned({
    headline: 'Install',
    steps: [],
    waves,
    restarts: agents.map((agent) => ({ agent, reason: 'another store', interrupts: [] })),
    changed: 5000,
    amounts: [],
    differences: [],
    onAgents: '',
    leftOut: [],
    others: [],
    warnings: [],
    findings: [],
  });
  // Every event but the last is kept without a page: a page a wave is written by the run itself.
  waves.forEach(({ kind, agents: members }, wave) => {
    if (wave < 2 || wave > 997) report.take({ type: 'wave began', wave, kind, agents: members }, state);
  });
  for (const one of state.agents.values()) report.take({ type: 'agent', progress: one }, state);
  report.ended({ tone: 'bad', what: 'Stopped', exit: 1 }, status);
  assert.ok(Buffer.byteLength(page) < MOST_BYTES, `${Buffer.byteLength(page)} bytes`);
  const text = pageText(page);
  assert.match(
    text,
    /^00:00:00 \| 10\.0\.1\.13 failed after 60 s: node: no module$/m,
    'a failed agent has its line',
  );
  assert.doesNotMatch(text, / ready after/, 'of so many, a ready one has none');
});
