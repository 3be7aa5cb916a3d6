// Checks of agents that can have no tasks, and of those that could not be asked.
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import { onAgents } from './on-agents.ts';
import type { Check, UnfitAgent } from './types.ts';

/** Agents of equal reason together, the most first. */
function grouped(
  agents: readonly Pick<UnfitAgent, 'host' | 'reason'>[],
): { reason: string; hosts: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { host, reason } of agents) groups.set(reason, [...(groups.get(reason) ?? []), host]);
  return [...groups]
    .map(([reason, hosts]) => ({ reason, hosts }))
    .sort((a, b) => b.hosts.length - a.hosts.length || a.reason.localeCompare(b.reason));
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** They are left out, and covered by the same command once it is mended. */
function unfit(
  about: Pick<Check, 'code' | 'title' | 'from' | 'means' | 'remedy'>,
  kinds: readonly string[],
  remedy: string[],
): Check {
  return {
    ...about,
    can: ['warns'],
    look: ({ unfit: agents }) =>
      grouped(agents.filter(({ kind }) => kinds.includes(kind))).map(({ reason, hosts }) => ({
        severity: 'warns',
        what: capital(reason),
        agents: hosts,
        remedy,
      })),
  };
}

const AGAIN = 'The same command covers them later.';

export const room = unfit(
  {
    code: 'CAL1007',
    title: 'Room for the tasks',
    from: "What Mesos lists of each agent as unreserved and as Marathon's own, less what is in use.",
    means:
      'An agent on which one of the tasks does not fit is left out: half of the steps would be there for nothing.',
    remedy: 'Free what is missing, or lower what the steps reserve. The same command covers the agent later.',
  },
  ['no room'],
  [
    'Free what is missing, or lower what the steps reserve (the cpu-limit and mem-limit of etcd, libnetwork and node).',
    AGAIN,
  ],
);

export const away = unfit(
  {
    code: 'CAL1012',
    title: 'Agents that take no tasks',
    from: "Mesos' list of agents: inactive, deactivated, draining, or with tasks that it has lost sight of.",
    means: 'No task can be started there now.',
    remedy: 'Bring the agent back (`dcos node reactivate ID`), and run the same command again.',
  },
  ['inactive', 'deactivated', 'draining', 'unreachable'],
  ['dcos node list', AGAIN],
);

export const reserved = unfit(
  {
    code: 'CAL1013',
    title: 'Agents reserved to other services',
    from: "Mesos' list of agents: neither CPU nor memory for Marathon's roles.",
    means: 'The root Marathon can start nothing there, whatever is free.',
    remedy: 'Leave a little of the agent unreserved, or exclude it.',
  },
  ['reserved'],
  ['Marathon can start nothing there, whatever is free: leave a little unreserved, or exclude them.'],
);

export const windows: Check = {
  code: 'CAL1014',
  title: 'Windows agents',
  from: 'The attribute `os` of the agents.',
  means: 'The steps are shell and Python on Linux. Windows agents get no task.',
  remedy: 'Nothing is to be done.',
  can: ['informs'],
  look({ unfit: agents }) {
    const hosts = agents.filter(({ kind }) => kind === 'windows').map(({ host }) => host);
    if (hosts.length === 0) return [];
    return [{ severity: 'informs', what: 'Windows agents are left alone', agents: hosts, remedy: [] }];
  },
};

export const onTheAgents: Check = {
  code: 'CAL1015',
  title: 'What only the agents can tell',
  from: 'No agent was asked: --api-only.',
  means:
    "Docker's version, its present store and pending changes of its configuration, kernel modules, ports and disk are then looked at by the steps themselves, before they change anything.",
  remedy: 'Leave out --api-only.',
  can: ['informs'],
  look({ installed, hosts }) {
    if (installed || hosts) return [];
    return [
      {
        severity: 'informs',
        what: "Docker's version, its present store and pending changes of its configuration, kernel modules and disk are looked at by the steps themselves, before they change anything; what is in the way is reported there and nothing is touched",
        remedy: [],
      },
    ];
  },
};

