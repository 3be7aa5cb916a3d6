import { containerEnvironment, etcdEnvironment, modeEnvironment } from '../environment.ts';
import absent from '../host/absent.py';
import adopt from '../host/adopt.py';
import container from '../host/container.py';
import engine from '../host/engine.py';
import etcd from '../host/etcd.py';
import name from '../host/name.py';
import systemd from '../host/systemd.py';
import { assemble } from '../program.ts';
import type { Step } from '../types.ts';
import network from './network.py';
import program from './node.py';
import script from './script.sh';

export const node: Step = {
  name: 'node',
  title: 'calico/node',
  isEnabled: (options) => options.node.enable,
  script: assemble('node', script, etcd, systemd, engine, container, adopt, absent, name, network, program),
  environment: (options, mode) => ({
    ...modeEnvironment(mode),
    ...etcdEnvironment(options),
    ...containerEnvironment(options, options.node['override-node-image'], options.node),
    DCOS_CALICO_POOL_CIDR: options.node['pool-cidr'],
    DCOS_CALICO_IPIP: options.node.ipip,
    DCOS_CALICO_NAT_OUTGOING: String(options.node['nat-outgoing']),
    DCOS_CALICO_INTERFACE: options.node.interface,
    DCOS_CALICO_BACKEND: options.node['networking-backend'],
  }),
  resources: (options) => ({ cpus: options.node['cpu-limit'], mem: options.node['mem-limit'] }),
  ports: () => [],
};
