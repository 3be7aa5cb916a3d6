// The addresses of etcd, its certificates, and whether it answers an agent.
import { defaultOptions } from '../../options/defaults.ts';
import type { Options } from '../../options/types.ts';
import type { Context, EndpointTest, Question } from '../types.ts';
import { etcdPackage, etcdWay, WITHOUT_TLS } from './etcd.ts';
import { listed, NONE } from './lists.ts';

const named = (context: Context) => ['proxy', 'static'].includes(etcdWay(context));

/** The URLs that are named; none where the record names them. */
export function endpointsOf({ etcd }: Options): string[] {
  return etcd['run-proxy'] ? etcd['proxy-endpoints'] : listed(etcd['etcd-endpoints']);
}

/** Tells one set of endpoints, certificates included, from another. */
export function testKey(options: Options): string {
  const { 'ca-file': ca, 'cert-file': cert, 'key-file': key } = options.etcd;
  return [...endpointsOf(options), ca, cert, key].join(' ');
}

/** The virtual address that the service's definition gives its client port (MaibornWolff/dcos-etcd, svc.yml). */
function virtualAddress({ found }: Context): string | undefined {
  const installed = etcdPackage(found);
  if (!installed || installed.publishes) return undefined;
  return `http://api.${installed.id.replaceAll('/', '')}.l4lb.thisdcos.directory:2379`;
}

const isTls = (context: Context) =>
  named(context) && endpointsOf(context.options).some((url) => url.startsWith('https:'));

export const endpoints: Question = {
  id: 'endpoints',
  normal: (answer) => listed(answer).join(','),
  title: 'Addresses of etcd',
  paths: ['etcd.etcd-endpoints', 'etcd.proxy-endpoints'],
  isSet: (given) => given('etcd.etcd-endpoints') || given('etcd.proxy-endpoints'),
  prompt: 'Client URLs of etcd, with commas between them:',
  isOpen: named,
  text: (context) => [
    'As every agent reaches them, each with its port, for example http://10.0.0.5:2379,http://10.0.0.6:2379. All members of the cluster is best: one of them that answers is enough.',
    etcdWay(context) === 'proxy'
      ? 'On the agents: the proxy forwards localhost:2379 to these; nothing else learns them.'
      : "On the agents: Docker's cluster store, the CNI network, libnetwork and calico/node name these.",
    'No user and no password belongs in a URL: options are kept in clear text.',
  ],
  suggest(context) {
    const value = virtualAddress(context);
    return value
      ? { value, why: 'the package that is installed answers there' }
      : { value: undefined, why: '' };
  },
  current: (options) => {
    const text = endpointsOf(options).join(',');
    return text === defaultOptions().etcd['etcd-endpoints'] ? undefined : text || undefined;
  },
  read: (answer, context) => {
    const urls = listed(answer).map((url) => url.replace(/\/$/, ''));
    if (urls.length === 0) return { wrong: 'No URL is named.' };
    const tls = urls.some((url) => url.startsWith('https:')) ? {} : WITHOUT_TLS;
    if (etcdWay(context) === 'static') return { settings: { 'etcd.etcd-endpoints': urls.join(','), ...tls } };
    return { settings: { 'etcd.proxy-endpoints': urls, ...tls } };
  },
};

export const caFile: Question = {
  id: 'ca-file',
  title: 'Certificates of etcd',
  paths: ['etcd.ca-file'],
  prompt: 'File with the CA certificates, on every agent:',
  isOpen: isTls,
  text: () => [
    'Against these etcd is checked. The file must be on every agent before the install: it is never copied, carried or printed.',
  ],
  suggest: () => ({ value: undefined, why: '' }),
  current: ({ etcd }) => etcd['ca-file'] || undefined,
  read: (answer) => ({ settings: { 'etcd.ca-file': answer } }),
};

export const clientFiles: Question = {
  id: 'client-files',
  normal: (answer) => listed(answer).join(','),
  title: 'Certificate for etcd',
  paths: ['etcd.cert-file', 'etcd.key-file'],
  isSet: (given) => given('etcd.cert-file'),
  prompt: `Certificate and key on every agent, CERT,KEY, or ${NONE}:`,
  isOpen: isTls,
  text: () => [
    'What agents show etcd, if it asks for it: the paths of two files with a comma between them. Their content never leaves the agent.',
  ],
  suggest: () => ({ value: NONE, why: 'not every etcd asks for a certificate' }),
  current: ({ etcd }) => (etcd['cert-file'] === '' ? undefined : `${etcd['cert-file']},${etcd['key-file']}`),
  read: (answer) => {
    const files = answer === NONE ? ['', ''] : listed(answer);
    if (files.length !== 2) return { wrong: `Two paths with a comma between them, or ${NONE}.` };
    return { settings: { 'etcd.cert-file': files[0], 'etcd.key-file': files[1] } };
  },
};

export const test: Question = {
  id: 'test',
  title: 'Does etcd answer an agent?',
  paths: [],
  isSet: () => false,
  prompt: 'Ask etcd from an agent?',
  isOpen: (context) =>
    named(context) && context.found.testFrom !== undefined && endpointsOf(context.options).length > 0,
  text: ({ found }) => [
    `A task, /calico/ops/endpoints, would start on the agent ${found.testFrom} (0.02 CPU, 32 MiB) and ask each URL with curl. It changes nothing there, and is removed afterwards, whatever comes of it.`,
  ],
  suggest: () => ({ value: 'yes', why: 'an address that is wrong shows now, not in the first wave' }),
  choices: () => [
    { value: 'yes', name: 'Ask it', effect: 'It takes some seconds.' },
    { value: 'no', name: 'Do without', effect: 'Nothing is started. The steps find out on each agent.' },
  ],
  current: () => undefined,
  read: () => ({ settings: {} }),
};

export function answersAll(result: EndpointTest | undefined): boolean {
  return result !== undefined && !result.failed && result.endpoints.every(({ answers }) => answers);
}

export const unreachable: Question = {
  id: 'unreachable',
  title: 'Not every address answers',
  paths: [],
  isSet: () => false,
  prompt: 'How to go on?',
  isOpen: (context) =>
    context.answers.test === 'yes' && context.test !== undefined && !answersAll(context.test),
  text: ({ test: result }) => [
    result!.failed ? `Nothing can be said about it: ${result!.failed}.` : `From the agent ${result!.agent}:`,
    ...result!.endpoints.map(({ url, answers, what }) => `${url}: ${answers ? 'answers' : what}`),
  ],
  suggest: ({ test: result }) =>
    result!.failed
      ? { value: 'keep', why: 'the steps find out on each agent before they change anything' }
      : {
          value: 'other',
          why: 'agents that cannot reach etcd would wait, and the canary would stop the install',
        },
  choices: () => [
    { value: 'other', name: 'Name other addresses', effect: 'Back to that question.' },
    { value: 'again', name: 'Ask again', effect: 'The same task, once more.' },
    { value: 'keep', name: 'Keep them as they are', effect: 'If etcd is not up yet, the steps wait for it.' },
  ],
  current: () => undefined,
  read: () => ({ settings: {} }),
};
