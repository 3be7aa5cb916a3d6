// Thousands of agents: in virtual time, with bounded work, and nothing that ticks when all is quiet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, CHECK, Cluster, HEALTH_CHECK } from './cluster.ts';

const AGENTS = 5000;
const STEPS = ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'];

test('five apps on 5,000 agents', async () => {
  const cluster = await Cluster.of('1.11', AGENTS);
  const apps = STEPS.map((id) =>
    app({ id, instances: AGENTS, cpus: 0.02, check: CHECK, healthChecks: [HEALTH_CHECK] }),
  );
  const cpu = process.cpuUsage();
  await cluster.ask('PUT', '/v2/groups/calico', { enforceRole: false, apps });
  let seconds = 0;
  while ((await cluster.deployments()).length > 0) {
    cluster.pass(5);
    seconds += 5;
    assert.ok(seconds <= 1200, 'deployed within twenty minutes of the cluster');
  }
  const { user, system } = process.cpuUsage(cpu);
  assert.ok((user + system) / 1e6 < 30, `${(user + system) / 1e6} s of CPU`);

  const began = performance.now();
  const embed = ['groups', 'apps', 'apps.tasks', 'apps.counts', 'apps.deployments', 'apps.lastTaskFailure'];
  const response = await cluster.marathon.handle({
    method: 'GET',
    path: '/v2/groups/calico',
    query: new URLSearchParams(embed.map((name) => ['embed', `group.${name}`])),
    headers: {},
    body: '',
  });
  const took = performance.now() - began;
  assert.ok(took < 3000, `${took} ms for the group with all its tasks`);
  const { apps: read } = JSON.parse(String(response.body));
  for (const { tasks, tasksHealthy } of read) {
    assert.equal(tasksHealthy, AGENTS);
    assert.equal(new Set(tasks.map(({ host }: { host: string }) => host)).size, AGENTS, 'one on each agent');
  }

  const idle = process.cpuUsage();
  cluster.pass(24 * 3600);
  const rest = process.cpuUsage(idle);
  assert.ok((rest.user + rest.system) / 1e6 < 1, 'a quiet day costs nothing');
});
