// `dcos calico install` as it is run: the built program against a lab whose time runs fast.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, test } from 'node:test';
import { startLab } from '../../src/lab/lab.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

test('without a terminal and without --yes: 2, and the flag is named', async () => {
  for (const args of [[], ['--json']]) {
    const { code, stdout, stderr } = await bundle.run('http://127.0.0.1:1', ['install', ...args]);
    assert.equal(code, 2);
    assert.match(stdout + stderr, /Add --yes/);
  }
});

test('--until that cannot be read: 2', async () => {
  const { code, stderr } = await bundle.run('http://127.0.0.1:1', ['install', '--yes', '--until', 'soon']);
  assert.equal(code, 2);
  assert.match(stderr, /--until soon cannot be used/);
});

test('Ctrl-C in a wave: one line and 130; the same command goes on, from elsewhere, to the end', async () => {
  const lab = await startLab({ speed: 40, seed: 3, agents: { private: 3, public: 1 } });
  try {
    const dry = await bundle.run(lab.url, ['install', '--dry-run', '--json'], undefined, lab.token);
    assert.equal(dry.code, 7);
    assert.equal(JSON.parse(dry.stdout).plan.kind, 'install');

    const child = spawn(process.execPath, [bundle.path, 'calico', 'install', '--yes', '-m', 'a try'], {
      env: { PATH: process.env.PATH, DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let talk = '';
    child.stderr.on('data', (part) => {
      if (!talk.includes('Wave 1') && String(part).includes('Wave 1')) child.kill('SIGINT');
      talk += part;
    });
    const code = await new Promise((done) => child.on('close', done));
    assert.equal(code, 130);
    assert.match(
      talk,
      /\nInterrupted: 2 agents finish their turn, no further agent begins; go on with: dcos calico install\n$/,
    );
    assert.ok(!talk.includes(lab.token));

    const on = await bundle.run(lab.url, ['install', '--yes', '--json'], undefined, lab.token);
    assert.equal(on.code, 0, on.stdout + on.stderr);
    const { plan, result } = JSON.parse(on.stdout);
    assert.equal(plan.kind, 'go on');
    assert.equal(result.totals.ready, 4);
    const options = (await (
      await fetch(`${lab.url}/service/marathon/v2/apps/calico/options`, {
        headers: { authorization: `token=${lab.token}` },
      })
    ).json()) as { app: { env: Record<string, string> } };
    assert.equal(options.app.env.DCOS_CALICO_MESSAGE, 'a try');
    assert.equal(options.app.env.DCOS_CALICO_COMMAND, "dcos calico install --yes -m 'a try'");
    assert.ok(!JSON.stringify(options).includes(lab.token));
  } finally {
    await lab.stop();
  }
});
