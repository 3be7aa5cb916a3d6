// Calico's network between the hosts of a sandbox: who is attached to it, by which address, and whom it lets through to whom.
// Sources: Mesos src/slave/containerizer/mesos/isolators/network/cni/cni.cpp (what an unknown network is);
// projectcalico/libcalico-go v1.7 lib/backend/model (keys of etcd) and Felix 2.6 (policies first, by their order, then the profile).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { Datastore } from '../programs/calico-node.ts';
import { forward, type Request, type Response, Unreachable } from './reach.ts';
import { matches } from './selector.ts';

export interface Endpoint {
  task: string;
  machine: Machine;
  kind: 'mesos' | 'docker';
  network: string;
  labels: Record<string, string>;
  address: string;
}

export interface DockerNetwork {
  id: string;
  name: string;
  driver: string;
  scope: string;
}

interface Rule {
  action: string;
  src_selector?: string;
  src_tag?: string;
}

interface Policy {
  order?: number;
  selector: string;
  inbound_rules?: Rule[];
}

/** The lab's etcd, whatever the hosts' own way to it is. */
const ETCD = 'http://10.0.0.11:2379';

let networks = 0;

export class CalicoNetwork {
  /** Docker's networks of global scope: every engine with a store has them. */
  readonly networks: DockerNetwork[] = [];
  /** Beside those of other labs on this machine. */
  readonly #number = ((process.pid + 97 * networks++) % 250) + 2;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #blocks = new Map<Machine, { block: number; next: number }>();

  /** Attaches a task, as CNI or libnetwork do. Throws an error with their message where they cannot. */
  attach(
    machine: Machine,
    task: string,
    { name, labels }: { name: string; labels: Record<string, string> },
    kind: Endpoint['kind'],
  ): Endpoint {
    const problem = kind === 'mesos' ? cniProblem(machine, name) : this.#dockerProblem(machine, name);
    if (problem) throw new Error(problem);
    const blocks = this.#blocks.get(machine) ?? { block: this.#blocks.size + 1, next: 2 };
    this.#blocks.set(machine, blocks);
    const address = `192.168.${blocks.block}.${blocks.next++}`;
    const endpoint = { task, machine, kind, network: name, labels, address };
    this.#endpoints.set(task, endpoint);
    return endpoint;
  }

  /** On this machine an address of the network is one of its loopback's. */
  onLoopback({ address }: Pick<Endpoint, 'address'>): string {
    return address.replace(/^192\.168\./, `127.${this.#number}.`);
  }

  detach(task: string): void {
    this.#endpoints.delete(task);
  }

  /** The endpoint of the task that a command is called from. */
  of(env: Record<string, string>): Endpoint | undefined {
    return this.#endpoints.get(env.MESOS_TASK_ID ?? '');
  }

  isOn(network: string): boolean {
    return [...this.#endpoints.values()].some((one) => one.kind === 'docker' && one.network === network);
  }

  /** Asks an address of the network from a container. Throws `Unreachable`. */
  async request(from: Endpoint, url: URL, request: Request): Promise<Response> {
    const to = [...this.#endpoints.values()].find(({ address }) => address === url.hostname);
    if (!to || !(await passes(from, to))) throw new Unreachable('timeout');
    return forward(`http://${this.onLoopback(to)}:${url.port || 80}`, url.pathname + url.search, request);
  }

  #dockerProblem({ engine }: Machine, name: string): string | undefined {
    if (!engine.running)
      return 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
    if (engine.allNetworks().some((network) => network.name === name)) return undefined;
    return `Failed to run 'docker run': exited with status 125; stderr='docker: Error response from daemon: network ${name} not found.'`;
  }
}

/** Mesos reads every file of the directory anew for a name that it does not know, and skips those whose plugins are missing. */
function cniProblem(machine: Machine, name: string): string | undefined {
  const unknown = `Failed to prepare isolators: Unknown CNI network '${name}'`;
  const folder = machine.path('/opt/mesosphere/etc/dcos/network/cni');
  const plugins = machine.path('/opt/mesosphere/active/cni');
  const found = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      try {
        return [JSON.parse(readFileSync(join(folder, entry.name), 'utf8'))];
      } catch {
        return [];
      }
    })
    .find((each) => each.name === name);
  if (!found) return unknown;
  const needed = [found.type, found.ipam?.type].filter(Boolean);
  return needed.every((plugin) => existsSync(join(plugins, plugin))) ? undefined : unknown;
}

/** Felix programs what an endpoint needs; without it nothing comes in or goes out. */
function isProgrammed({ engine, faults }: Machine): boolean {
  return engine.find('calico-node')?.running === true && faults.draw('felix', ['dataplane'])?.do !== 'down';
}

async function passes(from: Endpoint, to: Endpoint): Promise<boolean> {
  if (!isProgrammed(from.machine) || !isProgrammed(to.machine)) return false;
  const store = new Datastore(to.machine, ETCD);
  if (from.machine !== to.machine && !(await carries(from.machine, to.machine, store))) return false;
  return allowed(from, to, store);
}

/** Between two hosts: a route, which BGP tells, and a network that carries the packets. */
async function carries(from: Machine, to: Machine, store: Datastore): Promise<boolean> {
  for (const [here, there] of [
    [from, to],
    [to, from],
  ] as const)
    if (here.faults.draw('bird', [there.address, 'peers'])?.do === 'down') return false;
  const pools = (await store.get('/calico/v1/ipam/v4/pool'))?.nodes ?? [];
  const ipip = pools.some(({ value = '{}' }) => JSON.parse(value).ipip_mode === 'always');
  const word = ipip ? 'ipip' : 'plain';
  return ![from, to].some((machine) => machine.faults.draw('fabric', [word])?.do === 'blocked');
}

async function allowed(from: Endpoint, to: Endpoint, store: Datastore): Promise<boolean> {
  if (to.machine.faults.draw('felix', ['policy'])?.do === 'ignored') return true;
  const [source, target] = await Promise.all([labelsOf(from, store), labelsOf(to, store)]);
  const policies = ((await store.get('/calico/v1/policy/tier/default/policy'))?.nodes ?? [])
    .map(({ value = '{}' }) => JSON.parse(value) as Policy)
    .filter(({ selector, inbound_rules: rules }) => rules && matches(selector, target))
    .sort((a, b) => (a.order ?? Number.POSITIVE_INFINITY) - (b.order ?? Number.POSITIVE_INFINITY));
  for (const rule of policies.flatMap(({ inbound_rules: rules = [] }) => rules))
    if (!rule.src_selector || matches(rule.src_selector, source)) return rule.action === 'allow';
  // A policy that applies and says nothing of a packet ends it; the profile is asked only where there is none.
  return policies.length === 0 && from.network === to.network;
}

/** An endpoint has the labels of its profile, too, which is that of its network. */
async function labelsOf({ network, labels }: Endpoint, store: Datastore): Promise<Record<string, string>> {
  const found = await store.get(`/calico/v1/policy/profile/${network}/labels`);
  return { ...JSON.parse(found?.value ?? '{}'), ...labels };
}
