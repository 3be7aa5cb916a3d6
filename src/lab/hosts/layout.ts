// What a host has besides Debian: DC/OS as an agent has it, and what makes a systemd-nspawn machine like a real one.
// Sources of the first: dcos/dcos gen/dcos-config.yaml, gen/build_deploy/bash.py, packages/mesos/extra;
// pkgpanda/docs/filesystem_layout.md.
import { CNI_PACKAGE, cniPluginsDir } from '../sandbox/layout.ts';
import type { DcosVersion } from '../types.ts';
import { VERSIONS } from '../versions.ts';
import agentProgram from './mesos-agent.py';
import runcScript from './runc.sh';
import cgroupsScript from './writable-cgroups.sh';

export type Entry = { content: string | Buffer; mode?: number } | { link: string } | { directory: number };
export type Entries = Record<string, Entry>;

export interface LayoutOptions {
  name: string;
  address: string;
  public: boolean;
  dcos: DcosVersion;
  /** The address of the name server. */
  gateway: string;
  /** All members of etcd, this host's among them or not: name → address. */
  members: Record<string, string>;
  /** This machine has CAP_SYS_RESOURCE, as an ordinary one has. */
  sysResource: boolean;
}

/** Ports of etcd's members, as Mesos could have given them; a proxy has 2379 on each host. */
export const ETCD_CLIENT_PORT = 4001;
export const ETCD_PEER_PORT = 2380;

const CONFIG_PACKAGE = 'dcos-config--setup_1f40b8a1c36e1ab6b8f1c24ae7b4eb5dfb6d2d55';
const MESOS_PACKAGE = 'mesos--0335ca0d3700ea88ad8b808f3b1b84d747ed07f0';
const PACKAGES = '/opt/mesosphere/packages';

function program(content: string): Entry {
  return { content, mode: 0o755 };
}

function dcosFiles({ address, dcos, public: isPublic }: LayoutOptions): Entries {
  const config = `${PACKAGES}/${CONFIG_PACKAGE}/etc`;
  const kind = isPublic ? 'slave_public' : 'slave';
  const files: Entries = {
    [`/etc/mesosphere/roles/${kind}`]: { content: '' },
    '/opt/mesosphere/bin/python3': { link: '/usr/bin/python3' },
    '/opt/mesosphere/bin/python': { link: 'python3' },
    '/opt/mesosphere/bin/detect_ip': program(`#!/bin/sh\necho ${address}\n`),
    '/opt/mesosphere/bin/mesos-agent': { link: `${PACKAGES}/${MESOS_PACKAGE}/bin/mesos-agent` },
    [`${PACKAGES}/${MESOS_PACKAGE}/bin/mesos-agent`]: program(agentProgram),
    '/opt/mesosphere/environment': {
      content: 'PATH=/opt/mesosphere/bin:/usr/bin:/bin:/sbin\nLD_LIBRARY_PATH=/opt/mesosphere/lib\n',
    },
    '/opt/mesosphere/lib': { directory: 0o755 },
    '/opt/mesosphere/active/cni': { link: `${PACKAGES}/${CNI_PACKAGE}` },
    '/opt/mesosphere/active/dcos-config': { link: `${PACKAGES}/${CONFIG_PACKAGE}` },
    '/opt/mesosphere/active/mesos': { link: `${PACKAGES}/${MESOS_PACKAGE}` },
    '/var/lib/dcos': { directory: 0o755 },
    '/var/lib/mesos/slave': { directory: 0o755 },
  };
  const configuration: Record<string, string> = {
    'mesos-slave-common': [
      'MESOS_NETWORK_CNI_CONFIG_DIR=/opt/mesosphere/etc/dcos/network/cni',
      `MESOS_NETWORK_CNI_PLUGINS_DIR=${cniPluginsDir(dcos, false)}`,
      'MESOS_WORK_DIR=/var/lib/mesos/slave',
      '',
    ].join('\n'),
    'dcos-version.json': `${JSON.stringify({ version: VERSIONS[dcos].dcos })}\n`,
    'dcos/network/cni/dummy.cni': `${JSON.stringify({ name: 'dummy', type: 'bridge', bridge: 'm-dummy', ipam: { type: 'host-local', subnet: '44.127.0.0/20' } }, null, 2)}\n`,
  };
  // `etc` is a tree of directories with links into the packages, made anew at each activation.
  for (const [path, content] of Object.entries(configuration)) {
    files[`${config}/${path}`] = { content };
    files[`/opt/mesosphere/etc/${path}`] = { link: `${config}/${path}` };
  }
  for (const name of ['bridge', 'host-local', 'loopback']) {
    files[`${PACKAGES}/${CNI_PACKAGE}/${name}`] = program('#!/bin/sh\nexit 0\n');
  }
  return files;
}

function unit(lines: readonly string[]): Entry {
  return { content: `${lines.join('\n')}\n` };
}

