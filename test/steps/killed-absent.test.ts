import type { StepName } from '../../src/steps/state.ts';
import type { Bench } from './bench.ts';
import { testKilled } from './killed.ts';
import { optionsWith } from './options.ts';

const options = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };

const installed = (step: StepName) => async (bench: Bench) => {
  await bench.giveTurn();
  await bench.bring(step, { options });
  await bench.endTurn();
};

testKilled({ step: 'etcd-proxy', mode: 'absent', options, prepare: installed('etcd-proxy') });
testKilled({
  step: 'docker',
  mode: 'absent',
  options,
  host: { docker: { daemonJson: { debug: false } } },
  prepare: installed('docker'),
  restart: async (bench) => {
    await bench.host.machine.systemd.restart('docker.service');
  },
});
testKilled({
  step: 'cni',
  mode: 'absent',
  options,
  host: {
    files: { '/opt/mesosphere/etc/dcos/network/cni/calico.cni': '{"name": "calico", "type": "calico"}\n' },
  },
  prepare: installed('cni'),
});
testKilled({
  step: 'libnetwork',
  mode: 'absent',
  options,
  host: { docker: { daemonJson: STORE } },
  prepare: installed('libnetwork'),
});
testKilled({ step: 'node', mode: 'absent', options, prepare: installed('node') });
