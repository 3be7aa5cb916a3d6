// Checks of Docker on the agents.
import type { Options } from '../options/types.ts';
import { clusterStore } from '../steps/docker/cluster-store.ts';
import { interruptedName } from '../steps/turn/interrupts.ts';
import type { DockerFacts, HostFacts } from './host-facts.ts';
import { OR_EXCLUDE, onAgents } from './on-agents.ts';
import type { Check } from './types.ts';

const WITHOUT_DOCKER = 'Do without Docker networks: --set docker.enable=false --set libnetwork.enable=false';

const needsDocker = ({ docker, libnetwork, node }: Options) =>
  docker.enable || libnetwork.enable || node.enable;

function major(version: string): number {
  return Number.parseInt(version, 10) || 0;
}

export const dockerAnswers: Check = {
  code: 'CAL1025',
  title: 'Docker answers',
  from: 'On each agent: `docker info`.',
  means: 'libnetwork and calico/node run in Docker containers, and the store is set in the engine.',
  remedy:
    'Start Docker on the agent (`systemctl start docker`), or see why it does not start: `journalctl -u docker`.',
  can: ['stops'],
  explains: ['docker', 'libnetwork', 'node'],
  look: (facts) =>
    onAgents(facts, ({ docker }) =>
      needsDocker(facts.options) && docker && !docker.answers
        ? {
            severity: 'stops',
            what: docker.why || 'Docker does not answer',
            remedy: ['journalctl -u docker     on the agent', OR_EXCLUDE],
          }
        : undefined,
    ),
};

export const dockerVersion: Check = {
  code: 'CAL1026',
  title: 'Version of Docker',
  from: 'On each agent: the version of the engine, and of the dockerd on its disk.',
  means:
    'Docker took the cluster store out in 23.0: a newer one has no networks that span hosts by it, and does not start while the keys are in daemon.json. A newer dockerd that waits on the disk for the next restart is as bad.',
  remedy:
    'Stay below Docker 23, or disable the Docker steps: CNI networks for the Universal Container Runtime do without.',
  can: ['stops'],
  explains: ['docker'],
  look: (facts) =>
    onAgents(facts, ({ docker }) => {
      if (!facts.options.docker.enable || !docker) return undefined;
      const remedy = [WITHOUT_DOCKER, OR_EXCLUDE];
      if (major(docker.version) >= 23)
        return {
          severity: 'stops',
          what: `Docker ${docker.version} has no cluster store: Docker took it out in 23.0`,
          remedy,
        };
      if (major(docker.onDisk) >= 23)
        return {
          severity: 'stops',
          what: `Docker ${docker.version} runs, and the one on the disk is ${docker.onDisk}, which has no cluster store and would not start with one`,
          remedy,
        };
      return undefined;
    }),
};

/** The store that stands in the way of ours, with where it is said; undefined when none does. */
export function otherStore(
  { store, flag, before, own }: DockerFacts,
  wanted: string,
): { store: string; where: string } | undefined {
  const inFile = typeof before['cluster-store'] === 'string' ? before['cluster-store'] : '';
  if (flag && flag !== wanted) return { store: flag, where: 'by a flag of its unit' };
  const mayGo = ['', wanted, ...own];
  if (!mayGo.includes(store)) return { store, where: '' };
  if (!mayGo.includes(inFile)) return { store: inFile, where: 'in daemon.json' };
  return undefined;
}

export const store: Check = {
  code: 'CAL1027',
  title: 'Another cluster store',
  from: 'On each agent: what the engine says, daemon.json, and the flags of its unit.',
  means:
    'Docker has one store at a time. Containers on networks of the one that is there would lose them, so it is replaced only when the options say so; a flag of the unit is never changed. A replaced store needs a restart of Docker: until then the engine keeps the old one, whatever `docker info` shows.',
  remedy:
    'Replace it with `docker.replace-cluster-store`, take it as it is with `docker.override-docker-cluster-store`, or leave the agents alone.',
  can: ['stops', 'warns'],
  explains: ['docker'],
  look(facts) {
    const wanted = clusterStore(facts.options);
    return onAgents(facts, ({ docker }) => {
      const other = facts.options.docker.enable && docker ? otherStore(docker, wanted) : undefined;
      if (!other) return undefined;
      const { store: there, where } = other;
      const what = `Docker already uses ${there} as its store${where ? `, ${where}` : ''}`;
      if (where.includes('flag'))
        return {
          severity: 'stops',
          what,
          remedy: [
            'Take the flag out of the unit and restart Docker on the agent.',
            `Or use that store: --set docker.override-docker-cluster-store=${there}`,
            OR_EXCLUDE,
          ],
        };
      if (facts.options.docker['replace-cluster-store'])
        return {
          severity: 'warns',
          what: `${what}, which is replaced, as the options say`,
          remedy: ['Docker networks of that store are not there any more once Docker was restarted.'],
        };
      return {
        severity: 'stops',
        what,
        remedy: [
          'Replace it, which needs a restart of Docker: --set docker.replace-cluster-store=true',
          `Or use that store everywhere: --set docker.override-docker-cluster-store=${there}`,
          OR_EXCLUDE,
        ],
      };
    });
  },
};

