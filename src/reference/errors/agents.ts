import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const exits = [EXIT.failed] as const;

export const AGENTS: ErrorSection = {
  title: 'Agents and their steps',
  about: 'Nothing was changed: these commands only read.',
  entries: {
    'not-installed': {
      what: 'Calico is not installed on this cluster',
      why: 'Marathon has no group `/calico` with a step in it.',
      todo: '`dcos calico install`.',
      exits,
    },
    'connectivity-agents': {
      what: 'AGENT cannot take part',
      why: 'No agent has that address, it has no room for the small tasks of the test, or more agents are named than can take part.',
      todo: '`dcos calico status` lists the agents. The test itself takes at most 50.',
      exits: [EXIT.usage],
    },
    'connectivity-nobody': {
      what: 'There is nobody to test the network with',
      why: 'Calico is ready on no agent that has room, or the steps that bring containers to it are off.',
      todo: '`dcos calico status`, or name agents with `--agents`.',
      exits,
    },
    'connectivity-not-prepared': {
      what: 'The test of the network could not be prepared',
      why: 'The task that tells Calico of its containers could not start, fetch calicoctl or reach etcd. What was begun is taken away.',
      todo: '`dcos calico status AGENT`; without internet set `artifacts.calicoctl` or `artifacts.mirrors` in the options.',
      exits,
    },
    'connectivity-under-way': {
      what: 'A test of the network is there already',
      why: "It began less than a quarter of an hour ago, and may be a colleague's that goes on. An older one is taken away without asking.",
      todo: 'Wait, or `dcos calico connectivity test --clean-up` if nobody runs it.',
      exits,
    },
    'step-off': {
      what: 'The step STEP has no task on any agent',
      why: 'It is disabled in the options that Calico was installed with.',
      todo: '`dcos calico options show`.',
      exits,
    },
    'no-task': {
      what: 'The step STEP has no task on AGENT',
      why: 'Marathon has not started it there (no room, joined since, excluded), or, of a turn, no install is at work on the agent.',
      todo: '`dcos calico status AGENT` says why.',
      exits,
    },
    'agent-out-of-reach': {
      what: 'What the agent AGENT has on it cannot be read',
      why: 'Its Mesos agent does not answer, or Mesos has lost sight of it: files in sandboxes come through it.',
      todo: "`dcos node list` shows whether it comes back. On the agent itself: `journalctl -u 'dcos-calico-*'`.",
      exits,
    },
    'log-gone': {
      what: 'The output of the task TASK is no longer on AGENT',
      why: 'The task has ended, and Mesos has removed its sandbox. It keeps those of ended tasks for some days, fewer when the disk is full.',
      todo: '`dcos calico status AGENT` shows what the step says now.',
      exits,
    },
    'broken-status': {
      what: 'The report of the task TASK cannot be read',
      why: 'The file `status.json` in its sandbox is not JSON: the disk of the agent may be full.',
      todo: '`dcos calico logs AGENT STEP`.',
      exits,
    },
  },
};
