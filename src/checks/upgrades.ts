// Checks of an upgrade before it is made.
import type { Check } from './types.ts';

function numbers(version: string): [number, number] {
  const [, major = '0', minor = '0'] = /^(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}

function atLeast(version: string, major: number, minor: number): boolean {
  const [ours, ourMinor] = numbers(version);
  return ours > major || (ours === major && ourMinor >= minor);
}

export const forDcos: Check = {
  code: 'CAL1046',
  title: 'An upgrade of DC/OS',
  from: 'The version given with --for-dcos.',
  means:
    'DC/OS from 2.1 on runs a Calico of its own on every agent: the steps stand down where it appears. An upgrade replaces the directories of CNI; a unit puts the files back before the Mesos agent starts.',
  remedy:
    'Before 2.1: take this Calico off first (`dcos calico uninstall`), or upgrade with `calico_enabled: "false"` in the configuration (2.1.2 and later).',
  can: ['stops', 'informs'],
  look({ forDcos: version, dcosVersion, nativeCalico }) {
    if (version === undefined) return [];
    const off = nativeCalico && 'value' in nativeCalico && nativeCalico.value.on.length === 0;
    if (off && atLeast(version, 2, 1))
      return [
        {
          severity: 'informs',
          what: `DC/OS's own Calico is off, and stays off with DC/OS ${version} if its configuration goes on saying calico_enabled: false`,
          remedy: ['dcos calico status     after each agent'],
        },
      ];
    if (atLeast(version, 2, 1))
      return [
        {
          severity: 'stops',
          what: `DC/OS ${version} runs its own Calico on every agent, where all steps of this one would stand down`,
          remedy: [
            'dcos calico uninstall     before the upgrade, and use its network calico afterwards',
            'Or upgrade with calico_enabled: "false" in its configuration (2.1.2 and later).',
          ],
        },
      ];
    const before = `${numbers(version)}` === `${numbers(dcosVersion)}` ? 'The same minor version. ' : '';
    return [
      {
        severity: 'informs',
        what: `${before}DC/OS ${version} brings no Calico of its own; the upgrade replaces the CNI directories, and the unit dcos-calico-cni puts the files back on each agent before its Mesos starts`,
        remedy: ['dcos calico status     after each agent'],
      },
    ];
  },
};

export const forDocker: Check = {
  code: 'CAL1047',
  title: 'An upgrade of Docker',
  from: 'The version given with --for-docker.',
  means:
    'Docker took the cluster store out in 23.0, and does not start while the keys are in daemon.json. From 20.10 on it says that it will.',
  remedy:
    'Disable the Docker steps before the upgrade: docker.enable false, libnetwork.enable false; they take the keys out again.',
  can: ['stops', 'informs'],
  look({ forDocker: version, options }) {
    if (version === undefined) return [];
    const keys = options.docker.enable;
    if (atLeast(version, 23, 0))
      return [
        {
          severity: keys ? 'stops' : 'informs',
          what: keys
            ? `Docker ${version} has no cluster store, and would not start with the keys in daemon.json`
            : `Docker ${version} has no cluster store; the options use none`,
          remedy: keys
            ? [
                'dcos calico install --set docker.enable=false --set libnetwork.enable=false     before the upgrade',
              ]
            : [],
        },
      ];
    return [
      {
        severity: 'informs',
        what: `Docker ${version} has a cluster store${atLeast(version, 20, 10) ? ', which it calls deprecated' : ''}; its restart ends every Docker container on the agent`,
        remedy: [],
      },
    ];
  },
};
