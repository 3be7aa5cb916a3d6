// etcd as a v2 proxy on a host (etcd 2.3 etcdmain/etcd.go startProxy, proxy/{director,reverse}.go).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';
import type { Machine } from '../machine.ts';
import { type Reach, type Request, type Response, Unreachable, whole } from '../network/reach.ts';
import type { Process } from '../systemd/process.ts';
import { modelled } from '../systemd/process.ts';

/** Proxy.RefreshIntervalMs: how often a proxy looks for the members again. */
const REFRESH_MS = 30_000;
/** How long a member that failed is left out (proxy-failure-wait). */
const FAILURE_WAIT_MS = 5000;

interface Flags {
  get(name: string): string | undefined;
}

function flagsOf(args: readonly string[], env: Record<string, string>): Flags {
  const given = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const match = /^--?([\w-]+)(?:=(.*))?$/.exec(args[i]!);
    if (!match) continue;
    given.set(match[1]!, match[2] ?? (args[i + 1]?.startsWith('-') === false ? args[++i]! : 'true'));
  }
  return { get: (name) => given.get(name) ?? env[`ETCD_${name.toUpperCase().replaceAll('-', '_')}`] };
}

/** Peer URLs of the cluster: what the proxy remembers, else the SRV record, else `--initial-cluster`. */
function peers(machine: Machine, flags: Flags, file: string, version: string): string[] | string {
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as { PeerURLs?: string[] };
    if (known.PeerURLs?.length) return known.PeerURLs;
  } catch {}
  const domain = flags.get('discovery-srv');
  if (domain) {
    // Of the two records 3.4 wants both (etcd-io/etcd#11321; measured with 3.4.23); 3.5 and those before are content with one.
    if (version.startsWith('3.4.') && !machine.reach.srv(`_etcd-server-ssl._tcp.${domain}`)?.length) {
      return `error setting up initial cluster: error querying DNS SRV records for _etcd-server-ssl lookup _etcd-server-ssl._tcp.${domain} on 198.51.100.1:53: no such host`;
    }
    const targets = machine.reach.srv(`_etcd-server._tcp.${domain}`);
    if (!targets?.length) {
      return `error setting up initial cluster: lookup _etcd-server._tcp.${domain} on 198.51.100.1:53: no such host`;
    }
    return targets.map((target) => `http://${target}`);
  }
  const cluster = flags.get('initial-cluster');
  if (!cluster) return 'error setting up initial cluster: no members were given';
  return cluster.split(',').map((member) => member.slice(member.indexOf('=') + 1));
}

export interface ProxyOptions {
  reach: Reach;
  clock: Clock;
  peers: readonly string[];
  ports: readonly number[];
  /** A fault of the moment: an answer instead, or none until the caller gives up. */
  trouble?: (path: string) => { hang?: boolean; fail?: number; stdout?: string } | undefined;
}

const CORS = {
  'access-control-allow-headers': 'accept, content-type, authorization',
  'access-control-allow-methods': 'POST, GET, OPTIONS, PUT, DELETE',
  'access-control-allow-origin': '*',
};
const JSON_TYPE = { ...CORS, 'content-type': 'application/json' };

function forever(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Unreachable('timeout')), { once: true });
  });
}

/** Serves the proxy's ports: each request goes to the first member that answers; one that fails is left out for 5 s. */
export function startProxy(options: ProxyOptions): { stop(): void } {
  const { reach, clock, peers, ports } = options;
  const unavailable = new Map<string, number>();
  const answer = async (path: string, request: Request): Promise<Response> => {
    const trouble = options.trouble?.(path);
    if (trouble?.hang) return forever(request.signal);
    if (trouble?.fail !== undefined)
      return whole(trouble.fail, trouble.stdout ?? '{"message":"failed"}', JSON_TYPE);
    const now = clock.now();
    const usable = peers.filter((url) => (unavailable.get(url) ?? 0) <= now);
    if (!usable.length) {
      return whole(503, '{"message":"httpproxy: zero endpoints currently available"}', JSON_TYPE);
    }
    for (const url of usable) {
      try {
        return await reach.request(url + path, request);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        unavailable.set(url, now + FAILURE_WAIT_MS);
      }
    }
    const message = `httpproxy: unable to get response from ${usable.length} endpoint(s)`;
    return whole(502, JSON.stringify({ message }), JSON_TYPE);
  };
  for (const port of ports) reach.ports.set(port, { owner: 'etcd', answer });
  return {
    stop: () => {
      for (const port of ports) reach.ports.delete(port);
    },
  };
}

/** Runs etcd with its arguments; only `--proxy on` is modelled, as that is all that runs on an agent. */
export function startEtcd(
  machine: Machine,
  args: readonly string[],
  env: Record<string, string>,
  unit: string,
  version = '',
): Process {
  const process = modelled(machine.nextPid());
  const flags = flagsOf(args, env);
  const log = (level: string, message: string) => machine.log(unit, `${level} | etcdmain: ${message}`);
  const die = (message: string): Process => {
    log('C', message);
    queueMicrotask(() => process.end(1, null));
    return process;
  };
  const fault = machine.faults.draw('etcd', ['start']);
  if (fault?.fail !== undefined) return die(fault.stderr ?? 'no such file or directory');
  const dataDir = machine.hostPath(flags.get('data-dir') ?? '/default.etcd');
  const directory = machine.path(join(dataDir, 'proxy'));
  const file = join(directory, 'cluster');
  const found = peers(machine, flags, file, version);
  if (typeof found === 'string') return die(found);
  const listen = (flags.get('listen-client-urls') ?? 'http://localhost:2379').split(',');
  const ports = [...new Set(listen.map((url) => Number(new URL(url).port || 80)))];
  const taken = ports.find((port) => machine.reach.ports.has(port));
  if (taken !== undefined) return die(`listen tcp 127.0.0.1:${taken}: bind: address already in use`);

  const proxy = startProxy({
    reach: machine.reach,
    clock: machine.clock,
    peers: found,
    ports,
    trouble: (path) => machine.faults.draw('etcd', ['answer', path]),
  });
  const remember = (): void => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify({ PeerURLs: found }), { mode: 0o600 });
  };
  // The member list is written once a member answered (getPeerURLs of proxy/director.go).
  const refresh = async (): Promise<void> => {
    if (process.ended) return;
    for (const url of found) {
      try {
        const response = await machine.reach.request(`${url}/version`, { method: 'GET', headers: {} });
        for await (const _ of response.body);
        if (!process.ended) remember();
        break;
      } catch {}
    }
    machine.after(REFRESH_MS, () => void refresh());
  };
  void refresh();
  log('I', `proxy: listening for client requests on ${listen.join(',')}`);
  process.onEnd(() => proxy.stop());
  return process;
}
