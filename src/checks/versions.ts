// Checks of what the cluster is made of.
import type { Check, Facts, Found } from './types.ts';

function majorMinor(version: string): [number, number] | undefined {
  const found = /^(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function before(version: [number, number], [major, minor]: [number, number]): boolean {
  return version[0] < major || (version[0] === major && version[1] < minor);
}

export const dcosVersion: Check = {
  code: 'CAL1001',
  title: 'DC/OS version',
  from: "The version that the cluster says of itself, without a login. From 2.1 on also where some agents' Mesos looks for plugins of CNI (`/agent/ID/flags`, `network_cni_plugins_dir`): in `/opt/mesosphere/active/calico/cni` where DC/OS's own Calico is on.",
  means:
    'Below 1.9 Mesos reads new networks only when every agent restarts. From 2.1 on DC/OS brings a Calico of its own, which is on unless its configuration says `calico_enabled: false`, as 2.1.2 and later can (COPS-6451); 2.1.0 and 2.1.1 always run it.',
  remedy:
    'Upgrade DC/OS, or use the Calico that it brings: a network `calico` for both containerizers, with policy, on private and public agents. Or turn that one off: `calico_enabled: false` in the configuration of DC/OS (2.1.2 and later).',
  can: ['stops'],
  cannotBeWaived: true,
  look({ dcosVersion: text, nativeCalico }) {
    const version = majorMinor(text);
    if (!version)
      return [
        {
          severity: 'stops',
          what: `DC/OS says that it is "${text}", which is no version`,
          remedy: ['dcos cluster list'],
        },
      ];
    if (before(version, [1, 9]))
      return [
        {
          severity: 'stops',
          what: `DC/OS ${text} is older than 1.9: its Mesos reads new network configuration only when every agent restarts`,
          remedy: ['Upgrade DC/OS to 1.9 or later first.'],
        },
      ];
    return before(version, [2, 1]) ? [] : ofItsOwn(text, nativeCalico);
  },
};

/** From 2.1 on: refused only where its own Calico is on, or nobody can tell. */
function ofItsOwn(text: string, native: Facts['nativeCalico']): Found[] {
  if (native && 'unknown' in native)
    return [
      {
        severity: 'stops',
        what: `DC/OS ${text} brings a Calico of its own, and whether it is on cannot be told: ${native.unknown}`,
        remedy: native.forbidden
          ? [`An administrator grants: ${native.forbidden.join('; ')}`]
          : ['dcos node list', 'Run the same command again once an agent answers.'],
      },
    ];
  if (native && native.value.on.length === 0) return [];
  const only = native && native.value.on.length < native.value.asked ? native.value.on.join(', ') : '';
  return [
    {
      severity: 'stops',
      what: `DC/OS ${text} runs its own Calico on ${only || 'every agent'}: two would fight over the same network`,
      remedy: [
        'Use the one that is there: its network calico is there for both containerizers, on every agent, with policy.',
        "dcos calico get nodes       shows its nodes: calicoctl's commands (get, apply, delete, ipam, node, …) go to DC/OS's own",
        'Or turn it off in the configuration of DC/OS (2.1.2 and later): calico_enabled: false',
      ],
    },
  ];
}

export const marathonVersion: Check = {
  code: 'CAL1002',
  title: 'Marathon version',
  from: "Marathon's `/v2/info`.",
  means: "Marathon 1.4 is DC/OS 1.9's, and the oldest whose apps this program knows.",
  remedy: 'Name another Marathon: `--marathon NAME`.',
  can: ['stops'],
  cannotBeWaived: true,
  look({ marathonVersion: text }) {
    const version = majorMinor(text);
    if (version && !before(version, [1, 4])) return [];
    return [
      {
        severity: 'stops',
        what: version
          ? `Marathon ${text} is older than 1.4, the one of DC/OS 1.9`
          : `Marathon says that it is "${text}", which is no version`,
        remedy: ['Use another Marathon: dcos calico install --marathon NAME'],
      },
    ];
  },
};

export const mixedMesos: Check = {
  code: 'CAL1009',
  title: 'Mesos versions of the agents',
  from: 'The version that Mesos lists of each agent.',
  means:
    'An upgrade of DC/OS that is under way replaces the directories that Calico is put into, agent by agent.',
  remedy: 'Finish the upgrade first.',
  can: ['warns'],
  look({ agents }) {
    const counts = new Map<string, number>();
    for (const { version } of agents) counts.set(version, (counts.get(version) ?? 0) + 1);
    if (counts.size < 2) return [];
    const list = [...counts].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
    return [
      {
        severity: 'warns',
        what: `The agents run different versions of Mesos: ${list.map(([version, count]) => `${version} on ${count}`).join(', ')}; an upgrade of DC/OS seems to be under way`,
        remedy: [
          'Finish the upgrade first: it replaces the directories that Calico is put into, and the rollout would find them gone.',
        ],
      },
    ];
  },
};
