// Everything that the sandbox grade needs beside Mesos and Marathon: hosts, etcd, and a server for downloads.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactServer, startArtifacts } from '../artifacts/server.ts';
import type { Clock } from '../clock.ts';
import { type EtcdServer, startEtcd } from '../etcd/server.ts';
import { reaper } from './reaper.ts';
import { SandboxRunner, type SandboxRunnerOptions } from './runner.ts';

/** etcd's members, as the SRV record names them; all lead to the lab's one. */
export const ETCD_MEMBERS = [1, 2, 3].map((n) => ({
  host: `etcd-server-${n}.etcd.slave.mesos.`,
  ip: `10.0.0.${10 + n}`,
  port: 2380,
}));

/** Hosts that artifacts come from by default. */
const DOWNLOADS = ['github.com', 'objects.githubusercontent.com', 'mirror.example.com'];

export interface SandboxPlace {
  runner: SandboxRunner;
  etcd: EtcdServer;
  artifacts: ArtifactServer;
  members: typeof ETCD_MEMBERS;
  /** Root directory of a host, by its address. */
  hostRoot(address: string): string;
  stop(): Promise<void>;
}

/** Starts the sandbox's servers and a runner for its hosts. Nothing is left when it is stopped, or killed. */
export async function startSandbox(
  options: Omit<SandboxRunnerOptions, 'dir' | 'network'> & { dir?: string; clock?: Clock } = {},
): Promise<SandboxPlace> {
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'dcos-calico-')));
  reaper.addDirectory(dir);
  const [etcd, artifacts] = await Promise.all([startEtcd({ clock: options.clock }), startArtifacts()]);
  const routes: Record<string, string> = {};
  for (const host of DOWNLOADS) routes[host] = artifacts.url;
  for (const { host, ip } of ETCD_MEMBERS) {
    routes[ip] = etcd.url;
    routes[host.replace(/\.$/, '')] = etcd.url;
  }
  const runner = new SandboxRunner({
    ...options,
    dir,
    network: {
      routes,
      srv: { '_etcd-server._tcp.etcd.mesos': ETCD_MEMBERS.map(({ ip, port }) => `${ip}:${port}`) },
    },
  });
  return {
    runner,
    etcd,
    artifacts,
    members: ETCD_MEMBERS,
    hostRoot: (address) => join(dir, address),
    stop: async () => {
      await runner.stop();
      await Promise.all([etcd.stop(), artifacts.stop()]);
    },
  };
}
