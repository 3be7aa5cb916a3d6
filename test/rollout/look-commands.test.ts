// `preflight` and `diff` as they are run: exit codes, usage, and Ctrl-C; the built program against labs whose time runs fast.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { PREFLIGHT_APP } from '../../src/steps/preflight/definition.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

test('usage that cannot be: 2, without a request', async () => {
  const wrong: [string[], RegExp][] = [
    [['preflight', '--ignore', 'CAL9'], /no check of that code/],
    [['preflight', '--for-dcos', 'soon'], /--for-dcos soon cannot be used/],
    [['preflight', '--ask', '0'], /ask/],
    [['diff', '--canary', '/'], /--canary \/ cannot be used/],
    [['install', '--yes', '--plan', 'plan.json', '--set', 'node.ipip=off'], /--plan/],
    [['install', '--yes', '--plan', '/no/such/plan.json'], /cannot be carried out/],
  ];
  for (const [args, message] of wrong) {
    const { code, stderr } = await bundle.run('http://127.0.0.1:1', args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

const appOf = (lab: Lab) =>
  fetch(`${lab.url}/service/marathon/v2/apps${PREFLIGHT_APP}`, {
    headers: { authorization: `token=${lab.token}` },
  });

test('the same exit codes as text and as a document', async () => {
  const lab = await startLab({ speed: 40, agents: { private: 2, public: 1 } });
  try {
    for (const json of [['--api-only'], ['--api-only', '--json']]) {
      assert.equal((await bundle.run(lab.url, ['preflight', ...json], undefined, lab.token)).code, 0);
      assert.equal((await bundle.run(lab.url, ['diff', ...json], undefined, lab.token)).code, 7);
      const overlapping = ['--set', 'node.pool-cidr=9.9.0.0/16'];
      const stopped = await bundle.run(lab.url, ['preflight', ...overlapping, ...json], undefined, lab.token);
      assert.equal(stopped.code, 8);
      const ignored = [...overlapping, '--ignore', 'cal1011'];
      assert.equal(
        (await bundle.run(lab.url, ['preflight', ...ignored, ...json], undefined, lab.token)).code,
        0,
      );
    }
  } finally {
    await lab.stop();
  }
});

test('Ctrl-C while the agents are asked: 130, one line, and the app is gone', async () => {
  const lab = await startLab({ agents: { private: 2, public: 1 } });
  try {
    const child = spawn(process.execPath, [bundle.path, 'calico', 'preflight'], {
      env: { PATH: process.env.PATH, DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let talk = '';
    child.stderr.on('data', (part) => {
      talk += part;
    });
    const ended = new Promise((done) => child.on('close', done));
    const until = Date.now() + 20_000;
    while ((await appOf(lab)).status !== 200) {
      assert.ok(Date.now() < until, talk);
      await new Promise((done) => setTimeout(done, 20));
    }
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.match(
      talk,
      /\nInterrupted: nothing was changed, and the tasks that asked the agents are taken away\n$/,
    );
    assert.equal((await appOf(lab)).status, 404);
  } finally {
    await lab.stop();
  }
});
