// Taking over what an earlier Calico runs, cut off at any point: the next run completes it, and what runs as wanted runs throughout.
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Bench } from './bench.ts';
import { testKilled } from './killed.ts';
import { optionsWith } from './options.ts';

const options = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };
const env = ['NODENAME=agent-one', 'ETCD_ENDPOINTS=http://10.0.0.11:2379', 'FELIX_IGNORELOOSERPF=true'];
const binds = ['/var/run/calico:/var/run/calico'];
const asWanted = {
  name: 'calico-node',
  image: defaultOptions().node['override-node-image'],
  env: [...env, 'CALICO_LIBNETWORK_ENABLED=false'],
  binds,
};
const UNIT = `[Service]
ExecStartPre=-/usr/bin/docker rm -f calico-node
ExecStart=/usr/bin/docker run --net=host --privileged --name=calico-node ${asWanted.env.map((each) => `-e ${each}`).join(' ')} -v ${binds[0]} ${asWanted.image}
ExecStop=-/usr/bin/docker stop calico-node
Restart=always

[Install]
WantedBy=multi-user.target
`;

/** What runs there has come up: what it does by itself is nothing that a step did. */
const prepare = async (bench: Bench): Promise<void> => {
  while (!bench.world.keys.has('/calico/felix/v1/host/agent-one/status'))
    await new Promise((resolve) => setTimeout(resolve, 5));
};

testKilled({
  step: 'node',
  mode: 'present',
  options,
  prepare,
  host: { docker: { daemonJson: STORE, containers: [asWanted] } },
  running: 'calico-node',
});
testKilled({
  step: 'node',
  mode: 'present',
  options,
  prepare,
  host: { docker: { daemonJson: STORE }, files: { '/etc/systemd/system/calico-node.service': UNIT } },
  running: 'calico-node',
});
testKilled({
  step: 'node',
  mode: 'present',
  options,
  prepare,
  host: {
    docker: {
      daemonJson: STORE,
      containers: [{ name: 'calico-node', image: 'calico/node:v1.0.0', env, binds }],
    },
  },
});
testKilled({
  step: 'cni',
  mode: 'present',
  options,
  host: {
    files: {
      '/opt/mesosphere/etc/dcos/network/cni/10-calico.conf': '{"name": "calico", "type": "calico"}\n',
    },
  },
});
