import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const exits = [EXIT.failed] as const;

export const CHANGES: ErrorSection = {
  title: 'Changing the cluster',
  about: 'Nothing of what was refused was done. The same command again looks first, and goes on from there.',
  entries: {
    'no-agents': {
      what: 'There is nothing to install Calico on',
      why: 'Mesos lists no agents.',
      todo: '`dcos node list`.',
      exits,
    },
    'no-eligible-agents': {
      what: 'There is nothing to install Calico on',
      why: 'No agent can have its tasks: each is listed with its reason (no room, deactivated, excluded).',
      todo: 'Mend the reason, or reserve less: `cpu-limit` and `mem-limit` of each step.',
      exits,
    },
    'unknown-agent': {
      what: 'There is no agent ADDRESS',
      why: 'No agent of the cluster has that address or Mesos id.',
      todo: 'The nearest are named. `dcos node list` lists all.',
      exits: [EXIT.usage],
    },
    'foreign-group': {
      what: 'Marathon has something else at /calico',
      why: 'The group was not made by this program, and Marathon deletes the apps that a change of a group does not name.',
      todo: 'Move or remove it.',
      exits,
    },
    'foreign-app': {
      what: 'The group /calico holds apps of another origin',
      why: 'Changing the group would delete them.',
      todo: 'Move or remove what does not belong there.',
      exits,
    },
    'options-lost': {
      what: 'The options that Calico was installed with are not there',
      why: 'The app `/calico/options` is missing, or was edited so that it cannot be read.',
      todo: 'What it was before an edit: `dcos marathon app version list /calico/options`. If it was deleted: `dcos marathon group remove /calico`, which leaves the agents as they are, and `dcos calico install --options=FILE`, which takes them up again.',
      exits,
    },
    'living-network': {
      what: 'node.pool-cidr cannot be changed from CIDR to CIDR on a living network',
      why: 'Containers have addresses of the pool that is there, and calico/node makes a pool only where etcd has none.',
      todo: 'The way from one pool to the other is said with the error, command by command.',
      exits,
    },
    'excluded-has-calico': {
      what: 'Calico is installed on agents that the options exclude',
      why: 'Excluding an agent does not take Calico off it.',
      todo: 'The two ways out are named with the error.',
      exits,
    },
    locked: {
      what: 'Marathon is at work on the same apps for somebody else',
      why: 'A deployment that is not ours changes apps of `/calico`. It is never overridden unasked.',
      todo: 'Wait until it is over, or roll it back: `dcos marathon deployment list`.',
      exits,
    },
    'marathon-locked': {
      what: 'Marathon does not take the change of APP',
      why: 'Another deployment is under way there (409).',
      todo: '`dcos marathon deployment list` shows it. Wait until it is over, then give the same command again.',
      exits,
    },
    'marathon-full': {
      what: 'Marathon takes no further deployment',
      why: 'It has as many under way as it allows (100).',
      todo: '`dcos marathon deployment list`. Wait, then give the same command again.',
      exits,
    },
    'marathon-rejected': {
      what: 'Marathon rejects the definition of APP',
      why: 'It finds fault with it (400 or 422); what it says is shown.',
      todo: 'Where an option is the cause, change it; else report it with the output of `-v`.',
      exits,
    },
    'no-plan': {
      what: 'FILE cannot be carried out',
      why: 'It is not there, or is no plan that `dcos calico diff --out FILE` has written.',
      todo: '`dcos calico diff --out FILE`.',
      exits: [EXIT.usage],
    },
    'plan-is-stale': {
      what: 'The plan in FILE was not carried out',
      why: 'The cluster is not as it was when the plan was made; each difference is listed.',
      todo: '`dcos calico diff --out FILE` makes it anew, to be reviewed again.',
      exits,
    },
    'file-in-the-way': {
      what: 'The plan, or the page, was not written to FILE',
      why: 'There is a file of that name, and it is no plan, or no page of this command. Nothing else was done.',
      todo: 'Name another file with `--out FILE`, `--html FILE` or `--report FILE`.',
      exits: [EXIT.usage],
    },
    'cannot-write': {
      what: 'The plan, or the page, was not written to FILE',
      why: 'The directory is missing, may not be written to, or the disk is full. The report of a run is tried before anything else is done.',
      todo: 'Name another file with `--out FILE`, `--html FILE` or `--report FILE`.',
      exits: [EXIT.usage],
    },
    'not-paused': {
      what: 'The pause did not take effect',
      why: 'It was not there when it was read again: somebody else went on at the same moment.',
      todo: '`dcos calico plan status` shows the rollout.',
      exits,
    },
    'agent-ready': {
      what: 'AGENT cannot be skipped',
      why: 'Calico is ready on it.',
      todo: '`dcos calico plan status` shows the agents that the rollout waits for.',
      exits,
    },
    'nothing-to-undo': {
      what: 'There is nothing to go back to',
      why: 'The options in force are the first ones. Who set them and when is said.',
      todo: '`dcos calico uninstall` takes Calico off every agent.',
      exits,
    },
    'workloads-on-calico': {
      what: "Workloads are still on Calico's networks, and would lose their network",
      why: 'Tasks or containers with addresses of Calico run; some of them are named.',
      todo: 'Move them to another network, or stop them. What takes Calico off all the same is said with the error.',
      exits,
    },
    'being-removed': {
      what: 'Calico is being taken off every agent',
      why: 'An uninstall of the whole cluster was begun and is not over.',
      todo: '`dcos calico uninstall` goes on with it; `dcos calico status` shows who is still owed.',
      exits,
    },
    'no-agent-to-ask': {
      what: 'What Calico keeps in etcd cannot be read',
      why: 'It is read from an agent, and none has room for the small task that does it.',
      todo: '`dcos calico status` shows how the agents are.',
      exits,
    },
    'data-not-read': {
      what: 'What Calico keeps in etcd could not be read',
      why: 'The task that reads it did not report in time; why Marathon did not start it is said, where it did not.',
      todo: 'The same command again. `dcos marathon deployment list` shows what Marathon is at.',
      exits,
    },
    'data-not-changed': {
      what: "Docker's networks of Calico, or what Calico keeps in etcd, could not all be removed",
      why: 'The agent that was to do it says why: something is still attached to a network, or etcd does not answer.',
      todo: '`dcos calico status`; then the same command again, which looks first.',
      exits,
    },
    'bgp-not-applied': {
      what: 'What the options say of BGP could not be applied; no agent was changed',
      why: "BGP is said to Calico from one agent, before any has its turn. That agent's own sentence stands there: calicoctl could not be fetched, etcd does not answer, or Calico refused it.",
      todo: 'Mend what the sentence names. The same command again goes on from there.',
      exits,
    },
    'changed-meanwhile': {
      what: 'Somebody else changed Calico in the meantime, and nothing was written over it',
      why: 'The versions of the apps are read again before each write, and one differs from what the plan was made from.',
      todo: '`dcos calico status` shows how it is now; the same command again makes a new plan from it.',
      exits,
    },
  },
};
