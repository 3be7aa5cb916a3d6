import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { type AgentLook, type TurnLook, underWay } from '../../src/plan/under-way.ts';
import type { Control } from '../../src/steps/control-app.ts';
import { readOptionsApp } from '../../src/steps/options-app.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { showUnderWay } from '../../src/view/under-way-run.ts';
import { assertGolden } from '../golden.ts';
import { type Fault, ModelCluster } from '../rollout/model.ts';
import { runOnModel } from '../rollout/run-model.ts';

const narrow: Terminal = { width: 80, height: 24, colour: false, interactive: true };
const wide: Terminal = { ...narrow, width: 120 };
const validate = new Ajv().compile(JSON.parse(readFileSync('schemas/plan.json', 'utf8')));

const AT = '2026-11-24T03:10:00.000Z';
const PAUSED = { who: 'bob@desk', when: AT, why: 'dashboards look odd' };

/** A rollout cut off after so many actions, as the cluster then is. */
function cut(
  privates: number,
  actions: number,
  faults: Record<number, Fault> = {},
  more: { control?: Control; turn?: Partial<TurnLook>; skipped?: Record<string, string> } = {},
) {
  const one = new ModelCluster({ private: privates, public: 2, faults });
  runOnModel(one, one.plan(), actions);
  const plan = one.planWith({ skipped: new Map(Object.entries(more.skipped ?? {})) });
  const ready = new Set(plan.ready.map(({ id }) => id));
  const turn = one.turnAgents();
  const looks: AgentLook[] = one.agents.map(({ mesos: { id, hostname }, fault }) => {
    if (ready.has(id)) return { id, host: hostname, state: 'ready', reason: '' };
    if (fault === 'fails' && one.touched.includes(hostname))
      return {
        id,
        host: hostname,
        state: 'failed',
        reason: 'calico/node runs, and Felix has not reported to etcd for 90 s',
        step: 'node',
      };
    return turn.includes(hostname)
      ? { id, host: hostname, state: 'installing', reason: 'node: calico/node is starting' }
      : { id, host: hostname, state: 'waiting', reason: "waits for this agent's turn" };
  });
  const goingOn = turn.length > 0;
  return underWay({
    plan,
    name: 'deploy',
    installed: readOptionsApp(one.apps.find(({ id }) => id === '/calico/options')!)!,
    agents: looks,
    turn: goingOn
      ? { agents: turn, goingOn, since: AT, wave: '2/4 rollout', who: 'anna@laptop', ...more.turn }
      : undefined,
    control: more.control ?? { skipped: [] },
  });
}

const shown = (plan: ReturnType<typeof cut> | undefined, terminal: Terminal, all = false) => {
  const { text, next, document } = showUnderWay(plan, terminal, { all });
  assert.ok(validate(JSON.parse(JSON.stringify(document))), JSON.stringify(validate.errors));
  return [text, ...next].join('\n');
};

test('under way, at both widths, folded and whole', () => {
  const plan = cut(12, 6);
  assert.equal(showUnderWay(plan, narrow, { all: false }).exit, 6);
  assertGolden('view/plan-status-under-way-80', shown(plan, narrow));
  assertGolden('view/plan-status-under-way-120', shown(plan, wide));
  assertGolden('view/plan-status-under-way-all-80', shown(plan, narrow, true));
  for (const on of [narrow, wide])
    assertGolden(`view/plan-status-under-way-${on.width}-in-colour`, shown(plan, { ...on, colour: true }));
});

test('paused, with an agent that the rollout goes on without', () => {
  const skip = { id: 'S-10.0.1.19', host: '10.0.1.19', ...PAUSED, why: 'its disk is being replaced' };
  const plan = cut(
    12,
    8,
    {},
    {
      control: { paused: PAUSED, skipped: [skip] },
      turn: { goingOn: false },
      skipped: { 'S-10.0.1.19': 'skipped by bob@desk: its disk is being replaced' },
    },
  );
  assert.equal(showUnderWay(plan, narrow, { all: false }).exit, 5);
  assertGolden('view/plan-status-paused-80', shown(plan, narrow));
});

test('stopped by a failed canary, with the three next commands', () => {
  const plan = cut(12, 10_000, { 0: 'fails' });
  assert.equal(showUnderWay(plan, narrow, { all: false }).exit, 1);
  assertGolden('view/plan-status-error-80', shown(plan, narrow));
  assertGolden('view/plan-status-error-120', shown(plan, wide));
});

test('complete, and not installed', () => {
  const plan = cut(12, 10_000);
  assert.equal(showUnderWay(plan, narrow, { all: false }).exit, 0);
  assertGolden('view/plan-status-complete-80', shown(plan, narrow));
  assert.equal(
    shown(undefined, narrow),
    'Calico is not installed on this cluster\nNext: dcos calico install',
  );
});

test('a thousand agents fit on a screen, and no line is too wide', () => {
  const text = shown(cut(1000, 6), narrow);
  assertGolden('view/plan-status-many-80', text);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
});
