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
import program from './libnetwork.py';
import script from './script.sh';

export const libnetwork: Step = {
  name: 'libnetwork',
  title: 'libnetwork',
  isEnabled: (options) => options.libnetwork.enable,
  script: assemble('libnetwork', script, etcd, systemd, engine, container, adopt, absent, name, program),
  environment: (options, mode) => ({
    ...modeEnvironment(mode),
    ...etcdEnvironment(options),
    ...containerEnvironment(options, options.libnetwork['override-libnetwork-image'], options.libnetwork),
  }),
  resources: (options) => ({ cpus: options.libnetwork['cpu-limit'], mem: options.libnetwork['mem-limit'] }),
  ports: () => [],
};
