// etcd as a v2 proxy on a host (etcd 2.3 etcdmain/etcd.go startProxy, proxy/{director,reverse}.go).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../machine.ts';
import { type Request, type Response, Unreachable, whole } from '../network/reach.ts';
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
function peers(machine: Machine, flags: Flags, file: string): string[] | string {
  try {
    const known = JSON.parse(readFileSync(file, 'utf8')) as { PeerURLs?: string[] };
    if (known.PeerURLs?.length) return known.PeerURLs;
  } catch {}
  const domain = flags.get('discovery-srv');
  if (domain) {
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

/** Runs etcd with its arguments; only `--proxy on` is modelled, as that is all that runs on an agent. */
export function startEtcd(
  machine: Machine,
  args: readonly string[],
  env: Record<string, string>,
  unit: string,
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
  const found = peers(machine, flags, file);
  if (typeof found === 'string') return die(found);
  const listen = (flags.get('listen-client-urls') ?? 'http://localhost:2379').split(',');
  const ports = [...new Set(listen.map((url) => Number(new URL(url).port || 80)))];
  const taken = ports.find((port) => machine.reach.ports.has(port));
  if (taken !== undefined) return die(`listen tcp 127.0.0.1:${taken}: bind: address already in use`);

  const unavailable = new Map<string, number>();
  let urls = found;
  const remember = (): void => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify({ PeerURLs: urls }), { mode: 0o600 });
  };
  const answer = async (path: string, request: Request): Promise<Response> => {
    const down = machine.faults.draw('etcd', ['answer', path]);
    if (down?.hang) {
      return new Promise((_, reject) => {
        request.signal?.addEventListener('abort', () => reject(new Unreachable('timeout')), { once: true });
      });
    }
    if (down?.fail !== undefined) return whole(down.fail, down.stdout ?? '{"message":"failed"}');
    const now = machine.clock.now();
    const usable = urls.filter((url) => (unavailable.get(url) ?? 0) <= now);
    const json = { 'content-type': 'application/json' };
    if (!usable.length) {
      return whole(503, '{"message":"httpproxy: zero endpoints currently available"}', json);
    }
    for (const url of usable) {
      try {
        return await machine.reach.request(url + path, request);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        unavailable.set(url, now + FAILURE_WAIT_MS);
      }
    }
    return whole(
      502,
      `{"message":"httpproxy: unable to get response from ${usable.length} endpoint(s)"}`,
      json,
    );
  };
  for (const port of ports) machine.reach.ports.set(port, { owner: 'etcd', answer });
  // The member list is written once a member answered (getPeerURLs of proxy/director.go).
  const refresh = async (): Promise<void> => {
    if (process.ended) return;
    for (const url of urls) {
      try {
        const response = await machine.reach.request(`${url}/version`, { method: 'GET', headers: {} });
        for await (const _ of response.body);
        urls = [...urls];
        if (!process.ended) remember();
        break;
      } catch {}
    }
    machine.after(REFRESH_MS, () => void refresh());
  };
  void refresh();
  log('I', `proxy: listening for client requests on ${listen.join(',')}`);
  process.onEnd(() => {
    for (const port of ports) machine.reach.ports.delete(port);
  });
  return process;
}
