// Checks of how the agents find etcd.
import type { Check } from './types.ts';

/** The only revisions of the Universe package whose record the proxy can read are 0.0.2 and 0.0.3 (facts: revision 2 has none). */
const WITH_RECORD = 'dcos package install etcd --package-version=0.0.3';

export const etcdRecord: Check = {
  code: 'CAL1005',
  title: 'etcd for the proxy',
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
  look({ options, etcdRecords }) {
    if (etcdRecords) return [];
    const { 'run-proxy': proxy, 'proxy-endpoints': upstream, 'etcd-endpoints': direct } = options.etcd;
    return [
      {
        severity: 'informs',
        what: `Whether etcd answers at ${proxy ? upstream.join(', ') : direct} is decided on the agents`,
        remedy: [],
      },
    ];
  },
};