function units(options: LayoutOptions): Entries {
  const name = options.public ? 'dcos-mesos-slave-public' : 'dcos-mesos-slave';
  const files: Entries = {
    '/etc/systemd/system/dcos.target': unit([
      '[Unit]',
      'After=network-online.target',
      '',
      '[Install]',
      'WantedBy=multi-user.target',
    ]),
    '/etc/systemd/system/multi-user.target.wants/dcos.target': { link: '/etc/systemd/system/dcos.target' },
    [`/etc/systemd/system/dcos.target.wants/${name}.service`]: {
      link: `/etc/systemd/system/${name}.service`,
    },
    [`/etc/systemd/system/${name}.service`]: unit([
      '[Unit]',
      `Description=Mesos Agent${options.public ? ' Public' : ''}: distributed systems kernel agent`,
      '',
      '[Service]',
      'Restart=always',
      'StartLimitInterval=0',
      'RestartSec=5',
      'KillMode=control-group',
      'Delegate=true',
      'LimitNOFILE=infinity',
      'EnvironmentFile=/opt/mesosphere/environment',
      'EnvironmentFile=/opt/mesosphere/etc/mesos-slave-common',
      'EnvironmentFile=-/opt/mesosphere/etc/mesos-slave-common-extras',
      'EnvironmentFile=-/var/lib/dcos/mesos-slave-common',
      // As DC/OS has it: every start of the agent makes the kernel's check of source addresses a loose one.
      "ExecStartPre=/bin/bash -c 'for i in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 2 > $i; done'",
      'ExecStart=/opt/mesosphere/bin/mesos-agent',
    ]),
    // DC/OS' own drop-in (dcos/dcos cloud_images/centos7/install_prereqs.sh), with the path that Debian's package has.
    '/etc/systemd/system/docker.service.d/execstart.conf': unit([
      '[Service]',
      'Restart=always',
      'StartLimitInterval=0',
      'RestartSec=15',
      'ExecStartPre=-/sbin/ip link del docker0',
      'ExecStart=',
      'ExecStart=/usr/sbin/dockerd --storage-driver=overlay2 --containerd=/run/containerd/containerd.sock',
    ]),
    '/etc/systemd/system/etcd.service': { link: '/dev/null' },
  };
  if (options.members[options.name]) {
    files['/etc/systemd/system/etcd-member.service'] = etcdUnit(options);
    files['/etc/systemd/system/multi-user.target.wants/etcd-member.service'] = {
      link: '/etc/systemd/system/etcd-member.service',
    };
  }
  return files;
}

/** A member of etcd, which on a cluster is a Mesos framework's task. */
function etcdUnit({ name, address, members }: LayoutOptions): Entry {
  const cluster = Object.entries(members).map(([each, ip]) => `${each}=http://${ip}:${ETCD_PEER_PORT}`);
  return unit([
    '[Unit]',
    "Description=Member of the practice cluster's etcd",
    'After=network-online.target',
    'Wants=network-online.target',
    '',
    '[Service]',
    'Restart=always',
    'RestartSec=1',
    'StartLimitInterval=0',
    [
      `ExecStart=/usr/bin/etcd --name=${name} --data-dir=/var/lib/etcd-member --enable-v2=true`,
      `--listen-client-urls=http://${address}:${ETCD_CLIENT_PORT} --advertise-client-urls=http://${address}:${ETCD_CLIENT_PORT}`,
      `--listen-peer-urls=http://${address}:${ETCD_PEER_PORT} --initial-advertise-peer-urls=http://${address}:${ETCD_PEER_PORT}`,
      `--initial-cluster=${cluster.join(',')} --initial-cluster-token=practice`,
    ].join(' '),
  ]);
}

/** What a systemd-nspawn machine needs to be like a host: nothing of it is on a real agent. */
function machineFiles({ name, address, gateway, sysResource }: LayoutOptions): Entries {
  return {
    '/etc/hostname': { content: `${name}\n` },
    '/etc/hosts': { content: `127.0.0.1 localhost\n${address} ${name}\n` },
    '/etc/machine-id': { content: '' },
    '/etc/resolv.conf': { content: `nameserver ${gateway}\noptions timeout:1 attempts:2\n` },
    '/etc/systemd/network/10-host.network': unit([
      '[Match]',
      'Name=host0',
      '',
      '[Network]',
      `Address=${address}/24`,
      'LinkLocalAddressing=no',
      'IPv6AcceptRA=no',
      'LLMNR=no',
    ]),
    '/etc/systemd/system/multi-user.target.wants/systemd-networkd.service': {
      link: '/lib/systemd/system/systemd-networkd.service',
    },
    '/etc/systemd/system/network-online.target.wants/systemd-networkd-wait-online.service': {
      link: '/lib/systemd/system/systemd-networkd-wait-online.service',
    },
    // Of v1, nspawn mounts all hierarchies but systemd's read-only, and Docker must make groups in them.
    '/usr/local/sbin/writable-cgroups': program(cgroupsScript),
    '/etc/systemd/system/writable-cgroups.service': unit([
      '[Unit]',
      'Description=Lets Docker make cgroups in this machine',
      'Before=docker.service containerd.service',
      '',
      '[Service]',
      'Type=oneshot',
      'RemainAfterExit=yes',
      'ExecStart=/usr/local/sbin/writable-cgroups',
    ]),
    '/etc/systemd/system/multi-user.target.wants/writable-cgroups.service': {
      link: '/etc/systemd/system/writable-cgroups.service',
    },
    // `docker run --privileged` asks for every capability, of which a virtual machine may lack this one.
    ...(sysResource ? {} : { '/usr/local/sbin/runc': program(runcScript) }),
    // Timers of Debian's own housekeeping.
    ...Object.fromEntries(
      [
        'apt-daily.timer',
        'apt-daily-upgrade.timer',
        'dpkg-db-backup.timer',
        'e2scrub_all.timer',
        'fstrim.timer',
      ].map((timer) => [`/etc/systemd/system/${timer}`, { link: '/dev/null' }]),
    ),
  };
}

/** All files of a host, by absolute path on it. */
export function layout(options: LayoutOptions): Entries {
  return { ...dcosFiles(options), ...units(options), ...machineFiles(options) };
}
