// `diff` as it is shown, its document, and a plan that is carried out as it was reviewed or not at all.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { runInstall } from '../../src/view/install-run.ts';
import { assertGolden } from '../golden.ts';
import { clusterOf, install, timeOf, withLab } from '../rollout/on-lab.ts';
import { at, diffOn, PIPE, SURPRISES } from './look-screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'diff-'));
after(() => rmSync(folder, { recursive: true }));

const REPLACE = { sources: { set: ['docker.replace-cluster-store=true'] } };

for (const [name, terminal] of [
  ['80', at(80)],
  ['120', at(120)],
  ['80-in-colour', at(80, true)],
  ['120-in-colour', at(120, true)],
  ['pipe', PIPE],
] as const) {
  test(`the screen on a cluster with surprises (${name})`, () =>
    withLab(SURPRISES, async (lab) => {
      const { exit, screen } = await diffOn(lab, terminal, REPLACE);
      assert.equal(exit, 7);
      assertGolden(`view/diff-${name}`, screen);
    }));
}

test('nothing to change: 0, and nobody is asked', () =>
  withLab({}, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const { exit, out, document } = await diffOn(lab);
    assert.equal(exit, 0);
    assert.equal(out, 'Nothing to do: Calico is ready on all 6 agents\n');
    assert.equal(document.group, null);
    assert.ok(lab.requests().every(({ method }) => method === 'GET'));
  }));

test('the document has the apps as they are put, real keys of each agent and three numbers', () =>
  withLab(SURPRISES, async (lab) => {
    const { document } = await diffOn(lab, PIPE, REPLACE);
    const { group, agents, numbers } = document as unknown as {
      group: { apps: { id: string; cmd: string }[] };
      agents: { host: string; docker: { before: object; after: Record<string, string> } }[];
      numbers: object;
    };
    assert.deepEqual(
      group.apps.map(({ id }) => id),
      ['options', 'etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'],
    );
    const one = agents.find(({ host }) => host === '10.0.1.12')!;
    assert.deepEqual(one.docker.before, {});
    assert.equal(one.docker.after['cluster-advertise'], '10.0.1.12:62376');
    assert.deepEqual(numbers, { tasksReplaced: 0, unitsRestarted: 1, hostsChanged: 6 });
  }));

test('with --api-only agents are said not to have been asked', () =>
  withLab({}, async (lab) => {
    const { out } = await diffOn(lab, PIPE, {}, { apiOnly: true });
    assert.match(
      out,
      /^6 agents: .*\n {2}not asked; each step looks at its host before it changes anything$/m,
    );
  }));

async function carry(lab: Lab, plan: string, programVersion = '0.1.0') {
  let out = '';
  const ended = await runInstall(
    clusterOf(lab),
    { sources: {}, who: 'ben@desk', command: 'dcos calico install --plan', message: '' },
    { dryRun: false, yes: true, json: false, pauseAfterCanary: false, plan, programVersion },
    timeOf(lab),
    {
      out: PIPE,
      talk: PIPE,
      print: (text) => {
        out += `${text}\n`;
      },
      say: () => undefined,
      confirm: async () => true,
      onInterrupt: () => undefined,
      stream: process.stderr,
    },
  );
  return { ...ended, out };
}

const planFile = (name: string) => join(folder, `${name}.json`);

async function stale(lab: Lab, path: string, programVersion?: string): Promise<string[]> {
  let items: string[] = [];
  await assert.rejects(carry(lab, path, programVersion), (error: unknown) => {
    assert.ok(error instanceof UserError);
    assert.equal(error.problem.code, 'plan-is-stale');
    assert.equal(error.problem.exit, 1);
    items = error.problem.items ?? [];
    return true;
  });
  return items;
}

