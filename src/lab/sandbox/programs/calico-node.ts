// The calico/node container of Calico 2.6: its start-up, Felix, BIRD and what they leave in the kernel and in etcd v2.
// Sources: projectcalico/calicoctl release-legacy v1.6 calico_node/startup; projectcalico/libcalico-go v1.7 lib/backend/model
// (keys); projectcalico/felix 2.6 statusrep (intervals).
import { readFileSync } from 'node:fs';
import type { Timer } from '../../clock.ts';
import type { Container } from '../docker/container.ts';
import type { Machine } from '../machine.ts';
import { text, Unreachable } from '../network/reach.ts';
import { environment, sees } from './containers.ts';
import { startLibnetwork } from './libnetwork.ts';
import { socketAt } from './socket.ts';

/** Felix's defaults: ReportingIntervalSecs, ReportingTTLSecs. */
const REPORT_MS = 30_000;
const REPORT_TTL_SECONDS = 90;
const RETRY_MS = 1000;

interface EtcdNode {
  key: string;
  value?: string;
  nodes?: EtcdNode[];
}

/** etcd's v2 API as a program on the host reaches it. */
export class Datastore {
  readonly #machine: Machine;
  readonly #endpoints: string[];

  constructor(machine: Machine, endpoints: string) {
    this.#machine = machine;
    this.#endpoints = endpoints.split(',').map((endpoint) => endpoint.trim().replace(/\/$/, ''));
  }

  async #ask(method: string, key: string, body?: string): Promise<{ status: number; node?: EtcdNode }> {
    let last: unknown;
    for (const endpoint of this.#endpoints) {
      try {
        const response = await this.#machine.reach.request(`${endpoint}/v2/keys${key}`, {
          method,
          headers: body ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {},
          body: body ? Buffer.from(body) : undefined,
        });
        const answer = await text(response);
        if (response.status >= 500) throw new Unreachable('reset');
        return { status: response.status, node: JSON.parse(answer).node };
      } catch (error) {
        last = error;
      }
    }
    throw last;
  }

  async get(key: string): Promise<EtcdNode | undefined> {
    const { status, node } = await this.#ask('GET', `${key}?recursive=true`);
    return status === 200 ? node : undefined;
  }

  async set(key: string, value: string, ttl?: number): Promise<void> {
    await this.#ask('PUT', key, `value=${encodeURIComponent(value)}${ttl ? `&ttl=${ttl}` : ''}`);
  }
}

const CHAINS = [
  'cali-FORWARD',
  'cali-INPUT',
  'cali-OUTPUT',
  'cali-failsafe-in',
  'cali-failsafe-out',
  'cali-from-wl-dispatch',
];

function programKernel(machine: Machine, ipip: boolean, pool: string): void {
  const { kernel } = machine;
  for (const family of [4, 6] as const) {
    const tables = kernel.tables[family];
    for (const chain of CHAINS) tables.filter![chain] ??= [];
    for (const chain of ['FORWARD', 'INPUT', 'OUTPUT']) {
      const rule = `-m comment --comment "cali:${chain.toLowerCase()}" -j cali-${chain}`;
      if (!tables.filter![chain]!.includes(rule)) tables.filter![chain]!.unshift(rule);
    }
    for (const chain of ['PREROUTING', 'OUTPUT', 'POSTROUTING']) {
      tables.nat![`cali-${chain}`] ??= [];
      const rule = `-m comment --comment "cali:${chain.toLowerCase()}" -j cali-${chain}`;
      if (!tables.nat![chain]!.includes(rule)) tables.nat![chain]!.unshift(rule);
    }
  }
  kernel.ipsets.set('cali4-masq-ipam-pools', { type: 'hash:net', members: [pool] });
  kernel.ipsets.set('cali4-all-ipam-pools', { type: 'hash:net', members: [pool] });
  // The node's own block, which BIRD announces and keeps from looping.
  const [network, bits] = pool.split('/') as [string, string];
  const octets = network.split('.').map(Number);
  const last = Number(machine.address.split('.')[3]);
  const block = [octets[0], octets[1], Number(bits) <= 16 ? last : octets[2], 0].join('.');
  if (!kernel.routes.some((route) => route.proto === 'bird' && route.blackhole)) {
    kernel.routes.push({ destination: `${block}/26`, blackhole: true, proto: 'bird' });
  }
  if (ipip) {
    kernel.loaded.add('ipip');
    const tunnel = kernel.link('tunl0') ?? {
      name: 'tunl0',
      up: true,
      mtu: 1440,
      addresses: [],
      kind: 'ipip',
    };
    if (!kernel.links.includes(tunnel)) kernel.links.push(tunnel);
    if (!tunnel.addresses.length) tunnel.addresses.push(`${block}/32`);
  }
}

