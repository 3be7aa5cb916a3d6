// A calico/node that was set up by hand, as Calico's page "as a service" has it, is taken over while it runs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { optionsWith } from '../steps/options.ts';
import { hosts, renew } from './hosts.ts';
import { ask, daemons, etcdValue, eventually, startOther } from './on-host.ts';
import { startStep, startTurn } from './step-task.ts';
import { takeOff } from './take-off.ts';

const IMAGE = defaultOptions().node['override-node-image'];

const unit = (endpoints: string, address: string): string => `[Unit]
Description=calico-node
After=docker.service
Requires=docker.service

[Service]
ExecStartPre=-/usr/bin/docker rm -f calico-node
ExecStart=/usr/bin/docker run --net=host --privileged --name=calico-node -e NODENAME=by-hand -e IP=${address} -e ETCD_ENDPOINTS=${endpoints} -e CALICO_LIBNETWORK_ENABLED=false -e FELIX_IGNORELOOSERPF=true -e WAIT_FOR_DATASTORE=true -v /var/run/calico:/var/run/calico -v /lib/modules:/lib/modules -v /var/log/calico:/var/log/calico ${IMAGE}
ExecStop=-/usr/bin/docker stop calico-node
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`;

test('7 a calico/node set up by hand goes on running while it is taken over, and comes back after a reboot', async () => {
  await renew();
  const all = await hosts();
  const machine = all.machines[0];
  const endpoints = all.machines.map(({ address }) => `http://${address}:${ETCD_CLIENT_PORT}`).join(',');
  const options = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': endpoints } });
  await machine.sh(`cat >/etc/systemd/system/calico-node.service <<'END'\n${unit(endpoints, machine.address)}END
mkdir -p /var/log/calico; systemctl daemon-reload; systemctl enable --now calico-node`);
  const container = () =>
    ask(
      machine,
      "docker inspect --format '{{.Id}} {{.State.Running}} {{.State.StartedAt}} {{.State.Pid}}' calico-node",
    );
  const report = (): Promise<string | undefined> =>
    etcdValue(
      machine,
      '/calico/felix/v1/host/by-hand/status',
      `http://${machine.address}:${ETCD_CLIENT_PORT}`,
    );
  await eventually('the node set up by hand', report, 60);
  const other = await startOther(machine);
  const [found, running] = [await container(), await daemons(machine)];

  const turn = startTurn(all, machine);
  const task = startStep(all, machine, 'node', { options });
  const ready = await task.until('ready', 90);
  assert.equal(ready.detail.adopted, 'the container calico-node runs as it was found');
  assert.equal(await container(), found, 'the same container, never stopped');
  assert.equal(await daemons(machine), running);
  await other();
  assert.equal((await machine.run(['systemctl', 'is-enabled', 'calico-node'])).stdout.trim(), 'disabled');
  assert.notEqual((await machine.run(['systemctl', 'is-active', 'calico-node'])).stdout.trim(), 'active');
  assert.equal(await ask(machine, 'systemctl is-active dcos-calico-node'), 'active');
  assert.equal(await ask(machine, 'cat /var/lib/dcos-calico/node-name'), 'by-hand');
  await Promise.all([task.stop(), turn.stop()]);

  await machine.reboot();
  await eventually('the container after the reboot', async () => (await container()).includes(' true '), 60);
  assert.equal((await container()).split(' ')[0], found.split(' ')[0], 'the same container, started again');
  assert.equal(await ask(machine, 'systemctl is-active dcos-calico-node'), 'active');
  await startStep(all, machine, 'node', { options }).until('ready', 90);

  await takeOff(all, machine, options, ['node']);
  assert.equal(await ask(machine, 'docker ps -aq --filter name=calico-node'), '');
  assert.ok(
    await ask(machine, 'cat /etc/systemd/system/calico-node.service'),
    'the file of the unit stays, out of service',
  );
});
