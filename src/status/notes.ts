// What is to be said about the cluster as a whole.
import type { MarathonApp, MarathonGroup } from '../dcos/types.ts';
import { type GroupTasks, stepOf } from '../plan/agent-state.ts';
import { goneHosts } from '../plan/covered.ts';
import type { Listed } from './build.ts';
import { timeText } from './duration.ts';
import type { InstalledRead } from './installed.ts';
import type { AgentRow, ClusterStatus, Note, Turn } from './model.ts';

export interface Known {
  read: Listed;
  installed: InstalledRead | undefined;
  agents: readonly AgentRow[];
  steps: ClusterStatus['steps'];
  tasks: GroupTasks;
  turn: Turn | undefined;
}

export function notesOf(known: Known): Note[] {
  return [
    ...agentsMissing(known),
    ...removalOwed(known),
    ...agentsGone(known),
    ...rolledBack(known.read.group),
    ...appsMissing(known),
    ...edited(known),
    ...turnNote(known),
    ...deployments(known),
  ];
}

/** A master that has just started lists no agents, or not yet all: that is never "no agents". */
function agentsMissing({ read, tasks }: Known): Note[] {
  if (!read.recovering && (read.agents.length > 0 || tasks.all.length === 0)) return [];
  const which = read.agents.length === 0 ? 'no agents' : 'not all agents yet';
  return [
    {
      code: 'agents-missing',
      text: `Mesos lists ${which}: its master has probably just started, and agents come back to it within minutes`,
      remedy: ['dcos calico status --watch'],
    },
  ];
}

function removalOwed({ installed, tasks, steps }: Known): Note[] {
  const owed = installed?.owed ?? [];
  if (owed.length === 0) return [];
  const gone = tasks.all.length === 0 ? '; none of the tasks that would do it is there' : '';
  const all = steps.every(({ mode }) => mode === 'absent');
  return [
    {
      code: 'removal-owed',
      text: `Calico is still to be taken off ${some(owed)}${gone}`,
      remedy: [all ? 'dcos calico uninstall' : `dcos calico uninstall --agent ${owed.join(',')}`],
    },
  ];
}

/** Who has Calico and is known to nobody else any more: an uninstall would owe it to them. */
function agentsGone({ read, installed, tasks }: Known): Note[] {
  if (read.recovering || read.agents.length === 0 || !installed) return [];
  const owed = new Set(installed.owed);
  const gone = goneHosts(installed, read.agents, tasks).filter((host) => !owed.has(host));
  if (gone.length === 0) return [];
  const [are, have] = gone.length === 1 ? ['is', 'has'] : ['are', 'have'];
  return [
    {
      code: 'agents-gone',
      text: `${some(gone)} ${are} gone from the cluster and ${have} Calico, unless the machine is gone too`,
      remedy: ['dcos calico prune --forget-agents'],
    },
  ];
}

/**
 * Marathon's rollback sets the group's version back to the old time, and with it only the apps that the abandoned change had
 * touched (measured on 1.11.24): an app newer than its group is the sign.
 */
function rolledBack(group: MarathonGroup | undefined): Note[] {
  const version = group?.version;
  if (!version || !group.apps.some((app) => app.version > version)) return [];
  return [
    {
      code: 'rolled-back',
      text: `Marathon rolled the group back to ${timeText(version)}: not all apps may be of one set of options`,
      remedy: ['dcos calico install'],
    },
  ];
}

function appsMissing({ installed, tasks, steps }: Known): Note[] {
  const notes: Note[] = steps
    .filter(({ name }) => !tasks.app(name))
    .map(({ name }) => ({
      code: 'app-missing',
      text: `The app /calico/${name} is gone, though the options want this step; what it set up on the agents is still there`,
      remedy: ['dcos calico install'],
    }));
  if (!installed && steps.length > 0)
    notes.push({
      code: 'options-missing',
      text: 'The options that Calico was installed with cannot be read from /calico/options',
      remedy: ['dcos calico install --options=FILE'],
    });
  return notes;
}

function edited({ installed }: Known): Note[] {
  return (installed?.edited ?? []).map(({ app, fields }) => ({
    code: 'edited',
    text: `The app ${app} is not as the options make it: ${fields.join(', ')}`,
    remedy: ['dcos calico install'],
  }));
}

function turnNote({ turn, installed, agents }: Known): Note[] {
  if (!turn || turn.agents.length === 0) return [];
  const by = installed?.change.who ? ` by ${installed.change.who}` : '';
  const given = `given ${timeText(turn.since)}${by}`;
  const one = turn.agents.length === 1;
  const what = turn.allows === 'restart' ? 'a restart' : 'changes';
  if (turn.goingOn)
    return [
      {
        code: 'turn',
        text: `A rollout is under way: ${some(turn.agents)} ${one ? 'has its' : 'have their'} turn for ${what}, ${given}; ${turn.done.length} of ${turn.agents.length} done`,
        remedy: [],
      },
    ];
  if (!agents.some(({ state }) => state === 'waiting')) return [];
  return [
    {
      code: 'turn',
      text: `A wave of a rollout is done (${some(turn.agents)}, ${given}); if its install no longer runs, no further agent is begun until it goes on`,
      remedy: ['dcos calico install'],
    },
  ];
}

/** A deployment of ours stays open while an agent has no room or is gone: normal, and so said. */
function deployments({ read, agents }: Known): Note[] {
  const waiting = (read.group?.apps ?? []).filter((app) => (app.deployments?.length ?? 0) > 0);
  if (waiting.length === 0) return [];
  const places = Math.max(0, ...waiting.map(unplaced));
  const stuck = agents.some(({ state }) =>
    ['no room', 'unreachable', 'deactivated', 'draining'].includes(state),
  );
  const ids = [...new Set(waiting.flatMap((app) => (app.deployments ?? []).map(({ id }) => id)))];
  const what =
    places > 0
      ? `waits for ${places} ${places === 1 ? 'agent' : 'agents'}`
      : `is open for ${waiting
          .map((app) => stepOf(app.id))
          .sort()
          .join(', ')}`;
  const normal = stuck
    ? '; it stays open until they can have their tasks, which does no harm'
    : read.marathon.carrier === 'health'
      ? `; Marathon ${read.marathon.version} keeps it open until every step is ready, which does no harm`
      : '';
  return [
    { code: 'deployment', text: `Marathon's deployment ${ids.join(', ')} ${what}${normal}`, remedy: [] },
  ];
}

function unplaced(app: MarathonApp): number {
  return app.instances - (app.tasks ?? []).filter((task) => task.state === 'TASK_RUNNING').length;
}

/** "10.0.1.13", "10.0.1.13 and 10.0.1.14", "12 agents". */
function some(addresses: readonly string[]): string {
  if (addresses.length > 3) return `${addresses.length} agents`;
  if (addresses.length < 2) return addresses[0] ?? 'no agent';
  return `${addresses.slice(0, -1).join(', ')} and ${addresses.at(-1)}`;
}
