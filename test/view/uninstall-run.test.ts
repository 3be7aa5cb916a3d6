// A whole run of `uninstall` as it is shown: exit codes, streams, the document and its schema, the screens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { uninstallText } from '../../src/view/uninstall-plan.ts';
import { runUninstall, type UninstallFlags } from '../../src/view/uninstall-run.ts';
import { assertGolden } from '../golden.ts';
import { clusterOf, install, timeOf, withLab } from '../rollout/on-lab.ts';
import { prepareOff } from '../rollout/uninstall-on-lab.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/uninstall.json'), 'utf8'));
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);
const at = (width: number): Terminal => ({
  width,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
});

function valid(document: unknown): void {
  assert.ok(validate(JSON.parse(JSON.stringify(document))), JSON.stringify(validate.errors, null, 1));
}

async function run(
  lab: Lab,
  flags: Partial<UninstallFlags> = {},
  request: { restart?: boolean; agents?: string[] } = {},
  answer = true,
) {
  const ran = { out: '', talk: '' };
  const ended = await runUninstall(
    clusterOf(lab),
    { restart: true, who: 'bob@desk', command: 'dcos calico uninstall', message: '', ...request },
    {
      dryRun: false,
      yes: false,
      json: false,
      force: false,
      forgetAgents: false,
      deleteNetworks: false,
      deleteData: false,
      apiOnly: false,
      ...flags,
    },
    timeOf(lab),
    {
      out: at(80),
      talk: at(80),
      print: (text) => {
        ran.out += `${text}\n`;
      },
      say: (text) => {
        ran.talk += `${text}\n`;
      },
      confirm: async () => answer,
      onInterrupt: () => {},
      stream: process.stderr,
    },
  );
  valid(ended.document);
  return { ...ran, ...ended };
}

const group = (lab: Lab) => clusterOf(lab).marathon.group('/calico');

test('networks are spoken of where Docker can have any, and where an agent is left that sees them', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    const first = /^Docker's networks with Calico's driver are removed first$/m;
    const offered = /Docker's networks \(--delete-networks\)/;
    await install(lab, { sources: { set: ['docker.enable=false'] } });
    // Docker's store is its owner's, and Calico's plugin is there.
    assert.match((await run(lab, { dryRun: true })).out, offered);
    assert.match((await run(lab, { dryRun: true, deleteNetworks: true })).out, first);
    await install(lab, { sources: { set: ['libnetwork.enable=false'] } });
    for (const deleteNetworks of [false, true]) {
      const { out } = await run(lab, { dryRun: true, deleteNetworks });
      assert.doesNotMatch(out, /networks/i);
    }
    const { plan } = await prepareOff(lab);
    const ask = { restart: true, deleteNetworks: true, deleteData: false, workloads: undefined };
    const none = { ...plan, waves: [], steps: ['docker' as const] };
    assert.match(
      uninstallText(none as never, ask as never, at(200)),
      /driver stay in its store: no agent from which/,
    );
  }));

test('dry run: 7 and nothing is taken off; no: 1; yes: 0 and the group is gone; again: 0, not installed', () =>
  withLab({ agents: { private: 2, public: 1 } }, async (lab) => {
    await install(lab);
    const before = JSON.stringify((await group(lab))!.apps.map(({ id, version }) => [id, version]).sort());
    const dry = await run(lab, { dryRun: true });
    assert.equal(dry.exit, 7);
    assert.match(dry.talk, /Asking 3 agents/);
    assert.match(dry.talk, /Next: dcos calico uninstall\n$/);
    const no = await run(lab, {}, {}, false);
    assert.equal(no.exit, 1);
    assert.match(no.talk, /Nothing was changed\n$/);
    assert.equal(
      JSON.stringify((await group(lab))!.apps.map(({ id, version }) => [id, version]).sort()),
      before,
    );
    const yes = await run(lab, { yes: true });
    assert.equal(yes.exit, 0);
    assert.match(yes.out, /Calico is off all 3 agents, each verified, and the group \/calico is deleted\n$/);
    assert.equal(await group(lab), undefined);
    const again = await run(lab, { yes: true });
    assert.deepEqual([again.exit, again.out], [0, 'Calico is not installed on this cluster\n']);
  }));

