import { artifactEnvironment, modeEnvironment, proxyEnvironment } from '../environment.ts';
import absent from '../host/absent.py';
import artifacts from '../host/artifacts.py';
import engine from '../host/engine.py';
import etcd from '../host/etcd.py';
import systemd from '../host/systemd.py';
import { assemble } from '../program.ts';
import type { Step } from '../types.ts';
import program from './etcd-proxy.py';
import script from './script.sh';

export const etcdProxy: Step = {
  name: 'etcd-proxy',
  title: 'etcd proxy',
  isEnabled: (options) => options.etcd['run-proxy'],
  script: assemble('etcd-proxy', script, etcd, systemd, engine, artifacts, absent, program),
  environment: (options, mode) => ({
    ...modeEnvironment(mode),
    ...proxyEnvironment(options),
    ...artifactEnvironment(options, ['etcd']),
  }),
  resources: ({ etcd }) => ({ cpus: etcd['cpu-limit'], mem: etcd['mem-limit'] }),
  // Mesos would else hand the port to somebody's task.
  ports: () => [{ port: 2379, name: 'etcd' }],
};