test('a plan is carried out as it was reviewed: by another person, with the options of the plan, both on record', () =>
  withLab({}, async (lab) => {
    const path = planFile('good');
    const request = { sources: { set: ['node.ipip=always'] }, message: 'ticket 7' };
    const { talk } = await diffOn(lab, PIPE, request, { out: path });
    assert.match(talk, /Next: dcos calico install --plan /);
    await lab.sleep(3600_000);
    const { exit } = await carry(lab, path);
    assert.equal(exit, 0);
    const { env } = (await clusterOf(lab).marathon.app('/calico/options'))!;
    assert.equal(env.DCOS_CALICO_WHO, 'ben@desk');
    assert.equal(env.DCOS_CALICO_COMMAND, 'dcos calico install --plan');
    assert.match(env.DCOS_CALICO_WHEN!, /^2026-11-24T04:00:/);
    assert.equal(env.DCOS_CALICO_MESSAGE, 'ticket 7 (plan of anna@laptop, 2026-11-24 03:00:00 UTC)');
    assert.equal(JSON.parse(env.DCOS_CALICO_OPTIONS!).node.ipip, 'always');
  }));

test('a plan is refused when the cluster has changed since, and what changed is named', () =>
  withLab({}, async (lab) => {
    const path = planFile('stale');
    await diffOn(lab, PIPE, {}, { out: path });
    await lab.master.addAgent({ host: '10.0.1.77', public: false });
    const gone = [...lab.master.agents.values()].find(({ host }) => host === '10.0.1.12')!;
    lab.master.deactivate(gone);
    assert.deepEqual(await stale(lab, path), [
      'The agent 10.0.1.12 was to be changed, and is left out (deactivated)',
      'The agent 10.0.1.77 has joined',
    ]);
    assert.equal(await clusterOf(lab).marathon.app('/calico/node'), undefined);
  }));

test('a plan is refused when an agent tells something else than was reviewed, an app has changed, or the program has', () =>
  withLab(SURPRISES, async (lab) => {
    const path = planFile('other');
    const ignore = { sources: { set: ['rollout.ignore=["CAL1026","CAL1027","CAL1045"]'] } };
    await diffOn(lab, PIPE, ignore, { out: path });
    const host = (
      lab.runner as never as { host(address: string): { faults: { facts: { docker: object } } } }
    ).host('10.0.1.12');
    host.faults.facts.docker = {
      ...host.faults.facts.docker,
      before: { 'cluster-store': 'etcd://localhost:2379' },
    };
    assert.deepEqual(await stale(lab, path), [
      'On the agent 10.0.1.12 something else would change than was reviewed',
    ]);
    assert.deepEqual(await stale(lab, path, '0.2.0'), [
      'It was made by version 0.1.0 of this program, and this is 0.2.0',
      'On the agent 10.0.1.12 something else would change than was reviewed',
    ]);
  }));

test('after it was carried out a plan is refused: its apps are there', () =>
  withLab({}, async (lab) => {
    const path = planFile('twice');
    await diffOn(lab, PIPE, {}, { out: path });
    await carry(lab, path);
    const items = await stale(lab, path);
    assert.ok(items.includes('/calico/node is new'), items.join('\n'));
  }));

test('a plan that was edited is refused', () =>
  withLab({}, async (lab) => {
    const path = planFile('edited');
    await diffOn(lab, PIPE, {}, { out: path });
    writeFileSync(path, readFileSync(path, 'utf8').replace('"user": "root"', '"user": "nobody"'));
    assert.deepEqual(await stale(lab, path), ['The plan itself is another: put']);
  }));

test('what is no plan is neither carried out nor written over', () =>
  withLab({}, async (lab) => {
    const path = planFile('notes');
    for (const text of ['my notes', '{}', '{"format": "dcos-calico-plan/1"}', '[]']) {
      writeFileSync(path, text);
      await assert.rejects(carry(lab, path), (error: UserError) => error.problem.code === 'no-plan');
      await assert.rejects(diffOn(lab, PIPE, {}, { out: path }), (error: UserError) => {
        assert.equal(error.problem.code, 'file-in-the-way');
        return true;
      });
      assert.equal(readFileSync(path, 'utf8'), text);
    }
    await assert.rejects(carry(lab, planFile('missing')), (error: UserError) => error.problem.exit === 2);
    await assert.rejects(
      diffOn(lab, PIPE, {}, { out: join(folder, 'no', 'such', 'folder.json') }),
      (error: UserError) => error.problem.code === 'cannot-write',
    );
  }));
