// The simulated preflight: an ordinary agent, on which the steps would stop where its faults say so.
import type { StepName } from '../../steps/state.ts';
import type { SimulatedHost } from './host.ts';
import type { Report, SimulatedTask } from './task.ts';

/** What a host of the model is like, where its `faults.facts` do not say otherwise. */
function facts(host: SimulatedHost): Record<string, unknown> {
  return {
    tools: { python: '3.6.8', curl: 'curl 7.29.0', missing: [] },
    systemd: { version: 219, means: ['busctl', 'dbus-send', 'systemctl'], why: '' },
    native: false,
    kernel: { release: '3.10.0-1160.el7.x86_64', missing: [], lacks: [] },
    cgroups: 'legacy',
    iptables: 'iptables v1.4.21',
    rpFilter: 2,
    memory: 8000,
    networks: [`${host.address.split('.').slice(0, 3).join('.')}.0/24`, '172.17.0.0/16'],
    clock: host.faults.clockAhead ?? 0,
    docker: {
      unit: 'active',
      onDisk: '19.03.15',
      flag: '',
      file: '/etc/docker/daemon.json',
      there: false,
      valid: true,
      answers: true,
      why: '',
      version: '19.03.15',
      store: host.store(),
      swarm: 'inactive',
      liveRestore: false,
      root: '/var/lib/docker',
      before: {},
      others: [],
      pending: [],
    },
    disk: { '/var/lib': 20480, '/opt': 20480, '/var/lib/docker': 20480 },
    containers: { count: 0, running: [] },
    ports: { 2379: '', 179: '' },
    etcd: { asked: [], pools: [] },
    cni: { elsewhere: '', network: 'calico', sameName: [] },
    earlier: { containers: [], units: [], files: [], kernel: [] },
    ...host.faults.facts,
  };
}

const OTHER_STORE =
  'Docker has another store than is wanted, and takes the new one only when it is restarted';

/** What each step would do on an ordinary host, in its own words, the longest lists shortened. */
const WOULD: Record<StepName, string[]> = {
  'etcd-proxy': [
    'write the unit dcos-calico-etcd-proxy.service',
    'fetch etcd',
    'start dcos-calico-etcd-proxy.service',
  ],
  docker: ['write the cluster store into /etc/docker/daemon.json', 'have Docker reload'],
  cni: [
    'write the unit dcos-calico-cni.service',
    'fetch calico',
    'write /opt/mesosphere/active/cni/calico',
    'fetch calico-ipam',
    'write /opt/mesosphere/active/cni/calico-ipam',
    'write /opt/mesosphere/etc/dcos/network/cni/calico.cni',
  ],
  libnetwork: ['write the unit dcos-calico-libnetwork.service', 'start the container calico-libnetwork'],
  node: ['write the unit dcos-calico-node.service', 'start the container calico-node'],
};

export function preflightReport(host: SimulatedHost, { info: { env } }: SimulatedTask): Report {
  const names = (env.DCOS_CALICO_STEPS ?? '').split(' ').filter(Boolean) as StepName[];
  const steps = Object.fromEntries(
    names.map((name) => {
      const { fail = '', restart = '' } = host.faults.steps?.[name] ?? {};
      const other =
        name === 'docker' && host.store() !== '' && host.store() !== env.DCOS_CALICO_CLUSTER_STORE;
      const pending = host.isDone(name) && !other ? '' : restart || (other ? OTHER_STORE : '');
      if (pending && !fail)
        return [
          name,
          {
            state: 'restart pending',
            reason: pending,
            would: [`Sets ${name} up`],
            needs: [`restart ${name}`],
          },
        ];
      const would = fail || host.isDone(name) ? [] : WOULD[name];
      const state = fail ? 'failed' : host.isDone(name) ? 'ready' : 'waiting for turn';
      return [name, { state, reason: fail, would, needs: [] }];
    }),
  );
  const stopped = Object.values(steps).filter(({ state }) => state === 'failed');
  return {
    state: stopped.length > 0 ? 'failed' : host.faults.facts ? 'drifted' : 'ready',
    reason: stopped.map(({ reason }) => reason).join('; '),
    detail: { steps, unknown: {} },
    found: facts(host),
  };
}
