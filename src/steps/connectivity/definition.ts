// The test of the network: apps that come and go in a group of their own. One task a kind and agent answers, one asks; one task on one
// agent keeps what Calico and Docker must know of them, and takes it away when it ends.
import type { AppDefinition, Constraint } from '../../dcos/types.ts';
import type { Options } from '../../options/types.ts';
import { artifactEnvironment, etcdEnvironment, proxyEnvironment } from '../environment.ts';
import { anyOf, frame, isMarathon, reporting } from '../frame.ts';
import calicoctl from '../host/calicoctl.py';
import etcd from '../host/etcd.py';
import { lean } from '../lean.ts';
import { assemble } from '../program.ts';
import type { Carrier } from '../state.ts';
import askScript from './ask.sh';
import program from './connectivity.py';
import onHost from './on-host.sh';
import { guardResources, openResources } from './resources.ts';
import script from './script.sh';
import serveDocker from './serve-docker.sh';
import serveMesos from './serve-mesos.py';

export const CONNECTIVITY_GROUP = '/calico/ops/connectivity';

/** The two ways in which DC/OS runs a container: Mesos' own (UCR) and Docker's. */
export type Kind = 'mesos' | 'docker';

/** On which each endpoint answers, in its own network namespace. */
export const CONNECTIVITY_PORT = 9797;
/** Of the Docker network that is made for the test, and of its profile. */
export const TEST_NETWORK = 'dcos-calico-connectivity';

export const CONNECTIVITY_NEEDS = {
  id: CONNECTIVITY_GROUP,
  cpus: 0.3,
  mem: 256,
  disk: 0,
  portDefinitions: [],
};

export interface ConnectivityRequest {
  options: Options;
  /** Addresses of the agents that take part, and of the one that keeps the resources. */
  agents: readonly string[];
  keeper: string;
  kinds: readonly Kind[];
  /** For Docker. */
  image: string;
  /** When it is asked, ISO 8601, and until when the resources stay at most, ms since 1970. */
  asked: string;
  until: number;
  carrier: Carrier;
  marathonVersion: string;
}

/** An app on a container network. Marathon refuses `portDefinitions` there. */
export type ConnectivityApp = Omit<AppDefinition, 'portDefinitions'> & {
  portDefinitions?: [];
  networks?: { mode: 'container'; name: string; labels?: Record<string, string> }[];
  ipAddress?: { networkName: string; labels?: Record<string, string> };
  container?: { type: 'DOCKER'; docker: { image: string; network?: 'USER'; forcePullImage: boolean } };
};

export interface ConnectivityGroup {
  id: string;
  apps: ConnectivityApp[];
}

/** The keeper alone: `PUT /v2/groups/calico/ops/connectivity?force=true`. */
export function keeperApp(request: ConnectivityRequest): ConnectivityApp {
  const { kinds } = request;
  return keeping('keeper', request, openResources(kinds), kinds.includes('docker') ? TEST_NETWORK : '');
}

/** Denies what the keeper's policy allows, for as long as it is there. */
export function guardApp(request: ConnectivityRequest): ConnectivityApp {
  return keeping('guard', request, guardResources(request.kinds), '');
}

function keeping(
  id: 'keeper' | 'guard',
  request: ConnectivityRequest,
  resources: unknown[],
  network: string,
): ConnectivityApp {
  const { options, keeper, asked, until, carrier, marathonVersion } = request;
  return {
    ...frame(marathonVersion),
    id,
    cmd: assemble(`connectivity-${id}`, script, etcd, calicoctl, program),
    instances: 1,
    cpus: 0.1,
    mem: 64,
    portDefinitions: [],
    constraints: [['hostname', 'LIKE', anyOf([keeper])]],
    ...reporting(carrier),
    // Its end takes calicoctl and a Docker network with it.
    taskKillGracePeriodSeconds: 60,
    env: {
      ...etcdEnvironment(options),
      ...proxyEnvironment(options),
      ...artifactEnvironment(options, ['calicoctl']),
      DCOS_CALICO_RESOURCES: JSON.stringify(resources),
      DCOS_CALICO_DOCKER_NETWORK: network,
      DCOS_CALICO_UNTIL: String(Math.round(until / 1000)),
      DCOS_CALICO_ASKED: asked,
    },
  };
}

const SERVE: Record<Kind, string> = {
  docker: serveDocker,
  mesos: [
    onHost.trimEnd(),
    "cat >./serve.py <<'DCOS_CALICO_END_OF_PROGRAM'",
    lean(serveMesos).trimEnd(),
    'DCOS_CALICO_END_OF_PROGRAM',
    'exec "$R/opt/mesosphere/bin/python3" -ISB ./serve.py',
    '',
  ].join('\n'),
};

/** One that answers on each agent, a kind. */
export function serveApp(kind: Kind, request: ConnectivityRequest): ConnectivityApp {
  return onNetwork(`serve-${kind}`, kind, request, SERVE[kind], {
    DCOS_CALICO_PORT: String(CONNECTIVITY_PORT),
  });
}

/** One that asks on each agent, a kind. `targets`: `AGENT|NAME|ADDRESS:PORT`, the agent being the one that asks. */
export function askApp(
  kind: Kind,
  request: ConnectivityRequest,
  targets: readonly string[],
): ConnectivityApp {
  const cmd = kind === 'mesos' ? `${onHost}${askScript}` : askScript;
  return onNetwork(`ask-${kind}`, kind, request, cmd, { DCOS_CALICO_TARGETS: targets.join(' ') });
}

function onNetwork(
  id: string,
  kind: Kind,
  request: ConnectivityRequest,
  cmd: string,
  env: Record<string, string>,
): ConnectivityApp {
  const { portDefinitions: _, ...common } = frame(request.marathonVersion);
  const constraints: Constraint[] = [
    ['hostname', 'UNIQUE'],
    ['hostname', 'LIKE', anyOf([...request.agents].sort())],
  ];
  return {
    ...common,
    id,
    cmd,
    instances: request.agents.length,
    cpus: 0.05,
    mem: 32,
    constraints,
    healthChecks: [],
    taskKillGracePeriodSeconds: 5,
    env: { ...env, DCOS_CALICO_ASKED: request.asked },
    ...attachment(kind, request),
  };
}

/** The label by which the test's policies know its own endpoints; those of Docker have it from their profile. */
function attachment(
  kind: Kind,
  { options, image, marathonVersion }: ConnectivityRequest,
): Pick<ConnectivityApp, 'networks' | 'ipAddress' | 'container'> {
  const name = kind === 'mesos' ? options.cni['network-name'] : TEST_NETWORK;
  const labels = kind === 'mesos' ? { labels: { [TEST_NETWORK]: kind } } : {};
  // Marathon 1.5 has `networks`; what was before it (`ipAddress`, `USER`) it still takes, 1.4 knows nothing else.
  const modern = isMarathon(marathonVersion, 1, 5);
  const docker = { image, forcePullImage: false };
  return {
    ...(modern
      ? { networks: [{ mode: 'container', name, ...labels }] }
      : { ipAddress: { networkName: name, ...labels } }),
    ...(kind === 'docker'
      ? { container: { type: 'DOCKER', docker: modern ? docker : { ...docker, network: 'USER' } } }
      : {}),
  };
}
