// Checks of an agent's machine: tools, systemd, kernel, disk, clock.
import { onAgents } from './on-agents.ts';
import type { Check } from './types.ts';

const EXCLUDE = 'Or leave the agent alone: --exclude AGENT';

export const tools: Check = {
  code: 'CAL1021',
  title: 'Tools on the agents',
  from: "On each agent: DC/OS's own Python starts, and curl, ip, iptables and ipset are there.",
  means:
    'The steps are shell and Python 3.5 or later, as every DC/OS from 1.9 on has it, and fetch what they need with curl. ip, iptables and ipset are needed to take Calico off again.',
  remedy:
    'Install what is missing with the package manager of the agent. A missing `/opt/mesosphere/bin/python3` means that DC/OS itself is damaged there.',
  can: ['stops', 'warns'],
  look: (facts) =>
    onAgents(facts, ({ failure, missingTools: missing }) => {
      if (failure) return { severity: 'stops', what: capital(failure), remedy: [EXCLUDE] };
      if (missing.length === 0) return undefined;
      return {
        severity: missing.includes('curl') ? 'stops' : 'warns',
        what: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not installed`,
        remedy: ['Install it with the package manager of the agent.', EXCLUDE],
      };
    }),
};

export const bus: Check = {
  code: 'CAL1022',
  title: 'A way to systemd',
  from: "On each agent: a property of Docker's unit is read over the system bus, as the steps do it (busctl, dbus-send or systemctl).",
  means:
    'A Mesos task has a PID namespace of its own, in which plain `systemctl` cannot connect. Without the bus a step can start no unit and have Docker reload nothing.',
  remedy:
    'Install `busctl` (part of systemd) or `dbus-send` (package dbus) on the agent, and see that dbus runs: `systemctl status dbus`.',
  can: ['stops'],
  explains: ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'],
  look: (facts) =>
    onAgents(facts, ({ bus: why }) =>
      why
        ? {
            severity: 'stops',
            what: capital(why),
            remedy: ['systemctl status dbus     on the agent', 'Install busctl or dbus-send there.', EXCLUDE],
          }
        : undefined,
    ),
};

export const systemdVersion: Check = {
  code: 'CAL1023',
  title: 'Version of systemd',
  from: 'On each agent: `systemctl --version`.',
  means:
    'The steps were held against systemd from 219 (CentOS 7) on. An older one is asked in the same way, and nobody has seen it work.',
  remedy: 'Upgrade the operating system of the agent, or try one such agent as the canary.',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ systemdVersion: version }) =>
      version > 0 && version < 219
        ? {
            severity: 'warns',
            what: `systemd ${version} is older than 219, the oldest that this was held against`,
            remedy: ['Make one such agent the canary: --canary AGENT'],
          }
        : undefined,
    ),
};

export const nativeCalico: Check = {
  code: 'CAL1024',
  title: "DC/OS's own Calico on an agent",
  from: 'On each agent: `/opt/mesosphere/etc/calico/calico_enabled`, or the network of the chain `M-CALICO` in `calico.conf` that DC/OS 2.1 puts there.',
  means:
    'DC/OS from 2.1 on runs a Calico of its own. Two on one host would fight over the same routes and rules: every step stands down there.',
  remedy:
    "Use DC/OS's own. On an agent that was upgraded ahead of the others, finish or take back the upgrade first.",
  can: ['stops'],
  cannotBeWaived: true,
  explains: ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'],
  look: (facts) =>
    onAgents(facts, ({ native }) =>
      native
        ? {
            severity: 'stops',
            what: 'DC/OS runs its own Calico on the agent',
            remedy: ['Use the one that is there: its network is called calico.', EXCLUDE],
          }
        : undefined,
    ),
};

export const cgroups: Check = {
  code: 'CAL1034',
  title: 'cgroups where the Mesos agent would restart',
  from: 'On each agent whose Mesos agent needs other flags: `/sys/fs/cgroup/unified`, `/sys/fs/cgroup/cgroup.controllers`.',
  means:
    'Where systemd runs in hybrid or unified cgroup mode, a restart of the Mesos agent ends every Mesos task of the host: Mesos moves its tasks only out of the v1 hierarchy of systemd. On legacy cgroups tasks live on.',
  remedy:
    'Drain the agent before its restart, or put the CNI files where it looks already (cni.cni-plugins-dir, cni.cni-config-dir).',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ cniElsewhere, cgroups: mode }) =>
      cniElsewhere && (mode === 'hybrid' || mode === 'unified')
        ? {
            severity: 'warns',
            what: `A restart of the Mesos agent would end every Mesos task there: its cgroups are ${mode}`,
            remedy: ['dcos node drain AGENT     before it is restarted (DC/OS 2.0 and later)'],
          }
        : undefined,
    ),
};

export const modules: Check = {
  code: 'CAL1036',
  title: 'Kernel modules',
  from: 'On each agent: `modprobe -n`, the loaded and the built-in modules, for the list that `calicoctl node checksystem` has.',
  means:
    'Felix programs iptables and ipsets. Without one of these modules it does not start, and calico/node never becomes ready.',
  remedy:
    'Load the module (`modprobe NAME`), or install the package of the kernel that has it (`kernel-modules-extra` on RHEL 8).',
  can: ['stops', 'warns'],
  look(facts) {
    const { node } = facts.options;
    if (!node.enable) return [];
    return [
      ...onAgents(facts, ({ modulesMissing: missing }) =>
        missing.length > 0
          ? {
              severity: 'stops',
              what: `The kernel has no ${missing.join(', ')}, which Felix needs`,
              remedy: [`modprobe ${missing[0]}     on the agent`, EXCLUDE],
            }
          : undefined,
      ),
      ...onAgents(facts, ({ optionalMissing: missing }) =>
        node.ipip !== 'off' && missing.includes('ipip')
          ? {
              severity: 'stops',
              what: 'The kernel has no ipip, which IPIP needs',
              remedy: ['modprobe ipip     on the agent', 'Or do without: --set node.ipip=off', EXCLUDE],
            }
          : undefined,
      ),
    ];
  },
};

export const iptables: Check = {
  code: 'CAL1037',
  title: 'Backend of iptables',
  from: 'On each agent: `iptables --version`.',
  means:
    'Felix 2.6 knows only the legacy backend of iptables. Beside rules of the host in nf_tables its own do not decide alone what passes.',
  remedy:
    'Switch the agent to the legacy backend: `update-alternatives --set iptables /usr/sbin/iptables-legacy` (Debian), and restart Docker there.',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ iptables: version }) =>
      facts.options.node.enable && version.includes('nf_tables')
        ? {
            severity: 'warns',
            what: 'iptables uses nf_tables, and Felix 2.6 knows only its legacy backend',
            remedy: ['Try one such agent first: --canary AGENT'],
          }
        : undefined,
    ),
};

export const rpFilter: Check = {
  code: 'CAL1038',
  title: 'Loose reverse path filter',
  from: 'On each agent: `/proc/sys/net/ipv4/conf/all/rp_filter`.',
  means:
    'DC/OS sets `rp_filter` to 2 whenever a Mesos agent starts, and Felix would refuse to run: it is told to go on (`FELIX_IGNORELOOSERPF`). With a loose filter a workload that may open raw sockets (CAP_NET_RAW) can send with the address of another one.',
  remedy: 'Run containers that you do not trust without the capability NET_RAW.',
  can: ['informs'],
  look: (facts) =>
    onAgents(facts, ({ rpFilter: value }) =>
      facts.options.node.enable && value === 2
        ? {
            severity: 'informs',
            what: 'The reverse path filter is loose, as DC/OS sets it: a workload with CAP_NET_RAW can send with the address of another one',
            remedy: [],
          }
        : undefined,
    ),
};

const NO_ROOM = 512;
const LITTLE_ROOM = 2048;

export const disk: Check = {
  code: 'CAL1039',
  title: 'Room on the disk',
  from: "On each agent: `df` of /var/lib, /opt and Docker's directory.",
  means:
    'The images of calico/node and libnetwork take about 400 MiB in Docker, the other files about 100 MiB below /var/lib/dcos-calico and /opt/dcos-calico.',
  remedy: 'Make room: `docker image prune` on the agent.',
  can: ['stops', 'warns'],
  look: (facts) =>
    onAgents(facts, ({ disk: free }) => {
      const [place, least] = Object.entries(free).sort(([, a], [, b]) => a - b)[0] ?? [];
      if (least === undefined || least >= LITTLE_ROOM) return undefined;
      return {
        severity: least < NO_ROOM ? 'stops' : 'warns',
        // Rounded, so that agents that are full alike are one finding.
        what: `Less than ${least < NO_ROOM ? NO_ROOM : LITTLE_ROOM} MiB are free in ${place}`,
        remedy: ['docker image prune     on the agent', EXCLUDE],
      };
    }),
};

export const memory: Check = {
  code: 'CAL1040',
  title: 'Memory',
  from: 'On each agent: MemAvailable of `/proc/meminfo`, against the limits of the containers (node.mem-limit, libnetwork.mem-limit).',
  means:
    'Mesos hands out the memory of an agent without knowing of containers that a unit runs. What calico/node and libnetwork may use must be left over.',
  remedy: 'Lower the limits, or reserve memory for the host in the configuration of DC/OS.',
  can: ['warns'],
  look(facts) {
    const { node, libnetwork } = facts.options;
    const needed = (node.enable ? node['mem-limit'] : 0) + (libnetwork.enable ? libnetwork['mem-limit'] : 0);
    return onAgents(facts, ({ memory: free }) =>
      free !== undefined && free < needed
        ? {
            severity: 'warns',
            what: `Less than ${needed} MiB of memory are free, the limits of Calico's containers together`,
            remedy: ['Lower the limits: --set node.mem-limit=MIB --set libnetwork.mem-limit=MIB'],
          }
        : undefined,
    );
  },
};

const CLOCK_SECONDS = 30;

export const clock: Check = {
  code: 'CAL1041',
  title: 'Clocks',
  from: 'On each agent: its time against the date with which Mesos-DNS on a master answers.',
  means:
    "etcd's leases and the order of what is reported rest on the clocks. A report of Felix that lies in the past counts as none.",
  remedy: 'Have the clocks synchronised: `timedatectl` on the agent.',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ clock: ahead }) =>
      ahead !== undefined && Math.abs(ahead) > CLOCK_SECONDS
        ? {
            severity: 'warns',
            what: `The clock is more than ${CLOCK_SECONDS} s ${ahead > 0 ? 'ahead of' : 'behind'} the master's`,
            remedy: ['timedatectl     on the agent'],
          }
        : undefined,
    ),
};

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
