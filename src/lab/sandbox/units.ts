// Unit files that an agent has before Calico comes: Docker's, as Docker's packages and DC/OS's drop-ins write them
// (dcos/dcos@1.9.10 cloud_images/centos7/install_prereqs.sh), and DC/OS's own (packages/mesos/extra).
import type { HostSpec } from './spec.ts';

type Files = Record<string, { content: string; mode?: number }>;

export function dockerUnits(spec: HostSpec): Files {
  if (spec.docker?.state === 'absent') return {};
  const flags = ['--storage-driver=overlay', ...(spec.docker?.flags ?? [])].join(' ');
  return {
    '/usr/lib/systemd/system/docker.service': {
      content: `[Unit]
Description=Docker Application Container Engine
Documentation=https://docs.docker.com
After=network-online.target firewalld.service
Wants=network-online.target

[Service]
Type=notify
ExecStart=/usr/bin/dockerd
ExecReload=/bin/kill -s HUP $MAINPID
LimitNOFILE=infinity
LimitNPROC=infinity
LimitCORE=infinity
TimeoutStartSec=0
Delegate=yes
KillMode=process

[Install]
WantedBy=multi-user.target
`,
    },
    '/etc/systemd/system/docker.service.d/execstart.conf': {
      content: `[Service]
Restart=always
StartLimitInterval=0
RestartSec=15
ExecStartPre=-/sbin/ip link del docker0
ExecStart=
ExecStart=/usr/bin/dockerd ${flags}
`,
    },
  };
}

export function agentUnits(spec: HostSpec): Files {
  const name = spec.public ? 'dcos-mesos-slave-public' : 'dcos-mesos-slave';
  const kind = spec.public ? 'Mesos Agent Public' : 'Mesos Agent';
  const network =
    spec.dcos === '1.9' || spec.dcos === '1.10' ? ['dcos-spartan', 'dcos-navstar'] : ['dcos-net'];
  const result: Files = {
    [`/etc/systemd/system/${name}.service`]: {
      content: `[Unit]
Description=${kind}: distributed systems kernel agent

[Service]
Restart=always
StartLimitInterval=0
RestartSec=5
KillMode=control-group
Delegate=true
LimitNOFILE=infinity
EnvironmentFile=/opt/mesosphere/environment
EnvironmentFile=/opt/mesosphere/etc/mesos-slave-common
EnvironmentFile=-/opt/mesosphere/etc/mesos-slave-common-extras
EnvironmentFile=-/var/lib/dcos/mesos-slave-common
ExecStart=/opt/mesosphere/bin/mesos-agent

[Install]
WantedBy=multi-user.target
`,
    },
    '/opt/mesosphere/environment': {
      content: 'PATH=/opt/mesosphere/bin:/usr/bin:/bin:/sbin\nLD_LIBRARY_PATH=/opt/mesosphere/lib\n',
    },
  };
  for (const unit of network) {
    result[`/etc/systemd/system/${unit}.service`] = {
      content: `[Unit]\nDescription=DC/OS Net\n\n[Service]\nRestart=always\nRestartSec=5\nExecStart=/opt/mesosphere/bin/${unit}-env foreground\n\n[Install]\nWantedBy=multi-user.target\n`,
    };
  }
  if (spec.nativeCalico) {
    for (const unit of ['felix', 'bird', 'confd', 'libnetwork-plugin']) {
      result[`/etc/systemd/system/dcos-calico-${unit}.service`] = {
        content: `[Unit]\nDescription=DC/OS Calico ${unit}\n\n[Service]\nRestart=always\nRestartSec=5\nExecStart=/opt/mesosphere/bin/calico-${unit}\n\n[Install]\nWantedBy=multi-user.target\n`,
      };
    }
  }
  return result;
}
