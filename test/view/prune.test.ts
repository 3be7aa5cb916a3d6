// `prune` as it is shown: exit codes, the document and its schema, the screen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import type { AppDefinition } from '../../src/dcos/types.ts';
import type { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import { readOptionsApp } from '../../src/steps/app-definition.ts';
import { pruneText } from '../../src/view/prune.ts';
import { runPrune } from '../../src/view/prune-run.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';
import { clusterOf, install, timeOf, withLab } from '../rollout/on-lab.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/prune.json'), 'utf8'));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
const at = (width: number): Terminal => ({
  width,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
});

async function run(
  lab: Lab,
  flags: { dryRun?: boolean; yes?: boolean; forget?: boolean } = {},
  answer = true,
) {
  const ran = { out: '', talk: '' };
  const ended = await runPrune(
    clusterOf(lab),
    { dryRun: false, yes: false, olderThan: 86_400_000, forget: false, ...flags },
    timeOf(lab),
    {
      out: at(80),
      print: (text) => {
        ran.out += `${text}\n`;
      },
      say: (text) => {
        ran.talk += `${text}\n`;
      },
      confirm: async () => answer,
      onInterrupt: () => {},
    },
  );
  assert.ok(validate(JSON.parse(JSON.stringify(ended.document))), JSON.stringify(validate.errors, null, 1));
  return { ...ran, ...ended };
}

const GONE = {
  name: '10.0.9.9',
  addresses: ['10.0.9.9'],
  blocks: [{ cidr: '192.168.7.64/26', used: 3 }],
  endpoints: { libnetwork: 2, mesos: 1 },
  seen: '2026-11-01T03:00:00Z',
};

test('not installed: an error; nothing: 0; dry run: 7; no: 1', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await assert.rejects(run(lab, { yes: true }), (error: UserError) => {
      assert.equal(error.problem.code, 'not-installed');
      return true;
    });
    await install(lab);
    const nothing = await run(lab, { yes: true });
    assert.equal(nothing.exit, 0);
    assert.match(nothing.out, /^Nothing to prune/);
    for (const host of ['10.0.1.11', '10.0.1.12'])
      (lab.runner as SimulatedRunner).host(host)!.faults = { data: { nodes: [GONE] } };
    assert.equal((await run(lab, { dryRun: true })).exit, 7);
    assert.equal((await run(lab, {}, false)).exit, 1);
    // The simulated agent only looks: what was to go is there still, and that is told.
    assert.equal((await run(lab, { yes: true })).exit, 1);
    const group = (await clusterOf(lab).marathon.group('/calico'))!;
    assert.deepEqual(group.groups?.flatMap(({ apps }) => apps) ?? [], [], 'its app is taken away');
  }));

test('--forget-agents takes whoever is gone off the record: an uninstall is owed to nobody else then', () =>
  withLab({ agents: { private: 3, public: 0 }, mesos: { maxPingTimeouts: 2 } }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.13');
    await lab.sleep(4_000_000);
    const told = await run(lab, { yes: true });
    assert.equal(told.exit, 0);
    assert.match(told.out, /on record as having Calico: 10\.0\.1\.13\./);
    const { covered } = readOptionsApp((await clusterOf(lab).marathon.app('/calico/options'))!)!;
    assert.deepEqual(covered, ['10.0.1.11', '10.0.1.12', '10.0.1.13']);
    const dry = await run(lab, { dryRun: true, forget: true });
    assert.match(dry.talk, /dcos calico prune --forget-agents$/m);
    // A colleague's rollout would take a write for a change of the options, and stop.
    const { marathon } = clusterOf(lab);
    const turn = { id: '/calico/ops/turn', cmd: 'sleep 1', instances: 0 } as unknown as AppDefinition;
    await marathon.putApp(turn, { force: true });
    const before = (await marathon.app('/calico/options'))!.version;
    const held = await run(lab, { yes: true, forget: true });
    assert.equal(held.exit, 1);
    assert.match(
      held.talk,
      /^The record still has 1 of those that are gone: nothing is written while a rollout/m,
    );
    assert.doesNotMatch(held.out, /no longer counted/);
    assert.equal((await marathon.app('/calico/options'))!.version, before);
    await marathon.deleteApp('/calico/ops/turn', { force: true });
    const forgot = await run(lab, { yes: true, forget: true });
    assert.match(forgot.out, /1 agent is no longer counted as having Calico/);
    const after = readOptionsApp((await clusterOf(lab).marathon.app('/calico/options'))!)!;
    assert.deepEqual(after.covered, ['10.0.1.11', '10.0.1.12']);
    assert.doesNotMatch((await run(lab, { yes: true, forget: true })).out, /on record/);
  }));

test('the screen', () => {
  const kept = { ...GONE, name: 'router-1', age: 60_000, reason: 'its Felix reported not long ago' };
  const plan = {
    gone: [
      { ...GONE, age: 23 * 86_400_000 },
      { ...GONE, name: 'ip-10-0-9-10', addresses: ['10.0.9.10'], blocks: [], endpoints: {}, seen: '' },
      { ...GONE, name: '10.0.9.11', addresses: [], endpoints: {}, seen: '' },
    ],
    kept: [kept],
    agents: 48,
    unlisted: ['10.0.9.12'],
  };
  assertGolden('view/prune-80', `${pruneText(plan, at(80))}\n`);
  assertGolden(
    'view/prune-nothing-80',
    `${pruneText({ gone: [], kept: [kept], agents: 48, unlisted: [] }, at(80))}\n`,
  );
});