export function startCalicoNode(
  machine: Machine,
  container: Container,
  exit: (code: number) => void,
): () => void {
  const env = environment(container);
  const name = env.NODENAME ?? env.HOSTNAME ?? machine.address;
  const store = new Datastore(machine, env.ETCD_ENDPOINTS ?? 'http://127.0.0.1:2379');
  const undo: (() => void)[] = [];
  let halted = false;
  let timer: Timer | undefined;
  const say = (line: string): void => {
    container.logs.push({ stream: 'stdout', line, at: machine.clock.now() });
  };
  const later = (ms: number, run: () => Promise<void>): void => {
    if (halted) return;
    timer = machine.after(ms, () => void run());
  };

  const startUp = async (): Promise<void> => {
    const fault = machine.faults.draw('node', ['start']);
    if (fault?.fail !== undefined) {
      say(fault.stderr ?? 'Calico node failed to start');
      return exit(fault.fail);
    }
    const pool = env.CALICO_IPV4POOL_CIDR ?? '192.168.0.0/16';
    const ipip = env.CALICO_IPV4POOL_IPIP ?? 'off';
    try {
      const pools = await store.get('/calico/v1/ipam/v4/pool');
      if (!pools?.nodes?.length && env.NO_DEFAULT_POOLS !== 'true') {
        await store.set(
          `/calico/v1/ipam/v4/pool/${pool.replace('/', '-')}`,
          JSON.stringify({
            cidr: pool,
            ipip: ipip === 'off' ? '' : 'tunl0',
            ipip_mode: ipip === 'off' ? '' : ipip,
            masquerade: env.CALICO_IPV4POOL_NAT_OUTGOING !== 'false',
            ipam: true,
            disabled: false,
          }),
        );
      }
      await store.set('/calico/v1/Ready', 'true');
      await store.set(`/calico/v1/host/${name}/metadata`, '{}');
      await store.set(`/calico/bgp/v1/host/${name}/ip_addr_v4`, env.IP ?? machine.address);
      if (env.AS) await store.set(`/calico/bgp/v1/host/${name}/as_num`, env.AS);
    } catch {
      if (halted) return;
      if (env.WAIT_FOR_DATASTORE === 'true') {
        say('Datastore is not ready, will retry');
        return later(RETRY_MS, startUp);
      }
      say('ERROR: Unable to access datastore to query node configuration');
      say('Terminating');
      say('Calico node failed to start');
      return exit(1);
    }
    if (halted) return;
    say('Calico node started successfully');
    if (env.CALICO_LIBNETWORK_ENABLED !== 'false') undo.push(startLibnetwork(machine, container, exit));
    if ((env.CALICO_NETWORKING_BACKEND ?? 'bird') === 'bird' && sees(container, '/run/calico')) {
      const remove = await socketAt(machine.path('/run/calico/bird.ctl'));
      if (halted) remove();
      else undo.push(remove);
    }
    if (halted) return;
    machine.reach.ports.set(179, { owner: 'bird' });
    undo.push(() => machine.reach.ports.delete(179));
    programKernel(machine, ipip !== 'off', pool);
    await felix(true);
  };

  const started = machine.clock.now();
  const felix = async (first: boolean): Promise<void> => {
    if (halted) return;
    let reverse = '0';
    try {
      reverse = readFileSync(machine.path('/proc/sys/net/ipv4/conf/all/rp_filter'), 'utf8').trim();
    } catch {}
    if (reverse === '2' && !/^(true|1|yes)$/i.test(env.FELIX_IGNORELOOSERPF ?? '')) {
      say(
        "Kernel's RPF check is set to 'loose'. This would allow endpoints to spoof their IP address. Calico requires net.ipv4.conf.all.rp_filter to be set to 0 or 1.",
      );
      return later(RETRY_MS, () => felix(first));
    }
    const fault = machine.faults.draw('felix', ['status']);
    if (fault?.do !== 'stale') {
      const status = {
        time: new Date(machine.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
        uptime: (machine.clock.now() - started) / 1000,
        first_update: first,
      };
      try {
        await store.set(`/calico/felix/v1/host/${name}/last_reported_status`, JSON.stringify(status));
        await store.set(`/calico/felix/v1/host/${name}/status`, JSON.stringify(status), REPORT_TTL_SECONDS);
      } catch {
        say('Failed to report status to the datastore');
        return later(RETRY_MS, () => felix(first));
      }
    }
    later(REPORT_MS, () => felix(false));
  };

  void startUp();
  return () => {
    halted = true;
    timer?.cancel();
    for (const each of undo) each();
  };
}

/** `birdcl show protocols` in the container: one session of the mesh for each other node that etcd knows. */
export async function birdProtocols(machine: Machine, container: Container): Promise<string> {
  const env = environment(container);
  const store = new Datastore(machine, env.ETCD_ENDPOINTS ?? 'http://127.0.0.1:2379');
  const self = env.NODENAME ?? env.HOSTNAME ?? machine.address;
  const since = new Date(container.started).toISOString().slice(11, 19);
  const lines = [
    'BIRD v0.3.3+birdv1.6.3 ready.',
    'name     proto    table    state  since       info',
    `static1  Static   master   up     ${since}    `,
    `kernel1  Kernel   master   up     ${since}    `,
    `device1  Device   master   up     ${since}    `,
    `direct1  Direct   master   up     ${since}    `,
  ];
  const hosts = (await store.get('/calico/bgp/v1/host'))?.nodes ?? [];
  const alive = (await store.get('/calico/felix/v1/host'))?.nodes ?? [];
  for (const host of hosts) {
    const name = host.key.slice(host.key.lastIndexOf('/') + 1);
    const address = host.nodes?.find((node) => node.key.endsWith('/ip_addr_v4'))?.value;
    if (name === self || !address) continue;
    const fault = machine.faults.draw('bird', [address, 'peers']);
    const up =
      fault?.do !== 'down' &&
      alive.some(
        (node) => node.key.endsWith(`/${name}`) && node.nodes?.some((key) => key.key.endsWith('/status')),
      );
    const protocol = `Mesh_${address.replaceAll('.', '_')}`;
    lines.push(
      `${protocol} BGP      master   ${up ? 'up    ' : 'start '} ${since}    ${up ? 'Established   ' : 'Connect       '}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
