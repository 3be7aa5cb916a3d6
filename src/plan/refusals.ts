// Why a plan is not made, each with its way out.
import type { MarathonApp, MarathonDeployment } from '../dcos/types.ts';
import { EXIT } from '../errors.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import type { Refusal } from './types.ts';

const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export function noAgents(): Refusal {
  return {
    code: 'no-agents',
    what: 'There is nothing to install Calico on',
    why: 'Mesos lists no agents',
    remedy: ['dcos node list'],
    exit: EXIT.failed,
  };
}

export function nowhere(): Refusal {
  return {
    code: 'no-eligible-agents',
    what: 'There is nothing to install Calico on',
    why: 'no agent can have its tasks: each is listed above with the reason',
    remedy: ['dcos node list'],
    exit: EXIT.failed,
  };
}

/** `/calico` is there, but not by this program. */
export function foreignGroup(apps: readonly MarathonApp[]): Refusal {
  return {
    code: 'foreign-group',
    what: 'Marathon has something else at /calico',
    why: `${plural(apps.length, 'app', 'apps')} of another origin (${apps
      .slice(0, 3)
      .map((app) => app.id)
      .join(', ')}${apps.length > 3 ? ', …' : ''}), which installing would delete`,
    remedy: ['dcos marathon group show /calico', 'Move or remove it, and run the same command again.'],
    exit: EXIT.failed,
  };
}

/** Our steps are there, and nothing tells with which options. */
export function optionsLost(): Refusal {
  return {
    code: 'options-lost',
    what: 'The options that Calico was installed with are not there',
    why: '/calico/options is missing, or was edited so that it cannot be read',
    remedy: [
      'dcos calico status',
      'dcos marathon app version list /calico/options     lists what it was before an edit',
      'dcos marathon group remove /calico     if it was deleted: the agents stay as they are,',
      'dcos calico install --options=FILE     and are taken up again',
    ],
    exit: EXIT.failed,
  };
}

/** Apps of someone else's among ours. */
export function strangers(apps: readonly string[]): Refusal {
  return {
    code: 'foreign-app',
    what: `The group /calico holds ${plural(apps.length, 'app', 'apps')} of another origin`,
    why: `changing the group would delete ${apps.length === 1 ? 'it' : 'them'}: ${apps.join(', ')}`,
    remedy: [
      `dcos marathon app show ${apps[0]}`,
      'Move or remove what does not belong there, and run the same command again.',
    ],
    exit: EXIT.failed,
  };
}

export function excludedHasCalico(hosts: readonly string[], installed: InstalledOptions): Refusal {
  return {
    code: 'excluded-has-calico',
    what: `Calico is installed on ${plural(hosts.length, 'agent', 'agents')} that the options exclude: ${hosts.slice(0, 5).join(', ')}${hosts.length > 5 ? ', …' : ''}`,
    why: `excluding an agent does not take Calico off it (installed by ${installed.who} on ${installed.when})`,
    remedy: [
      `dcos calico uninstall --agent ${hosts[0]}`,
      `dcos calico install --exclude ${hosts[0]} --leave`,
    ],
    exit: EXIT.failed,
  };
}

export function unknownCanary(hosts: readonly string[]): Refusal {
  return {
    code: 'unknown-agent',
    what: `The canary names ${hosts.length === 1 ? 'an agent' : 'agents'} that the cluster does not have: ${hosts.join(', ')}`,
    why: 'agents are named by their address, as Mesos lists them',
    remedy: ['dcos node list'],
    exit: EXIT.usage,
  };
}

/** A lock that is not ours is shown and never forced. */
export function locked(deployments: readonly MarathonDeployment[]): Refusal {
  const ids = deployments.map(({ id }) => id);
  const apps = [...new Set(deployments.flatMap(({ affectedApps }) => affectedApps))].sort();
  return {
    code: 'locked',
    what: 'Marathon is at work on the same apps for somebody else',
    why: `deployment ${ids.join(', ')} changes ${apps.slice(0, 5).join(', ')}${apps.length > 5 ? ', …' : ''}, and is never overridden unasked`,
    remedy: [
      'dcos marathon deployment list            shows it',
      `dcos marathon deployment rollback ${ids[0]}`,
      'Wait until it is over or roll it back, and run the same command again.',
    ],
    exit: EXIT.failed,
  };
}