test("workloads on Calico's networks are named, and stop it unless forced", () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const { http } = clusterOf(lab);
    const body = {
      id: '/shop/api',
      cmd: 'sleep 1000',
      cpus: 0.1,
      mem: 32,
      instances: 2,
      networks: [{ mode: 'container', name: 'calico' }],
    };
    await http.send({ method: 'PUT', path: '/service/marathon/v2/apps/shop/api', body });
    for (const host of ['10.0.1.11', '10.0.1.12'])
      (lab.runner as SimulatedRunner).host(host)!.faults = {
        data: {
          networks: [{ id: 'a1', name: 'front' }],
          nodes: [{ name: '10.0.1.12', endpoints: { libnetwork: 3 } }],
        },
      };
    await assert.rejects(run(lab, { yes: true }), (error: UserError) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.problem.code, 'workloads-on-calico');
      assert.equal(error.problem.exit, 1);
      assert.match(error.problem.why!, /1 of Marathon \(\/shop\/api\), and 3 of Calico's endpoints/);
      valid(error.problem.data);
      return true;
    });
    const forced = await run(lab, { yes: true, force: true });
    assert.equal(forced.exit, 0);
    assert.match(forced.out, /\/shop\/api {2}app with 2 instances on the network calico/);
    assert.match(forced.out, /front {6}Docker network with Calico's driver/);
  }));

test('an agent that is down: 3, then who is owed, and given up: 0 with what stays', () =>
  withLab({ agents: { private: 3, public: 0 } }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.12');
    await lab.sleep(200_000);
    const first = await run(lab, { yes: true });
    assert.equal(first.exit, 3);
    assert.match(first.talk, /Next: dcos calico uninstall\n {6}dcos calico uninstall --forget-agents\n$/);
    const second = await run(lab, { yes: true });
    assert.equal(second.exit, 3);
    assert.match(second.out, /^Nothing can be done now: 1 agent that still has Calico cannot be reached/);
    const third = await run(lab, { yes: true, forgetAgents: true });
    assert.equal(third.exit, 0);
    assert.match(third.out, /10\.0\.1\.12/);
    assert.match(third.out, /the unit dcos-calico-node and the container calico-node/);
    assert.equal(await group(lab), undefined);
  }));

test('a failed agent stops it: 1, and what to type', () =>
  withLab({ agents: { private: 3, public: 0 } }, async (lab) => {
    await install(lab);
    (lab.runner as SimulatedRunner).host('10.0.1.11')!.faults = {
      steps: { node: { failAfterWork: 'the container calico-node cannot be removed' } },
    };
    const { exit, out, talk } = await run(lab, { yes: true });
    assert.equal(exit, 1);
    assert.match(out, /Stopped: 1 agent failed; no further agent was begun/);
    assert.match(talk, /dcos calico status 10\.0\.1\.11/);
    assert.ok(await group(lab));
  }));

test('the screens', () =>
  withLab({ dcos: '2.0', agents: { private: 5, public: 1 } }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.15');
    await lab.sleep(200_000);
    const workloads = {
      apps: [{ id: '/shop/api', kind: 'app' as const, instances: 2, network: 'calico' }],
      networks: ['front'],
      endpoints: [{ host: '10.0.1.12', count: 3 }],
      unknown: [],
    };
    const ask = { deleteNetworks: false, deleteData: false, restart: true, forgetAgents: false };
    const { plan } = await prepareOff(lab);
    for (const width of [80, 120])
      assertGolden(`view/uninstall-${width}`, `${uninstallText(plan, { ...ask, workloads }, at(width))}\n`);
    const { plan: still } = await prepareOff(lab, { restart: false });
    assertGolden(
      'view/uninstall-no-restart-80',
      `${uninstallText(still, { ...ask, restart: false, deleteNetworks: true, deleteData: true }, at(80))}\n`,
    );
    const { plan: one } = await prepareOff(lab, { agents: ['10.0.1.13'] });
    assertGolden('view/uninstall-agent-80', `${uninstallText(one, ask, at(80))}\n`);
  }));
