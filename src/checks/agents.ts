// Checks of the agents, as far as Mesos tells.
import type { Check, UnfitAgent } from './types.ts';

/** Agents of equal reason together, the most first. */
function grouped(agents: readonly UnfitAgent[]): { reason: string; hosts: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { host, reason } of agents) groups.set(reason, [...(groups.get(reason) ?? []), host]);
  return [...groups]
    .map(([reason, hosts]) => ({ reason, hosts }))
    .sort((a, b) => b.hosts.length - a.hosts.length || a.reason.localeCompare(b.reason));
}

/** They are left out, and covered by the same command once it is mended. */
function unfit(code: string, title: string, kinds: readonly string[], remedy: string[]): Check {
  return {
    code,
    title,
    look: ({ unfit: agents }) =>
      grouped(agents.filter(({ kind }) => kinds.includes(kind))).map(({ reason, hosts }) => ({
        severity: 'warns',
        what: reason.charAt(0).toUpperCase() + reason.slice(1),
        agents: hosts,
        remedy,
      })),
  };
}

const AGAIN = 'The same command covers them later.';

export const room = unfit(
  'CAL1007',
  'Room for the tasks',
  ['no room'],
  [
    'Free what is missing, or lower what the steps reserve (the cpu-limit and mem-limit of etcd, libnetwork and node).',
    AGAIN,
  ],
);

export const away = unfit(
  'CAL1012',
  'Agents that take no tasks',
  ['inactive', 'deactivated', 'draining', 'unreachable'],
  ['dcos node list', AGAIN],
);

export const reserved = unfit(
  'CAL1013',
  'Agents reserved to other services',
  ['reserved'],
  ['Marathon can start nothing there, whatever is free: leave a little unreserved, or exclude them.'],
);

export const windows: Check = {
  code: 'CAL1014',
  title: 'Windows agents',
  look({ unfit: agents }) {
    const hosts = agents.filter(({ kind }) => kind === 'windows').map(({ host }) => host);
    if (hosts.length === 0) return [];
    return [{ severity: 'informs', what: 'Windows agents are left alone', agents: hosts, remedy: [] }];
  },
};

export const onTheAgents: Check = {
  code: 'CAL1015',
  title: 'What only the agents can tell',
  look({ installed }) {
    if (installed) return [];
    return [
      {
        severity: 'informs',
        what: "Docker's version, its present store and pending changes of its configuration, kernel modules and disk are looked at by the steps themselves, before they change anything; what is in the way is reported there and nothing is touched",
        remedy: [],
      },
    ];
  },
};