export const daemonJson: Check = {
  code: 'CAL1028',
  title: 'daemon.json can be read',
  from: 'On each agent: the file is parsed.',
  means:
    'With invalid JSON Docker takes nothing on reload and does not start again. Nothing is written into such a file.',
  remedy: 'Mend it on the agent: `python -m json.tool /etc/docker/daemon.json` names the line.',
  can: ['stops'],
  explains: ['docker'],
  look: (facts) =>
    onAgents(facts, ({ docker }) =>
      facts.options.docker.enable && docker?.there && !docker.valid
        ? {
            severity: 'stops',
            what: `${docker.file} is not valid JSON: Docker would not start with it`,
            remedy: [
              `/opt/mesosphere/bin/python3 -m json.tool ${docker.file}     on the agent names the line`,
              OR_EXCLUDE,
            ],
          }
        : undefined,
    ),
};

export const pending: Check = {
  code: 'CAL1029',
  title: 'Pending changes of daemon.json',
  from: 'On each agent: keys that were written after Docker started and that differ from what the engine says; only their names leave the agent.',
  means:
    'Docker takes the store by a reload, and a reload takes every other change of the file with it, wanted or not.',
  remedy:
    'Have Docker take them first (`systemctl reload docker`), take them back, or allow it: `docker.apply-other-changes`.',
  can: ['stops', 'warns'],
  explains: ['docker'],
  look: (facts) =>
    onAgents(facts, ({ docker }) => {
      if (!facts.options.docker.enable || !docker || docker.pending.length === 0) return undefined;
      const allowed = facts.options.docker['apply-other-changes'];
      return {
        severity: allowed ? 'warns' : 'stops',
        what: `${docker.file} has changes that Docker has not taken yet, and would take with ours: ${docker.pending.join(', ')}`,
        remedy: allowed
          ? []
          : [
              'systemctl reload docker     on the agent',
              'Or let them be taken: --set docker.apply-other-changes=true',
              OR_EXCLUDE,
            ],
      };
    }),
};

export const swarm: Check = {
  code: 'CAL1030',
  title: 'Swarm mode',
  from: 'On each agent: `docker info`.',
  means: 'Swarm mode excludes a cluster store: the engine refuses the one while the other is on.',
  remedy: 'Leave the swarm: `docker swarm leave` on the agent.',
  can: ['stops'],
  explains: ['docker'],
  look: (facts) =>
    onAgents(facts, ({ docker }) =>
      facts.options.docker.enable && docker && ['active', 'pending', 'locked'].includes(docker.swarm)
        ? {
            severity: 'stops',
            what: 'Docker is in swarm mode, which excludes a cluster store',
            remedy: ['docker swarm leave     on the agent', OR_EXCLUDE],
          }
        : undefined,
    ),
};

export const liveRestore: Check = {
  code: 'CAL1031',
  title: 'live-restore',
  from: 'On each agent: `docker info`.',
  means:
    "DC/OS is not meant for it: the documentation of every version has it off. With it, containers outlive a restart of Docker, and Mesos' view of them does not.",
  remedy: 'Set `"live-restore": false` in daemon.json of the agent.',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ docker }) =>
      docker?.liveRestore
        ? { severity: 'warns', what: 'Docker has live-restore on, which DC/OS wants off', remedy: [] }
        : undefined,
    ),
};

/** Why Docker must be restarted for the options to be true there; undefined when it need not. */
export function dockerRestart({ docker }: HostFacts, options: Options): string | undefined {
  if (!options.docker.enable || !docker?.answers) return undefined;
  const wanted = clusterStore(options);
  if (docker.store && docker.store !== wanted && options.docker['replace-cluster-store'] && !docker.flag)
    return `Docker keeps the store ${docker.store} until it is restarted`;
  if (docker.flag === wanted && docker.store === '')
    return 'the unit of Docker names the store, and Docker runs without it';
  return undefined;
}

/** The tasks among the containers that a restart of Docker would end, by name; ours are started again by their units. */
export function interrupted({ containers }: HostFacts): string[] {
  return containers.running.filter(({ ours }) => !ours).map(interruptedName);
}

export const restart: Check = {
  code: 'CAL1044',
  title: 'Restarts of Docker',
  from: 'On each agent: the store that the engine has against the wanted one, and the containers that run.',
  means:
    'A first store is taken by a reload, which disturbs nothing. Only an engine that has another store must be restarted, and every Docker container on that agent ends with it.',
  remedy:
    '`dcos calico diff` names the tasks. `install --no-restart` leaves such agents at "restart pending".',
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, (host) => {
      const why = dockerRestart(host, facts.options);
      if (!why) return undefined;
      const tasks = interrupted(host);
      return {
        severity: 'warns',
        what: `Docker must be restarted: ${why}${tasks.length > 0 ? `; that ends ${tasks.slice(0, 6).join(', ')}${tasks.length > 6 ? ` and ${tasks.length - 6} more` : ''}` : ', which ends no container but ours'}`,
        remedy: ['dcos calico diff     shows it agent by agent'],
      };
    }),
};
