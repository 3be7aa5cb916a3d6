// Docker's cluster store, and who uses it.
import { endpoints, isLocalHost } from '../addresses.ts';
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule, the, warning } from './context.ts';

const ENABLE = 'docker.enable';
const STORE = 'docker.override-docker-cluster-store';
const ENDPOINTS = 'etcd.etcd-endpoints';

export const storeRules: Rule = ({ options }) => {
  const { docker, etcd } = options;
  const store = docker['override-docker-cluster-store'];
  if (!docker.enable) {
    if (store === '') return [];
    return [
      contradiction({
        at: [STORE, ENABLE],
        what: `${is(options, STORE)}, but ${is(options, ENABLE)}: Docker's configuration is left alone`,
        remedy: `Set ${ENABLE} to true, or leave ${STORE} out`,
      }),
    ];
  }
  const members = endpoints(etcd['etcd-endpoints']);
  const stores = endpoints(store);
  const problems: OptionProblem[] = [];
  const tls = members.filter((member) => member.scheme === 'https');
  const same = (a: { host: string; port?: number }, b: { host: string; port?: number }): boolean =>
    a.host === b.host && a.port === b.port;
  // The step gives Docker a store and an address, not certificates (`cluster-store-opts`).
  if (store === '' && tls.length > 0) {
    problems.push(
      contradiction({
        at: [ENABLE, ENDPOINTS],
        what: `${is(options, ENABLE)}, and Docker's store is derived from ${ENDPOINTS}, which uses https://, but Docker is given no certificates`,
        remedy: `Forward through the proxy (etcd.run-proxy true, ${ENDPOINTS} left out, the https:// members in etcd.proxy-endpoints), name another store in ${STORE}, or set ${ENABLE} to false`,
      }),
    );
  }
  if (stores[0]?.scheme === 'etcd' && tls.some((member) => stores.some((other) => same(member, other)))) {
    problems.push(
      contradiction({
        at: [STORE, ENDPOINTS],
        what: `${the(options, STORE)} is the etcd that ${ENDPOINTS} reaches by https://, but Docker is given no certificates`,
        remedy: `Name a store without TLS in ${STORE}`,
      }),
    );
  } else if (
    stores[0]?.scheme === 'etcd' &&
    !stores.some((other) => members.some((member) => same(member, other)))
  ) {
    problems.push(
      warning('two-stores', {
        at: [STORE, ENDPOINTS],
        what: `${the(options, STORE)} is another etcd than ${ENDPOINTS}: Docker's networks and Calico's addresses are kept in two places`,
      }),
    );
  }
  if (stores.some((other) => other.scheme !== 'etcd' && isLocalHost(other.host))) {
    problems.push(
      warning('needs-own', {
        at: [STORE],
        what: `${is(options, STORE)}: every agent needs that server itself, and all of them must hold the same data`,
      }),
    );
  }
  const path = /^zk:\/\/[^/]+\/(mesos|marathon|dcos|metronome|cosmos|exhibitor)\/?$/.exec(store)?.[1];
  if (path) {
    problems.push({
      level: 'error',
      code: 'not-allowed',
      path: STORE,
      what: `${is(options, STORE)}, but /${path} in ZooKeeper belongs to DC/OS itself`,
      remedy: 'Take another path, such as /docker',
    });
  }
  return problems;
};

export const libnetworkRules: Rule = ({ options }) => {
  const { docker, libnetwork } = options;
  if (libnetwork.enable && !docker.enable) {
    return [
      warning('needs-own', {
        at: ['libnetwork.enable', ENABLE],
        what: `${is(options, 'libnetwork.enable')}, but ${is(options, ENABLE)}: Docker networks of Calico need a cluster store on every agent`,
        remedy: `See to it that Docker has one, set ${ENABLE} to true, or set libnetwork.enable to false`,
      }),
    ];
  }
  if (!libnetwork.enable && docker.enable) {
    return [
      warning('no-effect', {
        at: [ENABLE, 'libnetwork.enable'],
        what: `${is(options, ENABLE)}, but ${is(options, 'libnetwork.enable')}: Docker gets a cluster store on every agent, and no Calico network in it`,
        remedy: `Set ${ENABLE} to false too, unless other networks of yours need the store`,
      }),
    ];
  }
  return [];
};
