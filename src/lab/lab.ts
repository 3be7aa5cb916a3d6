// A practice cluster: clock, agents, Mesos, Marathon and Admin Router on one loopback port.
import { AcceleratedClock } from './accelerated-clock.ts';
import { Tokens } from './admin-router/auth.ts';
import type { Security } from './admin-router/cluster-setup.ts';
import type { Target } from './admin-router/mesos-dns.ts';
import { type Route, routes } from './admin-router/routes.ts';
import { type Clock, RealClock, VirtualClock } from './clock.ts';
import { type HttpFault, HttpFaults } from './faults.ts';
import type { HostsSpec } from './hosts/place.ts';
import { Marathon } from './marathon/marathon.ts';
import { type MasterDependencies, MesosMaster } from './mesos/master.ts';
import { SeededRandom } from './random.ts';
import { startServer } from './server.ts';
import { SimulatedRunner } from './simulated/runner.ts';
import type { AgentSpec, DcosVersion, Grade, TaskRunner } from './types.ts';
import { DEFAULT_VERSION, type Versions, versionsOf } from './versions.ts';

export interface LabSpec {
  dcos?: DcosVersion;
  /** False: `calico_enabled: false` in its configuration (DC/OS 2.2). */
  nativeCalico?: boolean;
  /** Default: `simulated`. */
  grade?: Grade;
  /** Instead of a grade: what runs the tasks. */
  runner?: TaskRunner;
  /** Default: 5 private and 1 public agent. */
  agents?: AgentSpec[] | { private: number; public: number };
  seed?: number;
  /** Default: the real one. A `VirtualClock` moves only by `lab.sleep` and `clock.advance`. */
  clock?: Clock;
  /** Instead of `clock`: seconds of the lab in a real one. */
  speed?: number;
  faults?: HttpFault[];
  /** `open`: DC/OS Open Source; the others are the enterprise variant's modes. */
  security?: Security;
  /** 0, the default: any free port. */
  port?: number;
  tls?: { key: string; cert: string };
  /** SRV records by name; default: `_etcd-server._tcp.etcd.mesos`. */
  srv?: Record<string, Target[]>;
  /** Where the sandbox grade keeps its hosts; default: a new directory below the system's temporary one. */
  directory?: string;
  mesos?: Pick<MasterDependencies, 'maxPingTimeouts' | 'returnMs'>;
  /** Grade `hosts`: what its machines are started with besides. */
  hosts?: Pick<HostsSpec, 'environment' | 'shell' | 'say' | 'signal'>;
  /** Further routes, told neither to `requests` nor to `unrecorded`. */
  routes?: (lab: Lab) => Route[];
}

export interface RequestCount {
  method: string;
  /** The route that answered, `/agent/:id/*`. */
  route: string;
  path: string;
  count: number;
}

