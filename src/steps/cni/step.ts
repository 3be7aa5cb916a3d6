import { artifactEnvironment, etcdEnvironment, modeEnvironment } from '../environment.ts';
import absent from '../host/absent.py';
import artifacts from '../host/artifacts.py';
import etcd from '../host/etcd.py';
import name from '../host/name.py';
import systemd from '../host/systemd.py';
import { assemble } from '../program.ts';
import type { Step } from '../types.ts';
import agent from './agent.py';
import program from './cni.py';
import moved from './moved.py';
import off from './off.py';
import script from './script.sh';

export const cni: Step = {
  name: 'cni',
  title: 'CNI',
  isEnabled: (options) => options.cni.enable,
  script: assemble('cni', script, etcd, systemd, artifacts, absent, name, agent, moved, program, off),
  environment: (options, mode) => ({
    ...modeEnvironment(mode),
    ...etcdEnvironment(options),
    ...artifactEnvironment(options, ['calico', 'calico-ipam']),
    DCOS_CALICO_CNI_PLUGINS_DIR: options.cni['cni-plugins-dir'],
    DCOS_CALICO_CNI_CONFIG_DIR: options.cni['cni-config-dir'],
    DCOS_CALICO_CNI_NETWORK: options.cni['network-name'],
  }),
  resources: (options) => ({ cpus: options.cni['cpu-limit'], mem: options.cni['mem-limit'] }),
  ports: () => [],
};
