// Where etcd is, and who forwards to it.
import { type Endpoint, endpoints, ipv4, isLocalHost } from '../addresses.ts';
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule, warning } from './context.ts';

const ENDPOINTS = 'etcd.etcd-endpoints';
const PROXY = 'etcd.run-proxy';
const UPSTREAM = 'etcd.proxy-endpoints';
const DISCOVERY = 'etcd.etcd-discovery-url';

/** The proxy listens on localhost:2379, in plain HTTP. */
const leadsToProxy = (endpoint: Endpoint): boolean =>
  endpoint.scheme === 'http' && isLocalHost(endpoint.host) && endpoint.port === 2379;

export const proxyRules: Rule = ({ options, given }) => {
  const { etcd } = options;
  const found = endpoints(etcd['etcd-endpoints']);
  const upstream = etcd['proxy-endpoints'].flatMap(endpoints);
  const problems: OptionProblem[] = [];
  if (etcd['run-proxy']) {
    if (!found.every(leadsToProxy)) {
      problems.push(
        contradiction({
          at: [PROXY, ENDPOINTS],
          what: `${is(options, PROXY)}, but ${is(options, ENDPOINTS)}, which does not lead to the proxy`,
          remedy: `Set ${PROXY} to false to use these endpoints, or leave ${ENDPOINTS} at http://localhost:2379. What the proxy itself forwards to stands in ${UPSTREAM}`,
        }),
      );
    }
    if (upstream.some((endpoint) => isLocalHost(endpoint.host) && endpoint.port === 2379)) {
      problems.push(
        contradiction({
          at: [UPSTREAM, PROXY],
          what: `${UPSTREAM} names localhost:2379, but ${is(options, PROXY)} and the proxy itself listens there: it would forward to itself`,
          remedy: `Name the members of the etcd cluster in ${UPSTREAM}`,
        }),
      );
    }
    if (upstream.length > 0 && given(DISCOVERY)) {
      problems.push(
        warning('not-used', {
          at: [DISCOVERY, UPSTREAM],
          what: `${DISCOVERY} is not used: ${UPSTREAM} names the members that the proxy forwards to`,
        }),
      );
    }
    return problems;
  }
  if (upstream.length > 0) {
    problems.push(
      contradiction({
        at: [UPSTREAM, PROXY],
        what: `${UPSTREAM} names members to forward to, but ${is(options, PROXY)}`,
        remedy: `Set ${PROXY} to true, or write the members into ${ENDPOINTS} and leave ${UPSTREAM} out`,
      }),
    );
  }
  if (found.some((endpoint) => isLocalHost(endpoint.host))) {
    problems.push(
      warning('needs-own', {
        at: [PROXY, ENDPOINTS],
        what: `${is(options, PROXY)}, but ${is(options, ENDPOINTS)}: every agent needs an etcd or a proxy of your own there`,
        remedy: `Name the etcd cluster in ${ENDPOINTS}, unless one runs on every agent`,
      }),
    );
  }
  if (given(DISCOVERY)) {
    problems.push(
      warning('not-used', {
        at: [DISCOVERY, PROXY],
        what: `${DISCOVERY} is not used: only the proxy reads the SRV record, and ${is(options, PROXY)}`,
      }),
    );
  }
  return problems;
};

const FILES = ['etcd.ca-file', 'etcd.cert-file', 'etcd.key-file'] as const;

export const tlsRules: Rule = ({ options }) => {
  const { etcd } = options;
  const problems: OptionProblem[] = [];
  const all = {
    [ENDPOINTS]: endpoints(etcd['etcd-endpoints']),
    [UPSTREAM]: etcd['proxy-endpoints'].flatMap(endpoints),
  };
  for (const [path, found] of Object.entries(all)) {
    const schemes = new Set(found.map((endpoint) => endpoint.scheme));
    if (schemes.size > 1) {
      problems.push(
        contradiction({
          at: [path],
          what: `${path} mixes http:// and https://, but one etcd cluster speaks one of them`,
          remedy: 'Write the same scheme before every member',
        }),
      );
    }
    if (schemes.has('https') && etcd['ca-file'] === '') {
      problems.push(
        contradiction({
          at: [path, 'etcd.ca-file'],
          what: `${path} uses https://, but etcd.ca-file is empty: nothing says which certificates to trust`,
          remedy: 'Name a file on the agents in etcd.ca-file',
        }),
      );
    }
  }
  const files = FILES.filter((path) => etcd[path.slice(5) as 'ca-file'] !== '');
  const anyTls = Object.values(all).some((found) => found.some((endpoint) => endpoint.scheme === 'https'));
  if (files.length > 0 && !anyTls) {
    const uses = etcd['run-proxy'] ? UPSTREAM : ENDPOINTS;
    problems.push(
      contradiction({
        at: [files[0]!, ...files.slice(1), uses],
        what: `${files.join(', ')} ${files.length > 1 ? 'are' : 'is'} for etcd over TLS, but ${uses} has no https:// endpoint`,
        remedy: `Write https:// endpoints into ${uses}, or leave ${files.join(', ')} out`,
      }),
    );
  }
  if ((etcd['cert-file'] === '') !== (etcd['key-file'] === '')) {
    const [has, lacks] =
      etcd['cert-file'] === '' ? ['etcd.key-file', 'etcd.cert-file'] : ['etcd.cert-file', 'etcd.key-file'];
    problems.push(
      contradiction({
        at: [has!, lacks!],
        what: `${has} is given without ${lacks}: a certificate and its key go together`,
        remedy: `Give ${lacks} too, or leave both out`,
      }),
    );
  }
  return problems;
};

export const endpointRules: Rule = ({ options }) => {
  const { etcd, docker } = options;
  const lists = {
    [ENDPOINTS]: endpoints(etcd['etcd-endpoints']),
    [UPSTREAM]: etcd['proxy-endpoints'].flatMap(endpoints),
    'docker.override-docker-cluster-store': endpoints(docker['override-docker-cluster-store']),
  };
  return Object.entries(lists).flatMap(([path, found]) => {
    const problems = found.flatMap((endpoint) => oddEndpoint(path, endpoint));
    const twice = found.find((endpoint, index) => {
      return found.findIndex((other) => other.host === endpoint.host && other.port === endpoint.port) < index;
    });
    if (twice) {
      problems.push(
        warning('twice', { at: [path], what: `${path} names ${twice.host}:${twice.port} twice` }),
      );
    }
    return problems;
  });
};

function oddEndpoint(path: string, { host, port, scheme }: Endpoint): OptionProblem[] {
  const at = [path];
  if (port !== undefined && (port < 1 || port > 65535)) {
    return [
      {
        level: 'error',
        code: 'not-allowed',
        path,
        what: `${host}:${port} is not a port`,
        allowed: 'ports from 1 to 65535',
      },
    ];
  }
  if (/^[\d.]+$/.test(host) && ipv4(host) === undefined) {
    return [{ level: 'error', code: 'not-allowed', path, what: `${host} is not an IPv4 address` }];
  }
  if (host === '0.0.0.0' || host === '[::]') {
    return [
      {
        level: 'error',
        code: 'not-allowed',
        path,
        what: `${host} is an address to listen on, not one to connect to`,
        remedy: 'Name the address of the server',
      },
    ];
  }
  if (port === 2380 && /^(https?|etcd)$/.test(scheme)) {
    return [
      warning('odd-port', {
        at,
        what: `${host}:2380 is etcd's usual port for its own members, not for clients`,
        remedy: 'Clients usually use 2379',
      }),
    ];
  }
  return [];
}