export interface Lab {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  token: string;
  tokens: Tokens;
  dcos: DcosVersion;
  clock: Clock;
  versions: Versions;
  grade: Grade;
  master: MesosMaster;
  marathon: Marathon;
  runner: TaskRunner;
  faults: HttpFaults;
  etcdUrl?: string;
  /** A host's root directory; throws in the simulated grade. */
  hostRoot(host: string): string;
  /** Requests since the start or the last `resetRequests`, by method and path. */
  requests(): RequestCount[];
  resetRequests(): void;
  /** Requests that were answered without a recording of the real thing, with the source that the answer follows. */
  unrecorded(): { route: string; follows: string; count: number }[];
  /** Lets `ms` of the lab's time pass: at once with a `VirtualClock`, else in its real length. */
  sleep(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const ETCD_SRV = '_etcd-server._tcp.etcd.mesos';

/** Starts a lab; resolves when it answers. Whoever starts it stops it. */
export async function startLab(spec: LabSpec = {}): Promise<Lab> {
  const dcos = spec.dcos ?? DEFAULT_VERSION;
  const versions = versionsOf(dcos, spec.nativeCalico);
  const seed = spec.seed ?? 1;
  const random = new SeededRandom(seed);
  const clock =
    spec.clock ?? (spec.speed && spec.speed !== 1 ? new AcceleratedClock(spec.speed) : new RealClock());
  const grade = spec.grade ?? 'simulated';
  const security = spec.security ?? 'open';
  const place = await runnerOf(grade, spec, clock, dcos);
  const stops: (() => unknown)[] = [place.stop];
  if (clock instanceof AcceleratedClock || clock instanceof RealClock) stops.unshift(() => clock.stop());
  try {
    const master = new MesosMaster({ clock, random, runner: place.runner, versions, ...spec.mesos });
    for (const agent of place.agents ?? agentsOf(spec.agents)) await master.addAgent(agent);
    const marathon = new Marathon({ mesos: master, version: versions.marathon, leader: '10.0.0.11:8080' });
    stops.unshift(() => marathon.stop());
    const tokens = new Tokens();
    const counts = new Map<string, RequestCount>();
    const faults = new HttpFaults(spec.faults ?? [], random);
    const lab: Lab = {
      url: '',
      token: tokens.issue(),
      tokens,
      dcos,
      clock,
      versions,
      grade,
      master,
      marathon,
      runner: place.runner,
      faults,
      etcdUrl: place.etcdUrl,
      hostRoot: place.hostRoot,
      requests: () => [...counts.values()],
      resetRequests: () => counts.clear(),
      unrecorded: () => unrecorded(table, counts, versions),
      sleep: (ms) => sleep(clock, ms),
      stop: () => stopAll(stops),
    };
    const table = routes({
      master,
      marathon,
      tokens,
      security,
      clusterId: random.uuid(),
      srv: spec.srv ?? { [ETCD_SRV]: place.etcd },
      url: () => lab.url,
      certificate: spec.tls?.cert,
    });
    const own = spec.routes?.(lab) ?? [];
    const server = await startServer({
      routes: [...table, ...own],
      tokens,
      enterprise: security !== 'open',
      faults,
      port: spec.port,
      tls: spec.tls,
      onRequest: (request) => {
        if (!own.some(({ url }) => url === request.route)) count(counts, request);
      },
    });
    stops.unshift(() => server.close());
    lab.url = server.url;
    return lab;
  } catch (error) {
    await stopAll(stops);
    throw error;
  }
}

interface Place {
  runner: TaskRunner;
  hostRoot(host: string): string;
  etcd: Target[];
  etcdUrl?: string;
  /** Where the place says which addresses there are. */
  agents?: AgentSpec[];
  stop(): Promise<void>;
}

async function runnerOf(grade: Grade, spec: LabSpec, clock: Clock, dcos: DcosVersion): Promise<Place> {
  if (grade === 'sandbox' && !spec.runner) {
    const { startSandbox } = await import('./sandbox/place.ts');
    const sandbox = await startSandbox({ dir: spec.directory, dcos });
    return {
      runner: sandbox.runner,
      hostRoot: sandbox.hostRoot,
      etcd: sandbox.members,
      etcdUrl: sandbox.etcd.url,
      stop: sandbox.stop,
    };
  }
  if (grade === 'hosts' && !spec.runner) {
    const { startHosts } = await import('./hosts/place.ts');
    const wanted = spec.agents ?? { private: 2, public: 1 };
    if (Array.isArray(wanted)) throw new Error("the addresses of hosts are the lab's to give: say how many");
    const hosts = await startHosts({ ...wanted, dcos, directory: spec.directory, ...spec.hosts });
    return {
      runner: hosts.runner,
      hostRoot: hosts.hostRoot,
      etcd: hosts.members,
      etcdUrl: hosts.etcdUrl,
      agents: hosts.machines.map(({ address, options }) => ({ host: address, public: options.public })),
      stop: hosts.stop,
    };
  }
  const runner = spec.runner ?? new SimulatedRunner(clock, spec.seed ?? 1);
  return {
    runner,
    hostRoot: () => {
      throw new Error('simulated hosts have no directory');
    },
    etcd: [1, 2, 3].map((n) => ({
      host: `etcd-server-${n}.etcd.slave.mesos.`,
      ip: `10.0.1.${10 + n}`,
      port: 2380,
    })),
    stop: () => runner.stop(),
  };
}

/** Agents at addresses of 10.0.1.0 on (private) and 10.1.2.0 on (public), as DC/OS' examples have them. */
export function agentsOf(agents: LabSpec['agents'] = { private: 5, public: 1 }): AgentSpec[] {
  if (Array.isArray(agents)) return agents;
  const all: AgentSpec[] = [];
  for (let i = 0; i < agents.private; i++) all.push({ host: address('10.0', 1, 11 + i), public: false });
  for (let i = 0; i < agents.public; i++) all.push({ host: address('10.1', 2, 20 + i), public: true });
  return all;
}

/** The `number`th address from `PREFIX.SUBNET.0` on, 240 a subnet. */
function address(prefix: string, subnet: number, number: number): string {
  return `${prefix}.${subnet + Math.floor(number / 240)}.${number % 240}`;
}

function count(
  counts: Map<string, RequestCount>,
  { method, path, route }: { method: string; path: string; route: string },
): void {
  const key = `${method} ${path}`;
  const known = counts.get(key);
  if (known) known.count++;
  else counts.set(key, { method, route, path, count: 1 });
}

/** The Mesos and Marathon whose answers were recorded; of other versions the differences follow their sources. */
const RECORDED = { mesos: ['1.11'], marathon: ['1.7', '1.11'] };

function unrecorded(table: Route[], counts: Map<string, RequestCount>, versions: Versions) {
  const sums = new Map<string, { route: string; follows: string; count: number }>();
  for (const { route, path, count } of counts.values()) {
    const found = table.find(({ url }) => url === route);
    let follows = found?.follows ?? 'nothing: no such route';
    if (follows === 'recordings') {
      const of = route.includes('marathon') ? 'marathon' : 'mesos';
      if (RECORDED[of].some((line) => versions[of].startsWith(`${line}.`))) continue;
      follows = `recordings of ${of === 'mesos' ? 'Mesos' : 'Marathon'} ${RECORDED[of].join(' and ')}`;
    }
    const name = found ? route : path;
    const sum = sums.get(name);
    if (sum) sum.count += count;
    else sums.set(name, { route: name, follows, count });
  }
  return [...sums.values()];
}

async function sleep(clock: Clock, ms: number): Promise<void> {
  if (clock instanceof AcceleratedClock || !(clock instanceof VirtualClock)) {
    await new Promise<void>((resolve) => clock.after(ms, resolve));
    return;
  }
  clock.advance(ms);
  // Requests that are under way see the new time before the caller goes on.
  await new Promise((resolve) => setImmediate(resolve));
}

async function stopAll(stops: (() => unknown)[]): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}
