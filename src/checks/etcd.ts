// Checks of how the agents find etcd.
import { OR_EXCLUDE, onAgents } from './on-agents.ts';
import type { Check } from './types.ts';

/** The only revisions of the Universe package whose record the proxy can read are 0.0.2 and 0.0.3 (facts: revision 2 has none). */
const WITH_RECORD = 'dcos package install etcd --package-version=0.0.3';

export const etcdRecord: Check = {
  code: 'CAL1005',
  title: 'etcd for the proxy',
  from: 'The SRV record `_etcd-server._tcp.DOMAIN`, asked of Mesos-DNS.',
  means:
    'The proxy finds etcd by that record. Only the revisions 0.0.2 and 0.0.3 of the etcd package publish it; what DC/OS 1.11 and later install unasked does not.',
  remedy:
    '`dcos package install etcd --package-version=0.0.3`, or name the endpoints: etcd.proxy-endpoints, or etcd.run-proxy false with etcd.etcd-endpoints.',
  can: ['stops', 'warns'],
  explains: ['etcd-proxy'],
  look({ options, etcdRecords, packages }) {
    if (!etcdRecords) return [];
    const name = `_etcd-server._tcp.${options.etcd['etcd-discovery-url']}`;
    if ('unknown' in etcdRecords) {
      if (etcdRecords.forbidden) return [];
      return [
        {
          severity: 'warns',
          what: `Whether there is a record ${name} could not be asked: ${etcdRecords.unknown}`,
          remedy: ['Each agent asks for itself, and waits until there is one.'],
        },
      ];
    }
    if (etcdRecords.value.length > 0) return [];
    const etcd = 'value' in packages ? packages.value.filter((one) => one.name === 'etcd') : [];
    const later = etcd.find(({ version }) => !/^0\.0\./.test(version));
    return [
      {
        severity: 'stops',
        what: later
          ? `There is no record ${name}: the etcd package is installed as ${later.version}, which publishes none and listens on port 2379 of its hosts itself`
          : `There is no record ${name}, so the etcd proxy would find no etcd`,
        remedy: [
          ...(later ? [] : [`Install an etcd that publishes it: ${WITH_RECORD}`]),
          'Name the etcd behind the proxy: --set etcd.proxy-endpoints=http://HOST:2379,…',
          'Or do without the proxy: --set etcd.run-proxy=false --set etcd.etcd-endpoints=http://HOST:2379,…',
        ],
      },
    ];
  },
};

export const etcdEndpoints: Check = {
  code: 'CAL1006',
  title: 'etcd endpoints',
  from: 'From each agent: a quorum read through the v2 API at each URL of the options, or of the members behind the record.',
  means:
    'Docker and Calico 2.6 speak the v2 API of etcd, which 3.4 and later have only when they are started with --enable-v2. An agent that reaches no member has no network to join.',
  remedy:
    'Open the way from the agents to etcd (TCP 2379 and 2380), or correct etcd.proxy-endpoints and etcd.etcd-endpoints.',
  can: ['stops', 'warns', 'informs'],
  explains: ['etcd-proxy'],
  look(facts) {
    const { options, etcdRecords, hosts } = facts;
    const { 'run-proxy': proxy, 'proxy-endpoints': upstream, 'etcd-endpoints': direct } = options.etcd;
    if (!etcdRecords && !hosts)
      return [
        {
          severity: 'informs',
          what: `Whether etcd answers at ${proxy ? upstream.join(', ') : direct} is decided on the agents`,
          remedy: [],
        },
      ];
    return onAgents(facts, ({ etcd }) => {
      const silent = etcd.filter(({ answers }) => !answers);
      if (silent.length === 0) return undefined;
      return {
        severity: silent.length === etcd.length ? 'stops' : 'warns',
        what: `etcd does not answer at ${silent.map(({ url, what }) => `${url} (${what})`).join(', ')}`,
        remedy: ['Open the way from the agents to it, or correct the endpoints in the options.', OR_EXCLUDE],
      };
    });
  },
};
