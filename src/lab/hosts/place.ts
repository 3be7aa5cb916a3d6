// Everything that the grade `hosts` needs beside Mesos and Marathon: machines on a bridge, etcd on them, and what stands in
// for the world outside: names, downloads, an image registry, Mesos-DNS. That world listens on the bridge's address alone.
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { type ArtifactServer, startArtifacts } from '../artifacts/server.ts';
import type { DcosVersion } from '../types.ts';
import { type NameServer, startNames } from './dns.ts';
import { startGuard, takeDown } from './guard.ts';
import { downloads } from './images.ts';
import { ETCD_CLIENT_PORT, ETCD_PEER_PORT, layout } from './layout.ts';
import { Machine } from './machine.ts';
import { BRIDGE, leftBehind, type Network, startNetwork } from './network.ts';
import { requireHosts } from './requirements.ts';
import { rootfs } from './rootfs.ts';
import { HostsRunner, type HostsRunnerOptions } from './runner.ts';

export interface HostsSpec {
  private: number;
  public: number;
  dcos?: DcosVersion;
  /** For everything that is kept while the lab runs; default: a new directory below the system's temporary one. */
  directory?: string;
  environment?: Record<string, string>;
  shell?: HostsRunnerOptions['shell'];
  /** What takes long is said here. */
  say?: (line: string) => void;
  /** Stops the making of the root file system. */
  signal?: AbortSignal;
}

export interface Member {
  host: string;
  ip: string;
  port: number;
}

export interface HostsPlace {
  runner: HostsRunner;
  machines: Machine[];
  network: Network;
  names: NameServer;
  artifacts: ArtifactServer;
  /** As the SRV record has them. Changed by `moveMembers`. */
  members: Member[];
  /** A member that this machine reaches. */
  etcdUrl: string;
  /** What the SRV record and Mesos-DNS say of etcd from now on. */
  setMembers(members: readonly Member[]): void;
  machine(address: string): Machine;
  /** A host's root as root on this machine reaches it, until it is restarted. */
  hostRoot(address: string): string;
  stop(): Promise<void>;
}

export const SRV = '_etcd-server._tcp.etcd.mesos';
const OUTSIDE = [
  'github.com',
  'objects.githubusercontent.com',
  'quay.io',
  'registry.example',
  'mirror.example',
];

/** Starts the machines, all at a time. Nothing is left when it is stopped, or killed. */
export async function startHosts(spec: HostsSpec): Promise<HostsPlace> {
  requireHosts();
  const left = await leftBehind();
  if (left) await takeDown(left.directory || join(tmpdir(), 'none'), BRIDGE);
  const base = await rootfs(spec.say ?? (() => {}), spec.signal);
  const directory = spec.directory ?? mkdtempSync(join(tmpdir(), 'dcos-calico-hosts-'));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const guard = startGuard(directory, BRIDGE);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
    await takeDown(directory, BRIDGE);
    guard.over();
  };
  try {
    const network = await startNetwork(directory);
    const { gateway } = network;
    const members = memberList(network, spec.private + spec.public);
    const a = Object.fromEntries([...OUTSIDE, 'leader.mesos', 'master.mesos'].map((name) => [name, gateway]));
    for (const { host, ip } of members) a[host.replace(/\.$/, '')] = ip;
    const names = await outside(() => startNames(gateway, { a, srv: { [SRV]: members } }), gateway, 53);
    stops.push(() => names.stop());
    const tls = {
      key: readFileSync(join(base.directory, 'root/lab-key.pem')),
      cert: readFileSync(join(base.directory, 'usr/local/share/ca-certificates/lab.crt')),
    };
    const artifacts = await outside(() => startArtifacts({ host: gateway, port: 443, tls }), gateway, 443);
    stops.push(() => artifacts.stop());
    for (const { path, content, headers } of downloads(base.directory)) artifacts.add(path, content, headers);
    const mesosDns = await outside(() => startArtifacts({ host: gateway, port: 8123 }), gateway, 8123);
    stops.push(() => mesosDns.stop());
    const machines = await startMachines(spec, { base: base.directory, directory, network, members });
    const byAddress = new Map(machines.map((machine) => [machine.address, machine]));
    const runner = new HostsRunner({
      dcos: spec.dcos ?? '2.0',
      machines: byAddress,
      environment: spec.environment,
      shell: spec.shell,
    });
    stops.push(() => runner.stop());
    const machine = (address: string): Machine => {
      const found = byAddress.get(address);
      if (!found) throw new Error(`no host of this lab has the address ${address}`);
      return found;
    };
    const place: HostsPlace = {
      runner,
      machines,
      network,
      names,
      artifacts,
      members,
      etcdUrl: `http://${members[0]!.ip}:${ETCD_CLIENT_PORT}`,
      setMembers: (next) => {
        place.members = [...next];
        names.names.srv[SRV] = [...next];
        for (const { host, ip } of next) names.names.a[host.replace(/\.$/, '')] = ip;
        mesosDns.add(`/v1/services/${SRV}`, services(next), { 'content-type': 'application/json' });
      },
      machine,
      hostRoot: (address) => `/proc/${machine(address).leader}/root`,
      stop,
    };
    place.setMembers(members);
    return place;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** On three of the hosts when there are three, else on one. */
function memberList(network: Network, hosts: number): Member[] {
  return Array.from({ length: hosts >= 3 ? 3 : 1 }, (_, index) => ({
    host: `etcd-server-${index + 1}.etcd.slave.mesos.`,
    ip: network.address(index + 1),
    port: ETCD_PEER_PORT,
  }));
}

/** As Mesos-DNS answers `/v1/services/NAME`. */
function services(members: readonly Member[]): Buffer {
  const all = members.map(({ host, ip, port }) => ({ service: SRV, host, ip, port: String(port) }));
  return Buffer.from(JSON.stringify(all));
}

/** A port of the bridge's address is taken only by something that listens on all addresses. */
async function outside<T>(start: () => Promise<T>, address: string, port: number): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError({
      code: 'lab-hosts-port',
      what: 'Hosts cannot be started',
      why: `something on this machine listens on port ${port} of all addresses, and the hosts need ${address}:${port}`,
      remedy: [`See what it is: ss -ltnup 'sport = :${port}'`],
    });
  }
}

async function startMachines(
  spec: HostsSpec,
  {
    base,
    directory,
    network,
    members,
  }: { base: string; directory: string; network: Network; members: Member[] },
): Promise<Machine[]> {
  const sysResource = hasSysResource();
  const count = spec.private + spec.public;
  const machines = Array.from({ length: count }, (_, index) => {
    const name = `h${index + 1}`;
    const address = network.address(index + 1);
    const isPublic = index >= spec.private;
    return new Machine({
      name,
      address,
      public: isPublic,
      directory: join(directory, name),
      base,
      bridge: network.bridge,
      files: layout({
        name,
        address,
        public: isPublic,
        dcos: spec.dcos ?? '2.0',
        gateway: network.gateway,
        members: Object.fromEntries(members.map(({ ip }, member) => [`h${member + 1}`, ip])),
        sysResource,
      }),
    });
  });
  const started = await Promise.allSettled(machines.map((machine) => machine.create()));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return machines;
}

/** CAP_SYS_RESOURCE is 24. */
function hasSysResource(): boolean {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${bounding}`) >> 24n) & 1n) === 1n;
}