export const tight: Check = {
  code: 'CAL1016',
  title: 'Room for tasks that are replaced',
  from: 'What an agent has free, with what the old tasks give back, against what the new ones take.',
  means:
    'A task that is replaced ends before the new one starts. Where the new one is larger than what is free then, the step is gone until there is room; what it set up goes on running.',
  remedy: 'Free what is missing on the agent, or lower the cpu-limit and mem-limit of the step.',
  can: ['warns'],
  look: ({ tight: agents = [] }) =>
    grouped(agents).map(({ reason, hosts }) => ({
      severity: 'warns',
      what: `A task that is replaced would find no room: ${reason}`,
      agents: hosts,
      remedy: ['Free what is missing there, or lower what the step reserves.'],
    })),
};

export const reserving: Check = {
  code: 'CAL1018',
  title: 'What the tasks reserve',
  from: 'The options, and the number of agents.',
  means:
    'The tasks of the steps are small, and reserve what they say in Mesos, on every agent. The task that gives an agent its turn comes on top while it changes: CAL1007 counts it in.',
  remedy: 'Lower it with the cpu-limit and mem-limit of the steps.',
  can: ['informs'],
  look({ reserved: amounts }) {
    if (!amounts || amounts.inAll.agents === 0) return [];
    const { perAgent, inAll } = amounts;
    return [
      {
        severity: 'informs',
        what: `The tasks reserve ${perAgent.cpus} CPU and ${perAgent.mem} MiB on each agent, ${inAll.cpus} CPU and ${inAll.mem} MiB in all; an agent that changes needs ${TURN_NEEDS.cpus} CPU and ${TURN_NEEDS.mem} MiB more as long as that lasts`,
        remedy: [],
      },
    ];
  },
};

export const asRoot: Check = {
  code: 'CAL1019',
  title: 'Tasks as root in strict mode',
  from: "DC/OS Enterprise's own setting, `/dcos-metadata/bootstrap-config.json`.",
  means:
    'In strict mode Mesos starts a task as root only if the Marathon that asks for it may. Without the grant every task of the steps is refused, again and again.',
  remedy:
    '`dcos security org users grant dcos_marathon dcos:mesos:master:task:user:root create`, and revoke it when Calico is taken off.',
  can: ['warns'],
  look({ security, hosts }) {
    if (!security || !('value' in security) || security.value !== 'strict') return [];
    // Tasks of the preflight run as root too: that they did is the proof.
    if (hosts && hosts.told.length > 0) return [];
    return [
      {
        severity: 'warns',
        what: 'DC/OS runs in strict mode: Marathon must be allowed to start tasks as root',
        remedy: ['dcos security org users grant dcos_marathon dcos:mesos:master:task:user:root create'],
      },
    ];
  },
};

export const silent: Check = {
  code: 'CAL1020',
  title: 'Agents that could not be asked, or not all',
  from: 'The tasks of the preflight: on which agents none came to run, or reported; and what a report says that it could not see.',
  means:
    'Nothing is known of these agents but what Mesos lists. What is in the way there is found by the steps themselves, before they change anything.',
  remedy: 'Run `dcos calico preflight` again, or raise the number of agents that are read: --ask N.',
  can: ['warns', 'informs'],
  look(facts) {
    const { hosts } = facts;
    if (!hosts) return [];
    const quiet = hosts.unread.filter(({ noted }) => !noted).map(({ host }) => host);
    const noted = hosts.unread.filter(({ noted: some }) => some).map(({ host }) => host);
    const more = ['dcos calico preflight --ask 10000     reads all of them'];
    return [
      ...grouped(hosts.silent).map(({ reason, hosts: agents }) => ({
        severity: 'warns' as const,
        what: `Could not be asked: ${reason}`,
        agents,
        remedy: ['dcos calico preflight     asks again'],
      })),
      ...onAgents(facts, ({ unknown }) => {
        const unseen = Object.entries(unknown).map(([name, why]) => `${name} (${why})`);
        if (unseen.length === 0) return undefined;
        return { severity: 'informs', what: `Could not be seen there: ${unseen.join(', ')}`, remedy: [] };
      }),
      ...(noted.length > 0
        ? [
            {
              severity: 'warns' as const,
              what: 'Have something to tell, by their own verdict, and were not read',
              agents: noted,
              remedy: more,
            },
          ]
        : []),
      ...(quiet.length > 0
        ? [
            {
              severity: 'informs' as const,
              what: 'Found nothing in the way, by their own verdict, and were not read',
              agents: quiet,
              remedy: more,
            },
          ]
        : []),
    ];
  },
};
