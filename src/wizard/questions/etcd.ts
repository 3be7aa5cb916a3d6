// Where etcd is. Asked only where no record was found.
import type { PackagedApp } from '../../checks/types.ts';
import { members } from '../layers.ts';
import type { Choice, Context, Found, Question } from '../types.ts';

export type EtcdWay = 'record' | 'package' | 'proxy' | 'static';

/** The only versions of the Universe package etcd that publish the record which the proxy reads (facts of the packages: 0.1.0 has none). */
const WITH_RECORD = /^0\.0\./;
export const INSTALL_ETCD = 'dcos package install etcd --package-version=0.0.3';

export function etcdPackage({ packages }: Found): (PackagedApp & { publishes: boolean }) | undefined {
  const found = 'value' in packages ? packages.value.filter(({ name }) => name === 'etcd') : [];
  const one = found.find(({ version }) => WITH_RECORD.test(version)) ?? found[0];
  return one && { ...one, publishes: WITH_RECORD.test(one.version) };
}

/** What was said about certificates means nothing to an etcd without TLS. */
export const WITHOUT_TLS = { 'etcd.ca-file': '', 'etcd.cert-file': '', 'etcd.key-file': '' };

/** How agents find etcd, as the options stand. */
export function etcdWay({ answers, options: { etcd } }: Pick<Context, 'answers' | 'options'>): EtcdWay {
  if (answers.etcd) return answers.etcd as EtcdWay;
  if (!etcd['run-proxy']) return 'static';
  return etcd['proxy-endpoints'].length > 0 ? 'proxy' : 'record';
}

function choices({ found }: Context): Choice[] {
  const installed = etcdPackage(found);
  const all: Choice[] = [];
  if (members(found).length > 0)
    all.push({
      value: 'record',
      name: `The etcd that _etcd-server._tcp.${found.record.domain} names`,
      effect: 'A proxy on every agent (a systemd unit) forwards localhost:2379 to it.',
    });
  else if (!installed || installed.publishes)
    all.push({
      value: 'package',
      name: installed
        ? `The etcd package that is installed, ${installed.version}, once it is up`
        : 'The package etcd of the Universe, version 0.0.3, which you install first',
      effect:
        'Its versions 0.0.2 and 0.0.3 publish the SRV record, 0.1.0 does not. A proxy on every agent (a systemd unit) reads it, and forwards localhost:2379 wherever the members go.',
    });
  all.push(
    {
      value: 'proxy',
      name: 'An etcd of yours, behind a proxy on every agent',
      effect: `The proxy forwards localhost:2379 to the addresses that you name next. If they ever change, only the proxy restarts.${
        installed && !installed.publishes ? ' On agents that run the package etcd, port 2379 is taken.' : ''
      }`,
    },
    {
      value: 'static',
      name: 'An etcd of yours, without a proxy',
      effect:
        'Docker and Calico on every agent use the addresses that you name next. One unit fewer, but if they ever change, Docker has to restart on every agent.',
    },
  );
  return all;
}

function why({ record, ...found }: Found): string {
  const name = `_etcd-server._tcp.${record.domain}`;
  if ('unknown' in record.members) return `Whether there is a record ${name} could not be asked.`;
  const installed = etcdPackage({ record, ...found });
  if (!installed) return `No etcd was found: there is no record ${name}.`;
  return installed.publishes
    ? `The package etcd ${installed.version} is installed, but there is no record ${name} yet.`
    : `The package etcd ${installed.version} is installed. It publishes no record ${name}, and listens on port 2379 of its own agents.`;
}

export const etcd: Question = {
  id: 'etcd',
  title: 'etcd',
  paths: ['etcd.run-proxy'],
  prompt: 'Where is etcd?',
  isOpen: (context) =>
    context.given.etcd !== undefined ||
    etcdWay({ ...context, answers: {} }) !== 'record' ||
    members(context.found).length === 0,
  text: ({ found }) => [
    `Calico keeps its data in etcd, and so does Docker its networks; both speak the v2 API. ${members(found).length > 0 ? '' : `${why(found)} `}DC/OS 2.1 and later bring an etcd of their own, which runs with a Calico of their own; on this DC/OS ${found.dcosVersion} neither runs.`,
  ],
  suggest({ found }) {
    if (members(found).length > 0) return { value: 'record', why: 'it is there already' };
    const installed = etcdPackage(found);
    if (!installed) return { value: 'package', why: 'it takes one command, and addresses need not be kept' };
    return installed.publishes
      ? { value: 'package', why: 'it is on its way: its record appears when its members run' }
      : { value: 'static', why: 'its address, a virtual one of DC/OS, stays the same' };
  },
  choices,
  current: (options) => {
    const way = etcdWay({ answers: {}, options });
    return way === 'record' ? undefined : way;
  },
  read: (answer) => {
    if (answer === 'static') return { settings: { 'etcd.run-proxy': false, 'etcd.proxy-endpoints': [] } };
    const proxy = { 'etcd.run-proxy': true, 'etcd.etcd-endpoints': 'http://localhost:2379' };
    if (answer === 'proxy') return { settings: proxy };
    return { settings: { ...proxy, 'etcd.proxy-endpoints': [], ...WITHOUT_TLS } };
  },
};
