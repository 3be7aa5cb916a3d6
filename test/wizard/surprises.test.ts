// The wizard on clusters that are not as one would wish.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import { assertGolden } from '../golden.ts';
import { buildBundle } from '../status/bundle.ts';
import { asks, onStage, type Stage } from './stage.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const stage = (spec: Parameters<typeof onStage>[1], play: (stage: Stage) => Promise<void>) =>
  onStage(bundle.path, spec, play);

/** An app of a package, as Cosmos labels it. */
async function addPackage(lab: Lab, id: string, name: string, version: string): Promise<void> {
  const answer = await fetch(`${lab.url}/service/marathon/v2/apps${id}`, {
    method: 'PUT',
    headers: { authorization: `token=${lab.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      id,
      cmd: 'sleep 1000',
      instances: 0,
      cpus: 0.1,
      mem: 32,
      labels: { DCOS_PACKAGE_NAME: name, DCOS_PACKAGE_VERSION: version },
    }),
  });
  assert.ok(answer.ok, await answer.text());
}

const written = ({ folder }: Stage) => JSON.parse(readFileSync(join(folder, 'calico.json'), 'utf8'));
const etcdScreen = (text: string) => text.slice(text.indexOf('Question 2'));

test('no etcd: it says where one can come from; addresses are really tried from an agent, and nothing stays', () =>
  stage({ grade: 'sandbox', speed: 5, srv: {}, agents: { private: 2, public: 1 } }, async (on) => {
    const { sit, lab } = on;
    const terminal = sit([], { rows: 40 });
    await asks(terminal, 'Which containers use Calico?');
    terminal.type('\r');
    await asks(terminal, 'Where is etcd?');
    assertGolden('wizard/no-etcd', `${etcdScreen(terminal.screen.text())}\n`);
    terminal.type('2\r');
    await asks(terminal, 'Client URLs of etcd');
    terminal.type('http://10.0.0.99:2379\r');
    await asks(terminal, 'Ask etcd from an agent?');
    terminal.type('\r');
    await asks(terminal, 'How to go on?');
    const screen = terminal.screen.text();
    assertGolden('wizard/etcd-silent', `${screen.slice(screen.indexOf('Question 4'))}\n`);
    terminal.type('\r');
    await terminal.until('the addresses again', (now) => now.cursorLine.endsWith('(http://10.0.0.99:2379)'));
    terminal.type('http://10.0.0.11:2379, http://10.0.0.12:2379\r');
    await asks(terminal, 'Ask etcd from an agent?');
    terminal.type('\r');
    await terminal.shows('etcd answers the agent 10.0.1.11 at every address');
    for (const prompt of ['Network for tasks', 'How do packets', 'Where do agents', 'How does an install']) {
      await asks(terminal, prompt);
      terminal.type('\r');
    }
    await asks(terminal, 'And now?');
    const group = await fetch(`${lab.url}/service/marathon/v2/groups/calico`, {
      headers: { authorization: `token=${lab.token}` },
    });
    assert.equal(group.status, 404, 'the app and the groups that came with it are gone');
    terminal.type('\r');
    assert.equal(await terminal.ended, 0);
    assert.deepEqual(written(on).etcd, {
      'proxy-endpoints': ['http://10.0.0.11:2379', 'http://10.0.0.12:2379'],
    });

    const silent = await on.pipe([
      '--yes',
      '--json',
      '--etcd',
      'static',
      '--endpoints',
      'http://10.0.0.98:2379',
    ]);
    assert.equal(silent.code, 8);
    assert.equal(JSON.parse(silent.stdout).error.code, 'etcd-silent');
    assert.match(silent.stderr, /Asking http:\/\/10\.0\.0\.98:2379 from the agent 10\.0\.1\.11/);
    assert.deepEqual(written(on).etcd['proxy-endpoints'].length, 2, 'the file is as it was');
  }));

test('Ctrl-C while an agent is asked takes the task away first', () =>
  stage({ grade: 'sandbox', speed: 1, srv: {}, agents: { private: 1, public: 0 } }, async ({ sit, lab }) => {
    lab.faults.set([{ path: '/agent/*', kind: 'slow', ms: 5000 }]);
    const terminal = sit(['--etcd', 'static', '--endpoints', 'http://10.0.0.11:2379']);
    await asks(terminal, 'Which containers use Calico?');
    terminal.type('\r');
    await asks(terminal, 'Ask etcd from an agent?');
    terminal.type('\r');
    await terminal.shows('Asking http');
    const app = async () =>
      (
        await fetch(`${lab.url}/service/marathon/v2/apps/calico/ops/endpoints`, {
          headers: { authorization: `token=${lab.token}` },
        })
      ).status;
    while ((await app()) !== 200);
    terminal.type('\u0003');
    assert.equal(await terminal.ended, 130);
    assert.equal(await app(), 404);
    assert.match(terminal.screen.text().replaceAll('\n', ' '), /Nothing was written\. Your answers are kept/);
  }));

test('the package etcd 0.1.0 has no record: its own address is suggested, with the reason', () =>
  stage({ srv: {} }, async (on) => {
    await addPackage(on.lab, '/etcd', 'etcd', '0.1.0-3.3.12');
    const terminal = on.sit(['--api-only'], { rows: 40 });
    await asks(terminal, 'Which containers use Calico?');
    assert.match(
      terminal.screen.text(),
      /no record _etcd-server\._tcp\.etcd\.mesos; the package etcd 0\.1\.0-3\.3\.12/,
    );
    terminal.type('\r');
    await asks(terminal, 'Where is etcd?');
    assertGolden('wizard/etcd-package-0.1.0', `${etcdScreen(terminal.screen.text())}\n`);
    terminal.type('\r');
    await terminal.shows('? Client URLs of etcd');
    const { code } = await on.pipe(['--yes', '--api-only']);
    assert.equal(code, 0);
    assert.deepEqual(written(on).etcd, {
      'run-proxy': false,
      'etcd-endpoints': 'http://api.etcd.l4lb.thisdcos.directory:2379',
    });
  }));

test('an etcd framework of another name is found by its own record', () =>
  stage(
    { srv: { '_etcd-server._tcp.etcd-b.mesos': [{ host: 'm1.', ip: '10.0.0.11', port: 2380 }] } },
    async (on) => {
      await addPackage(on.lab, '/etcd-b', 'etcd', '0.0.3');
      const { code, stderr } = await on.pipe(['--yes']);
      assert.equal(code, 0);
      assert.match(
        stderr,
        /found: _etcd-server\._tcp\.etcd-b\.mesos names 1 member \(package etcd 0\.0\.3\)/,
      );
      assert.deepEqual(written(on).etcd, { 'etcd-discovery-url': 'etcd-b.mesos' });
    },
  ));

test('DC/OS 2.1 has its own Calico: it says so, asks nothing and writes nothing', () =>
  stage({ dcos: '2.1' }, async ({ sit, pipe, folder, masked }) => {
    const terminal = sit();
    assert.equal(await terminal.ended, 8);
    assertGolden('wizard/native-calico', `${masked(terminal.screen.text())}\n`);
    const { code, stdout } = await pipe(['--yes', '--json']);
    assert.equal(code, 8);
    assert.equal(JSON.parse(stdout).error.code, 'nothing-to-configure');
    assert.ok(!existsSync(join(folder, 'calico.json')));
  }));

test('the Universe framework is there: said at once; the file can be written, an install is not offered', () =>
  stage({}, async (on) => {
    await addPackage(on.lab, '/calico-install-framework', 'calico', '0.4.0');
    const terminal = on.sit([], { rows: 40 });
    await asks(terminal, 'Which containers use Calico?');
    assert.match(
      terminal.screen.text(),
      /stops {2}CAL1003 {2}The Calico framework of the Universe is installed/,
    );
    for (const prompt of [
      'Network for tasks',
      'How do packets',
      'Where do agents',
      'How does an install',
      'And now?',
    ]) {
      terminal.type('\r');
      await asks(terminal, prompt);
    }
    const result = terminal.screen.text();
    assertGolden('wizard/universe-framework', `${result.slice(result.indexOf('Result'))}\n`);
    assert.ok(!result.includes('go on to the install'));
  }));

test('agents without room are named, and no question is asked about them', () =>
  stage(
    {
      agents: [
        { host: '10.0.1.11', public: false },
        { host: '10.0.1.12', public: false, cpus: 0.05 },
        { host: '10.0.1.13', public: false },
      ],
    },
    async ({ pipe }) => {
      const { code, stderr, stdout } = await pipe(['--yes']);
      assert.equal(code, 0);
      assert.match(
        stderr,
        /Agents {4}3: 3 private, 0 public; 2 can have Calico's tasks now, not 10\.0\.1\.12/,
      );
      assert.match(stderr, /warns {2}CAL1007 {2}No room: .* CPU needed, 0\.05 free/);
      assert.match(stdout, /would change 2 agents .* 1 agent left out/);
    },
  ));

test('a login that is over: before the first question, and at the end, where the answers are kept', () =>
  stage({}, async ({ lab, sit, pipe }) => {
    const token = lab.token;
    lab.token = lab.tokens.issue('anna', Date.now() - 1000);
    const early = await pipe(['--yes']);
    assert.equal(early.code, 1);
    assert.match(early.stderr, /dcos auth login/);
    lab.token = token;
    const terminal = sit();
    await asks(terminal, 'Which containers use Calico?');
    for (const prompt of ['Network for tasks', 'How do packets', 'Where do agents', 'How does an install']) {
      terminal.type('\r');
      await asks(terminal, prompt);
    }
    lab.faults.set([{ path: '/service/marathon/*', kind: 'status', status: 401 }]);
    terminal.type('\r');
    assert.equal(await terminal.ended, 1);
    assert.match(terminal.screen.text(), /Your answers are kept; go on with: dcos calico configure/);
    assert.match(terminal.screen.text(), /dcos auth login/);
    lab.faults.set([]);
    const again = sit();
    await asks(again, 'Go on with them?');
    again.type('\r');
    await asks(again, 'And now?');
  }));

test('where Calico is installed its options are the start, and nothing is said to stop it', () =>
  stage({}, async (on) => {
    const { code, stderr } = await bundle.run(
      on.lab.url,
      ['install', '--yes', '--api-only', '--set', 'node.ipip=always'],
      undefined,
      on.lab.token,
    );
    assert.equal(code, 0, stderr);
    const again = await on.pipe(['--yes']);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /^Calico {4}installed by /m);
    assert.doesNotMatch(again.stdout + again.stderr, /^(stops|warns)/m);
  }));
