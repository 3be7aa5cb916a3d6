// Lays out a host's root as a DC/OS agent has it. Sources: dcos/dcos gen/dcos-config.yaml and
// gen/build_deploy/bash.py at the tag of each version; pkgpanda/docs/filesystem_layout.md.
import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DcosVersion } from '../types.ts';
import { VERSIONS } from '../versions.ts';
import { putShared, putTool } from './pool.ts';
import python3 from './python3.sh';
import type { HostSpec } from './spec.ts';
import { STAND_INS, type Tools } from './tools.ts';
import { agentUnits, dockerUnits } from './units.ts';

/** The package id of DC/OS's CNI plugins, whose directory `active/cni` points to. */
export const CNI_PACKAGE = 'cni--8dd23d0ba5d8ac3a4f4b2b1d3a4ab2dcba5ce4b1';

const STOCK_PLUGINS = ['bridge', 'host-local', 'loopback'];
const CNI_CONFIG = 'dcos/network/cni';

/** `MESOS_NETWORK_CNI_PLUGINS_DIR` by version: a search path since 1.10. */
export function cniPluginsDir(dcos: DcosVersion, nativeCalico: boolean): string {
  if (dcos === '1.9') return '/opt/mesosphere/active/cni/';
  const path =
    '/opt/mesosphere/active/cni/:/opt/mesosphere/active/dcos-cni/:/opt/mesosphere/active/mesos/libexec/mesos';
  return nativeCalico ? `${path}:/opt/mesosphere/active/calico/cni` : path;
}

interface Entry {
  content: string;
  mode?: number;
}

function files(spec: HostSpec, tools: Tools, port: string): Record<string, Entry> {
  const dcos = spec.dcos ?? '2.0';
  const native = spec.nativeCalico ?? false;
  const kind = spec.public ? 'slave_public' : 'slave';
  const result: Record<string, Entry> = {
    [`/etc/mesosphere/roles/${kind}`]: { content: '' },
    '/.host/python': { content: `${tools.python}\n` },
    '/.host/port': { content: port, mode: 0o600 },
    '/opt/mesosphere/bin/python3': { content: python3, mode: 0o755 },
    '/opt/mesosphere/bin/detect_ip': { content: `#!/bin/sh\necho ${spec.address}\n`, mode: 0o755 },
    '/opt/mesosphere/etc/mesos-slave-common': {
      content: [
        'MESOS_NETWORK_CNI_CONFIG_DIR=/opt/mesosphere/etc/dcos/network/cni',
        `MESOS_NETWORK_CNI_PLUGINS_DIR=${cniPluginsDir(dcos, native)}`,
        'MESOS_WORK_DIR=/var/lib/mesos/slave',
        '',
      ].join('\n'),
    },
    '/opt/mesosphere/etc/dcos-version.json': {
      content: `${JSON.stringify({ version: VERSIONS[dcos].dcos })}\n`,
    },
    '/opt/mesosphere/etc/dcos/network/cni/dummy.cni': {
      content: `${JSON.stringify({ name: 'dummy', type: 'bridge', bridge: 'm-dummy', ipam: { type: 'host-local', subnet: '44.127.0.0/20' } }, null, 2)}\n`,
    },
    '/etc/os-release': {
      content: 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"\n',
    },
    '/etc/machine-id': {
      content: `${Buffer.from(spec.address).toString('hex').padEnd(32, '0').slice(0, 32)}\n`,
    },
    '/proc/sys/kernel/random/boot_id': { content: `${randomUUID()}\n` },
    '/proc/sys/net/ipv4/ip_forward': { content: '1\n' },
    '/proc/sys/net/ipv4/conf/all/rp_filter': { content: '2\n' },
  };
  for (const name of STOCK_PLUGINS) {
    result[`/opt/mesosphere/packages/${CNI_PACKAGE}/${name}`] = {
      content: '#!/bin/sh\nexit 0\n',
      mode: 0o755,
    };
  }
  if (native) {
    const package_ = '/opt/mesosphere/packages/calico--f2e5e7d5a0a5a86b1d2b9dcbd5a05b5d5f5c7b3e';
    for (const name of ['calico', 'calico-ipam']) {
      result[`${package_}/cni/${name}`] = { content: '#!/bin/sh\nexit 0\n', mode: 0o755 };
    }
    if (dcos !== '2.1') result['/opt/mesosphere/etc/calico/calico_enabled'] = { content: '' };
    result['/opt/mesosphere/etc/dcos/network/cni/calico.conf'] = {
      content: `${JSON.stringify({ name: 'calico', cniVersion: '0.1.0', type: 'mesos-cni-port-mapper', excludeDevices: ['cali+'], chain: 'M-CALICO', delegate: { type: 'calico', ipam: { type: 'calico-ipam' }, etcd_endpoints: 'http://master.dcos.thisdcos.directory:2379' } }, null, 2)}\n`,
    };
  }
  // What tells the three apart: systemd's own v2 hierarchy beside v1, or v2 alone.
  if (spec.cgroups === 'hybrid') result['/sys/fs/cgroup/unified/cgroup.procs'] = { content: '' };
  if (spec.cgroups === 'unified')
    result['/sys/fs/cgroup/cgroup.controllers'] = { content: 'cpu io memory pids\n' };
  Object.assign(result, dockerUnits(spec), agentUnits(spec));
  const { daemonJson } = spec.docker ?? {};
  if (daemonJson !== undefined) {
    result['/etc/docker/daemon.json'] = {
      content: typeof daemonJson === 'string' ? daemonJson : `${JSON.stringify(daemonJson, null, 2)}\n`,
      mode: 0o644,
    };
  }
  for (const [path, content] of Object.entries(spec.files ?? {})) result[path] = { content };
  return result;
}

