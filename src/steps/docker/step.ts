import { etcdEnvironment, modeEnvironment } from '../environment.ts';
import absent from '../host/absent.py';
import engine from '../host/engine.py';
import etcd from '../host/etcd.py';
import systemd from '../host/systemd.py';
import { assemble } from '../program.ts';
import type { Step } from '../types.ts';
import { clusterStore } from './cluster-store.ts';
import daemonFile from './daemon-file.py';
import program from './docker.py';
import interrupts from './interrupts.py';
import off from './off.py';
import restart from './restart.py';
import script from './script.sh';

export const docker: Step = {
  name: 'docker',
  title: 'Docker',
  isEnabled: (options) => options.docker.enable,
  script: assemble(
    'docker',
    script,
    etcd,
    systemd,
    engine,
    absent,
    daemonFile,
    interrupts,
    restart,
    program,
    off,
  ),
  environment: (options, mode) => ({
    ...modeEnvironment(mode),
    ...etcdEnvironment(options),
    DCOS_CALICO_CLUSTER_STORE: clusterStore(options),
    DCOS_CALICO_STORE_OVERRIDDEN: String(options.docker['override-docker-cluster-store'] !== ''),
    DCOS_CALICO_ADVERTISE_PORT: String(options.docker['cluster-advertise-port']),
    DCOS_CALICO_REPLACE_STORE: String(options.docker['replace-cluster-store']),
    DCOS_CALICO_APPLY_OTHER_CHANGES: String(options.docker['apply-other-changes']),
  }),
  resources: (options) => ({ cpus: options.docker['cpu-limit'], mem: options.docker['mem-limit'] }),
  ports: () => [],
};
