// The routes of a DC/OS master's Admin Router that this program, or `dcos cluster setup`, asks
// (dcos/dcos, packages/adminrouter/extra/src/includes/server/master.conf and open/master.conf).
import type { LabRequest, LabResponse } from '../http.ts';
import { text } from '../http.ts';
import { handleAgent } from '../mesos/agent-http.ts';
import type { MesosMaster } from '../mesos/master.ts';
import { handleMaster } from '../mesos/master-http.ts';
import type { Tokens } from './auth.ts';
import * as setup from './cluster-setup.ts';
import { services, type Target } from './mesos-dns.ts';
import { page, redirect, userInterface } from './pages.ts';

export interface Route {
  /** As the server library writes it: `/agent/:id/*`. */
  url: string;
  /** Answered without a token. */
  open?: boolean;
  /** Whether recordings of the real thing hold this answer; else the source it follows. */
  follows: 'recordings' | string;
  /** `rest`: what the `*` of the URL stands for, not decoded. */
  handle(request: LabRequest, params: Record<string, string>): Promise<LabResponse> | LabResponse;
}

export interface RouterDependencies {
  master: MesosMaster;
  /** Marathon's own paths, `/v2/…`. */
  marathon: { handle(request: LabRequest): Promise<LabResponse> };
  tokens: Tokens;
  security: setup.Security;
  clusterId: string;
  srv: Record<string, Target[]>;
  url: () => string;
  /** PEM, where the lab speaks TLS. */
  certificate?: string;
}

const SOURCE = 'dcos/dcos';

export function routes(deps: RouterDependencies): Route[] {
  const { master, marathon, tokens, security } = deps;
  const { versions } = master;
  const below = (request: LabRequest, prefix: string): LabRequest => ({
    ...request,
    path: request.path.slice(prefix.length) || '/',
  });
  const toAgent = async (request: LabRequest, { id = '' }: Record<string, string>) => {
    const agent = master.registered().find((one) => one.id === id);
    if (!agent) return text(404, `404 Not Found: agent \`${id}\` unknown.\n`);
    // Admin Router asks agents and services without Accept-Encoding.
    const { 'accept-encoding': _, ...headers } = request.headers;
    const prefix = /^\/(?:agent|slave)\/[^/]+/.exec(request.path)![0];
    return (await handleAgent(master, agent, { ...below(request, prefix), headers })) ?? page(502);
  };
  const toMarathon = (request: LabRequest, prefix: string) => {
    const { 'accept-encoding': _, ...headers } = request.headers;
    return marathon.handle({ ...below(request, prefix), headers });
  };
  return [
    { url: '/', open: true, follows: SOURCE, handle: userInterface },
    { url: '/login', open: true, follows: SOURCE, handle: userInterface },
    { url: '/mesos', open: true, follows: SOURCE, handle: () => redirect(301, `${deps.url()}/mesos/`) },
    {
      url: '/mesos/*',
      follows: 'recordings',
      handle: (request) => handleMaster(master, below(request, '/mesos')),
    },
    { url: '/agent/:id/*', follows: 'recordings', handle: toAgent },
    { url: '/slave/:id/*', follows: 'recordings', handle: toAgent },
    {
      url: '/service/marathon',
      open: true,
      follows: SOURCE,
      handle: () => redirect(301, `${deps.url()}/service/marathon/`),
    },
    {
      url: '/service/marathon/*',
      follows: 'recordings',
      handle: (request) => toMarathon(request, '/service/marathon'),
    },
    {
      url: '/service/*',
      follows: SOURCE,
      handle: (request) => {
        const name = request.path.split('/')[2] ?? '';
        return text(404, `404 Not Found: service \`${name}\` unknown.\n`);
      },
    },
    {
      url: '/marathon',
      open: true,
      follows: SOURCE,
      handle: ({ query }) => redirect(307, `/marathon/${query.size ? `?${query}` : ''}`),
    },
    { url: '/marathon/*', follows: 'recordings', handle: (request) => toMarathon(request, '/marathon') },
    {
      url: '/mesos_dns/v1/services/:name',
      follows: 'mesosphere/mesos-dns',
      handle: (_, { name = '' }) => services(deps.srv, name),
    },
    {
      url: '/dcos-metadata/dcos-version.json',
      open: true,
      follows: SOURCE,
      handle: () => setup.dcosVersion(versions, security),
    },
    {
      url: '/dcos-metadata/bootstrap-config.json',
      follows: SOURCE,
      handle: () => setup.bootstrapConfig(security),
    },
    { url: '/pkgpanda/active.buildinfo.full.json', follows: SOURCE, handle: () => setup.packages(versions) },
    {
      url: '/acs/api/v1/auth/providers',
      open: true,
      follows: 'dcos/dcos-cli',
      handle: () => setup.providers(versions, security),
    },
    {
      url: '/acs/api/v1/auth/login',
      open: true,
      follows: 'dcos/dcos-cli',
      handle: (request) => setup.login(request, tokens),
    },
    { url: '/metadata', follows: SOURCE, handle: () => setup.metadata(deps.clusterId) },
    {
      url: '/package/describe',
      follows: 'dcos/dcos-cli',
      handle: (request) => setup.describePackage(request, versions, deps.url()),
    },
    {
      url: setup.CORE_ZIP_PATH,
      open: true,
      follows: 'dcos/dcos-cli',
      handle: () => ({
        status: 200,
        headers: { 'content-type': 'application/zip' },
        body: setup.coreZip(versions),
      }),
    },
    {
      url: '/ca/dcos-ca.crt',
      open: true,
      follows: SOURCE,
      handle: () => (deps.certificate ? text(200, deps.certificate) : page(404)),
    },
  ];
}
