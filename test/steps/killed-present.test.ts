import { testKilled } from './killed.ts';
import { optionsWith } from './options.ts';

const options = optionsWith({
  etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' },
});
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };

testKilled({ step: 'etcd-proxy', mode: 'present', options });
testKilled({ step: 'docker', mode: 'present', options, host: { docker: { daemonJson: { debug: false } } } });
testKilled({
  step: 'cni',
  mode: 'present',
  options,
  host: {
    files: { '/opt/mesosphere/etc/dcos/network/cni/calico.cni': '{"name": "calico", "type": "calico"}\n' },
  },
});
testKilled({ step: 'libnetwork', mode: 'present', options, host: { docker: { daemonJson: STORE } } });
testKilled({ step: 'node', mode: 'present', options });
