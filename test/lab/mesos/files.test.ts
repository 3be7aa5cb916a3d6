// Sandboxes of a task, by the paths that each version of Mesos knows.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import type { DcosVersion } from '../../../src/lab/types.ts';
import { ask } from '../server/ask.ts';
import { task } from './stage.ts';

const labs: Lab[] = [];
after(() => Promise.all(labs.map((lab) => lab.stop())));

async function withTask(dcos: DcosVersion) {
  const clock = new VirtualClock(Date.parse('2026-11-24T00:00:00Z'));
  const lab = await startLab({ dcos, clock, agents: { private: 1, public: 0 } });
  labs.push(lab);
  lab.marathon.stop();
  const { master } = lab;
  const [offer] = master.offers();
  const { agentId } = offer!;
  const env = { MARATHON_APP_VERSION: '2026-11-24T00:00:00.000Z', DCOS_CALICO_MODE: 'present' };
  master.launch(offer!, {
    ...task('cni.1'),
    appId: '/calico/cni',
    env,
    agentId,
    frameworkId: master.frameworkId,
  });
  clock.advance(10_000);
  const get = (path: string) =>
    ask(`${lab.url}/agent/${agentId}${path}`, { headers: { authorization: `token=${lab.token}` } });
  const read = (path: string) => get(`/files/read?path=${encodeURIComponent(path)}&offset=0&length=4000`);
  return {
    lab,
    get,
    read,
    virtual: `/frameworks/${master.frameworkId}/executors/cni.1/runs/latest/status.json`,
  };
}

test('by ids since Mesos 1.5', async () => {
  const { read, virtual } = await withTask('1.11');
  const answer = await read(virtual);
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(JSON.parse(answer.text).data).state, 'waiting for turn');
});

test('before, only by the directory that the agent’s state tells', async () => {
  for (const dcos of ['1.9', '1.10'] as const) {
    const { get, read, virtual } = await withTask(dcos);
    assert.equal((await read(virtual)).status, 404);
    const state = JSON.parse((await get('/state')).text);
    const { directory } = state.frameworks[0].executors[0];
    assert.equal((await read(`${directory}/status.json`)).status, 200);
    const files = JSON.parse((await get(`/files/browse?path=${directory}`)).text) as { path: string }[];
    assert.ok(files.some(({ path }) => path === `${directory}/status.json`));
  }
});

test('the agents’ flags name the CNI directories of their version', async () => {
  for (const [dcos, plugins] of [
    ['1.9', /^\/opt\/mesosphere\/active\/cni\/$/],
    ['2.0', /active\/cni\/:.*\/mesos\/libexec\/mesos$/],
    ['2.2', /:\/opt\/mesosphere\/active\/calico\/cni$/],
  ] as const) {
    const { get } = await withTask(dcos);
    const { flags } = JSON.parse((await get('/flags')).text);
    assert.match(flags.network_cni_plugins_dir, plugins);
    assert.equal(flags.network_cni_config_dir, '/opt/mesosphere/etc/dcos/network/cni');
  }
});

test('the sandbox of a task that has ended stays readable; another agent’s is not here', async () => {
  const { lab, read, virtual } = await withTask('2.0');
  lab.master.kill('cni.1');
  await lab.sleep(5000);
  assert.equal(lab.master.task('cni.1'), undefined);
  assert.equal((await read(virtual)).status, 200);
  await lab.master.addAgent({ host: '10.0.1.99', public: false });
  const other = lab.master.agentAt('10.0.1.99').id;
  const answer = await ask(`${lab.url}/agent/${other}/files/read?path=${virtual}`, {
    headers: { authorization: `token=${lab.token}` },
  });
  assert.equal(answer.status, 404);
});