const DIRECTORIES = [
  ...[
    '/usr/bin',
    '/usr/sbin',
    '/usr/lib/systemd/system',
    '/usr/local/bin',
    '/usr/local/sbin',
    '/etc/systemd/system',
  ],
  ...[
    '/etc/docker',
    '/run/docker/plugins',
    '/run/systemd/system',
    '/var/lib/docker',
    '/var/lib/dcos',
    '/var/lib/mesos/slave',
  ],
  ...[
    '/var/log',
    '/tmp',
    '/lib/modules/3.10.0-1160.el7.x86_64',
    '/opt/mesosphere/packages',
    '/opt/mesosphere/active',
    '/.host',
  ],
];

const LINKS: Record<string, string> = {
  '/bin': 'usr/bin',
  '/sbin': 'usr/sbin',
  '/var/run': '../run',
  '/opt/mesosphere/active/cni': `../packages/${CNI_PACKAGE}`,
  '/opt/mesosphere/bin/python': 'python3',
};

/** Gives a host its commands: links to the real tools and to the stand-in, less those that are said to be absent. */
export function installCommands(spec: HostSpec, tools: Tools): void {
  const absent = new Set(spec.absentTools ?? []);
  if (spec.docker?.state === 'absent') for (const name of ['docker', 'dockerd']) absent.add(name);
  if (spec.systemd?.busctl === false) absent.add('busctl');
  if (spec.systemd?.dbusSend === false) absent.add('dbus-send');
  for (const name of ['standin.sh', 'standin.py', 'counting.py', 'endpoint.py']) {
    putShared(tools, name, join(spec.dir, '.host', name));
  }
  const stoodIn = new Set<string>();
  for (const [place, names] of Object.entries(STAND_INS)) {
    for (const name of names) {
      stoodIn.add(name);
      if (!absent.has(name)) putShared(tools, 'standin.sh', join(spec.dir, place, name));
    }
  }
  for (const name of tools.real.keys()) {
    if (!absent.has(name) && !stoodIn.has(name)) putTool(tools, name, join(spec.dir, 'usr/bin', name));
  }
}

/**
 * Writes the root of a host, at once, as a hundred small files cost far more one promise each.
 * `port`: where its stand-ins reach the lab, and the secret that they show there.
 */
export function layOut(spec: HostSpec, tools: Tools, port: string): void {
  const { dir } = spec;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  for (const path of DIRECTORIES) mkdirSync(join(dir, path), { recursive: true, mode: 0o755 });
  for (const [path, { content, mode }] of Object.entries(files(spec, tools, port))) {
    mkdirSync(dirname(join(dir, path)), { recursive: true, mode: 0o755 });
    writeFileSync(join(dir, path), content, { mode: mode ?? 0o644 });
  }
  const links = { ...LINKS };
  if (spec.nativeCalico) {
    links['/opt/mesosphere/active/calico'] = '../packages/calico--f2e5e7d5a0a5a86b1d2b9dcbd5a05b5d5f5c7b3e';
  }
  for (const [path, target] of Object.entries(links)) {
    rmSync(join(dir, path), { force: true });
    symlinkSync(target, join(dir, path));
  }
  installCommands(spec, tools);
}

/**
 * What pkgpanda does at an upgrade (dcos/dcos pkgpanda/__init__.py swap_active): another package directory behind
 * `active/cni`, and an `etc` built from the packages alone; the old one stands aside as `etc.old`.
 */
export function swapPackages(spec: HostSpec, upgrade: number): void {
  const packages = join(spec.dir, 'opt/mesosphere/packages');
  const next = `${CNI_PACKAGE.slice(0, -3)}${String(upgrade).padStart(3, '0')}`;
  mkdirSync(join(packages, next), { mode: 0o755 });
  for (const name of STOCK_PLUGINS)
    copyFileSync(join(packages, CNI_PACKAGE, name), join(packages, next, name));
  const active = join(spec.dir, 'opt/mesosphere/active/cni');
  rmSync(`${active}.new`, { force: true });
  symlinkSync(`../packages/${next}`, `${active}.new`);
  renameSync(`${active}.new`, active);
  const etc = join(spec.dir, 'opt/mesosphere/etc');
  rmSync(`${etc}.old`, { recursive: true, force: true });
  renameSync(etc, `${etc}.old`);
  mkdirSync(join(etc, CNI_CONFIG), { recursive: true, mode: 0o755 });
  for (const name of ['mesos-slave-common', 'dcos-version.json', `${CNI_CONFIG}/dummy.cni`]) {
    copyFileSync(join(`${etc}.old`, name), join(etc, name));
  }
}
