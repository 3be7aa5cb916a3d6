// Repairs on the lab: who went bad, joined or was replaced, and what blocks them; nobody else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import type { SimulatedRunner } from '../../src/lab/simulated/runner.ts';
import { readStatus } from '../../src/rollout/install.ts';
import { toRepair } from '../../src/status/to-repair.ts';
import { clusterOf, install, onBoth, prepare, timeOf, withLab } from './on-lab.ts';

const request = async (lab: Lab, named: string[] = []) => ({
  plan: { repair: toRepair(await readStatus(clusterOf(lab), timeOf(lab)), named) },
});
const repair = async (lab: Lab, named: string[] = []) => install(lab, { plan: await request(lab, named) });
const faultsOf = (lab: Lab, host: string) => (lab.runner as SimulatedRunner).host(host)!;

onBoth('a failed agent is brought back, and one that drifted; no other has a turn', (dcos) =>
  withLab({ dcos }, async (lab) => {
    faultsOf(lab, '10.0.1.14').faults = {
      steps: { node: { failAfterWork: 'it does not come up', times: 1 } },
    };
    await install(lab, { sources: { set: ['rollout.canary=10.0.1.11'] } });
    faultsOf(lab, '10.0.1.12').faults = {
      steps: { cni: { drift: { after: 1, reason: 'another has written calico.cni' } } },
    };
    await lab.sleep(120_000);
    const { plan } = await prepare(lab, {}, await request(lab));
    const hosts = plan.repairs!.map(({ agent }) => agent.host);
    assert.ok(hosts.includes('10.0.1.12'), JSON.stringify(plan.repairs));
    assert.equal(plan.kind, 'repair');
    assert.ok(hosts.every((host) => ['10.0.1.12', '10.0.1.14'].includes(host)));
    faultsOf(lab, '10.0.1.12').faults = {};
    const { summary, events } = await repair(lab);
    assert.equal(summary.exit, 0, summary.what);
    const touched = events.flatMap((event) =>
      event.type === 'wave began' ? event.agents.map(({ host }) => host) : [],
    );
    assert.ok(touched.every((host) => ['10.0.1.12', '10.0.1.14'].includes(host)));
  }),
);

onBoth('an agent that joined is covered; those that wait for a rollout to go on are left to it', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab, { pauseAfterCanary: true });
    await lab.sleep(10_000);
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    await lab.sleep(10_000);
    const { events } = await repair(lab);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'wave began' ? event.agents.map(({ host }) => host) : [])),
      ['10.0.1.90'],
    );
  }),
);

test('what a deployment that was cancelled by force has left is taken up again', () =>
  withLab({ dcos: '2.0' }, async (lab) => {
    await install(lab);
    const { http, marathon } = clusterOf(lab);
    const path = '/service/marathon/v2/apps/calico/cni';
    await http.send({ method: 'PUT', path, body: { cpus: 0.5 } });
    await http.send({ method: 'PUT', path, query: [['force', true]], body: { cpus: 0.02 } });
    const open = (await marathon.deployments()).find(({ affectedApps }) =>
      affectedApps.includes('/calico/cni'),
    );
    await http.send({
      method: 'DELETE',
      path: `/service/marathon/v2/deployments/${open!.id}`,
      query: [['force', true]],
    });
    await lab.sleep(30_000);
    const app = (await marathon.app('/calico/cni'))!;
    assert.ok(
      app.tasks!.length < 6 ||
        app.tasks!.some(({ version }) => version < app.versionInfo!.lastConfigChangeAt),
      'the app is not as it should be',
    );
    const { prepared, summary } = await repair(lab);
    assert.deepEqual(prepared.plan.takenUp, ['cni']);
    assert.equal(summary.exit, 0, summary.what);
    const after = (await marathon.app('/calico/cni'))!;
    assert.ok(after.tasks!.every(({ version }) => version >= after.versionInfo!.lastConfigChangeAt));
  }));

onBoth('nothing to repair is said, and writes nothing', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const { plan } = await prepare(lab, {}, await request(lab));
    assert.equal(plan.kind, 'nothing');
    assert.deepEqual(
      lab.requests().filter(({ method }) => method !== 'GET'),
      [],
    );
  }),
);
