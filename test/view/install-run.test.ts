// A whole run of `install` as it is shown: exit codes, streams, the document and its schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { InstallRequest } from '../../src/rollout/install.ts';
import { type InstallFlags, runInstall } from '../../src/view/install-run.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { clusterOf, timeOf, withLab } from '../rollout/on-lab.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/install.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
const pipe: Terminal = {
  width: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
};

interface Ran {
  exit: number;
  out: string;
  talk: string;
  document: unknown;
  interrupts: string[];
}

async function run(
  lab: Lab,
  flags: Partial<InstallFlags> = {},
  sources: InstallRequest['sources'] = {},
  answer = true,
): Promise<Ran> {
  const ran = { out: '', talk: '', interrupts: [] as string[] };
  const ended = await runInstall(
    clusterOf(lab),
    {
      sources,
      who: 'anna@laptop',
      command: `dcos calico install${flags.dryRun ? ' --dry-run -m why' : ''}`,
      message: '',
    },
    { dryRun: false, yes: false, json: false, pauseAfterCanary: false, ...flags },
    timeOf(lab),
    {
      out: pipe,
      talk: pipe,
      print: (text) => {
        ran.out += `${text}\n`;
      },
      say: (text) => {
        ran.talk += `${text}\n`;
      },
      confirm: async () => answer,
      onInterrupt: (line) => {
        const said = line();
        if (typeof said === 'string') ran.interrupts.push(said);
      },
      stream: process.stderr,
    },
  );
  const document = JSON.parse(JSON.stringify(ended.document));
  assert.ok(validate(document), JSON.stringify(validate.errors, null, 1));
  return { ...ran, exit: ended.exit, document };
}

/** Writes but for those that ask the agents, and take that away again. */
const writes = (lab: Lab) =>
  lab.requests().filter(({ method, path }) => method !== 'GET' && !/\/calico(\/ops\/preflight)?$/.test(path));

test('dry run: 7 and nothing stays, then install: 0, then dry run and install: 0 and no write', () =>
  withLab({}, async (lab) => {
    const dry = await run(lab, { dryRun: true });
    assert.equal(dry.exit, 7);
    assert.deepEqual(writes(lab), []);
    assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
    assert.match(dry.talk, /^Asking 6 agents: .* \(--api-only does without\)$/m);
    assert.match(dry.out, /^6 agents: 10\.0\.1\.11, 10\.0\.1\.12/m);
    assert.match(dry.out, /^30 tasks started, 0 replaced; 0 units restarted; 6 agents changed$/m);
    assert.match(dry.out, /^Install Calico on 6 of 6 agents$/m);
    assert.match(dry.talk, /Next: dcos calico install -m why\n$/);
    const done = await run(lab, { yes: true });
    assert.equal(done.exit, 0);
    assert.match(done.out, /\nCalico is ready on all 6 agents\n$/);
    assert.match(done.talk, /Wave 2 is over .*\nNext: dcos calico status\n$/);
    lab.resetRequests();
    for (const flags of [{ dryRun: true }, { yes: true }]) {
      const again = await run(lab, flags);
      assert.equal(again.exit, 0);
      assert.equal(again.out, 'Nothing to do: Calico is ready on all 6 agents\n');
    }
    assert.ok(lab.requests().every(({ method }) => method === 'GET'));
  }));

test('with --api-only no task is started but those of the steps', () =>
  withLab({}, async (lab) => {
    const dry = await run(lab, { dryRun: true, apiOnly: true });
    assert.equal(dry.exit, 7);
    assert.ok(lab.requests().every(({ method }) => method === 'GET'));
    assert.doesNotMatch(dry.talk, /Asking/);
    assert.match(dry.talk, /1 note of the preflight: dcos calico preflight/);
  }));

test('an answer of no changes nothing', () =>
  withLab({}, async (lab) => {
    const { exit, talk } = await run(lab, {}, {}, false);
    assert.equal(exit, 1);
    assert.match(talk, /Nothing was changed/);
    assert.deepEqual(writes(lab), []);
    assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
  }));

test('a finding that stops: 8, and no question', () =>
  withLab({ srv: {} }, async (lab) => {
    const { exit, out, talk, document } = await run(lab, { yes: true });
    assert.equal(exit, 8);
    assert.match(out, /^stops {2}CAL1005 {2}There is no record _etcd-server\._tcp\.etcd\.mesos/m);
    assert.doesNotMatch(out, /^WAVE/m);
    assert.match(talk, /Preflight stops it: 1 finding to mend first\. Nothing was changed/);
    assert.equal((document as { result?: unknown }).result, undefined);
  }));

test('DC/OS 2.1, which has a Calico of its own', () =>
  withLab({ dcos: '2.1' }, async (lab) => {
    assert.equal((await run(lab, { yes: true })).exit, 8);
  }));

test('missing permissions: 8, and each is named', () =>
  withLab({ security: 'strict' }, async (lab) => {
    lab.faults.set([{ path: '/service/marathon/v2/groups*', kind: 'status', status: 403 }]);
    const { exit, out } = await run(lab, { yes: true });
    assert.equal(exit, 8);
    assert.match(out, /^stops {2}CAL1008/m);
    assert.match(out, /dcos:adminrouter:service:marathon full/);
  }));

test('what a refusal says, with the options that differ', () =>
  withLab({}, async (lab) => {
    await run(lab, { yes: true });
    const wrong = run(lab, { yes: true }, { set: ['node.pool-cidr=10.9.0.0/16'] });
    await assert.rejects(wrong, (error: UserError) => {
      assert.equal(error.problem.code, 'living-network');
      assert.equal(error.problem.exit, 1);
      assert.ok(validate(JSON.parse(JSON.stringify(error.problem.data))), JSON.stringify(validate.errors));
      return true;
    });
  }));

test('options that do not exist stop before anything is planned', () =>
  withLab({}, async (lab) => {
    await assert.rejects(run(lab, { yes: true }, { set: ['node.pool=10.0.0.0/8'] }), (error: UserError) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.problem.exit, 2);
      return true;
    });
  }));

test('what Ctrl-C leaves behind, before and in the rollout', () =>
  withLab({}, async (lab) => {
    const { interrupts } = await run(lab, { yes: true });
    assert.deepEqual(interrupts, [
      'Interrupted: nothing was changed',
      'Interrupted: nothing was changed',
      'Interrupted: no agent is at work and none begins; go on with: dcos calico install',
    ]);
  }));
