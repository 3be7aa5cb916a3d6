// Checks for what is on the cluster already and would fight with ours.
import type { Check } from './types.ts';

export const universeFramework: Check = {
  code: 'CAL1003',
  title: 'Calico framework of the Universe',
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
