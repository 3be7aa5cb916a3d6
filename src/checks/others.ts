// Checks for what is on the cluster already and would fight with ours.
import { onAgents } from './on-agents.ts';
import type { Check } from './types.ts';

export const universeFramework: Check = {
  code: 'CAL1003',
  title: 'Calico framework of the Universe',
  from: "Marathon's apps with the label DCOS_PACKAGE_NAME=calico.",
  means: 'The framework of the Universe goes on changing the same agents, and restarts Docker on them.',
  remedy:
    '`dcos package uninstall calico`. What it put on the agents stays there, and is taken over as far as it fits.',
  can: ['stops'],
  look({ packages }) {
    if (!('value' in packages)) return [];
    const found = packages.value.filter(({ name }) => name === 'calico');
    if (found.length === 0) return [];
    return [
      {
        severity: 'stops',
        what: `The Calico framework of the Universe is installed (${found.map(({ id, version }) => (version ? `${id}, version ${version}` : id)).join('; ')}): it would go on changing the same agents, and restart Docker on them`,
        remedy: [
          'dcos package uninstall calico',
          'What it put on the agents stays there, and is taken over as far as it fits.',
        ],
      },
    ];
  },
};

export const otherCalico: Check = {
  code: 'CAL1004',
  title: 'Another Calico',
  from: "Marathon's apps of packages with calico in their name.",
  means: 'Two calico/node on one host fight over it.',
  remedy: 'Make sure that the other does not run calico/node on the agents.',
  can: ['warns'],
  look({ packages }) {
    if (!('value' in packages)) return [];
    const found = packages.value.filter(({ name }) => name !== 'calico' && /calico/i.test(name));
    if (found.length === 0) return [];
    return [
      {
        severity: 'warns',
        what: `Other packages with Calico in their name are installed: ${found.map(({ id, name }) => `${name} at ${id}`).join(', ')}`,
        remedy: ['Make sure that they do not run calico/node on the agents: two on one host fight over it.'],
      },
    ];
  },
};

export const permissions: Check = {
  code: 'CAL1008',
  title: 'Permissions',
  from: 'The answer 403 to a read, with the permissions that it names.',
  means:
    'Without the reads that the plan rests on there is none; without the others a check could not be made.',
  remedy: 'An administrator grants what is named: `dcos security org users grant USER PERMISSION`.',
  can: ['stops', 'warns'],
  cannotBeWaived: true,
  look({ packages, etcdRecords }) {
    const missing = [packages, etcdRecords].flatMap((answered) =>
      answered && 'unknown' in answered && answered.forbidden ? [answered] : [],
    );
    return missing.map((answered) => ({
      severity: 'warns' as const,
      what: `${answered.unknown}, so what depends on it was not checked`,
      remedy: [`An administrator grants: ${answered.forbidden!.join('; ')}`],
    }));
  },
};

export const refusal: Check = {
  code: 'CAL1048',
  title: 'What stops every plan',
  from: 'The planner, from what Marathon and Mesos tell and the options in force.',
  means:
    'Something of another origin is at /calico, a deployment of somebody else is at work there, no agent can have the tasks, or the options differ from the installed ones in what cannot be changed.',
  remedy: 'Each has its own, which `dcos calico install` tells too: [errors.md](errors.md).',
  can: ['stops'],
  cannotBeWaived: true,
  look({ refusal: refused }) {
    if (!refused) return [];
    const { what, why, remedy } = refused;
    return [{ severity: 'stops', what: why ? `${what}: ${why}` : what, remedy: [...remedy] }];
  },
};

export const forgotten: Check = {
  code: 'CAL1049',
  title: 'Agents that have Calico, and a cluster that does not know',
  from: 'On each agent: steps that find all as they want it, where Marathon has no group /calico of ours.',
  means:
    'The group /calico was deleted, and the agents were not asked: their units go on running, and nobody keeps them or says how they are. An install with the same options takes them over and changes nothing on them; with others it changes what differs.',
  remedy:
    '`dcos calico install`, with the options that Calico was installed with; to take it off, `dcos calico uninstall` after that.',
  can: ['warns'],
  look: (facts) =>
    facts.installed
      ? []
      : onAgents(facts, ({ steps }) => {
          const there = Object.entries(steps)
            .filter(([, { state }]) => state === 'ready')
            .map(([step]) => step);
          // A store that is as wanted, or a container that is taken over, may be somebody else's; units of these two are ours.
          if (!there.includes('cni') && !there.includes('etcd-proxy')) return undefined;
          return {
            severity: 'warns',
            what: `Calico is there already, by this program (${there.join(', ')}), and the group /calico that kept it is gone`,
            remedy: [
              'dcos calico diff     shows what an install would change there',
              'To take it off: install first, then dcos calico uninstall',
            ],
          };
        }),
};
