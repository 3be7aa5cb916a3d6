// Every agent is one of: ready already, to be given a turn, or left out for a reason.
import type { MarathonTask, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import type { Carrier, StepName } from '../steps/state.ts';
import { type AgentStepState, agentStepStates, type GroupTasks, isReady } from './agent-state.ts';
import { agentType, compareHosts } from './agent-type.ts';
import { eligibility } from './eligibility.ts';
import { withIdleTasks } from './idle-tasks.ts';
import type { TaskNeeds } from './room.ts';
import type { LeftOut } from './types.ts';
import type { PlannedAgent } from './waves.ts';

export interface Classified {
  ready: PlannedAgent[];
  targets: PlannedAgent[];
  leftOut: LeftOut[];
  /** Ids of targets with a step that reports failed. */
  failedBefore: Set<string>;
  /** Ids of targets with a step that reports a pending restart. */
  restartPending: Set<string>;
  /** Ids of targets where Docker's step is not ready, though the agent was there when the options were last set. */
  dockerWaiting: Set<string>;
}

export interface ClassifyInput {
  agents: readonly MesosAgent[];
  steps: readonly StepName[];
  /** Steps whose tasks the plan replaces: what they report now says nothing of what they will find. */
  replaced: ReadonlySet<StepName>;
  tasks: GroupTasks;
  /** Tasks of the turn: what they hold is not asked for again. */
  turnTasks: readonly MarathonTask[];
  /** The step apps and, last, the turn. */
  needs: readonly TaskNeeds[];
  /** By agent id: agents that the rollout goes on without, with why. */
  skipped?: ReadonlyMap<string, string> | undefined;
  options: Options;
  carrier: Carrier;
  /** When the options were last set, ms since 1970. */
  since?: number;
}

export function plannedAgent(agent: MesosAgent): PlannedAgent {
  return { id: agent.id, host: agent.hostname, type: agentType(agent) };
}

/** What each agent of the cluster is to the plan, by address; agents that Mesos lost sight of but that have tasks come last. */
export function classify(input: ClassifyInput): Classified {
  const found: Classified = {
    ready: [],
    targets: [],
    leftOut: [],
    failedBefore: new Set(),
    restartPending: new Set(),
    dockerWaiting: new Set(),
  };
  const known = new Set<string>();
  for (const agent of [...input.agents].sort((a, b) => compareHosts(a.hostname, b.hostname))) {
    known.add(agent.id);
    const states = agentStepStates(agent, input.steps, input.tasks, input.carrier);
    const one = plannedAgent(agent);
    // Of an agent that does not answer, what its tasks said last says nothing of now.
    if (agent.active && isReady(states) && !input.steps.some((step) => input.replaced.has(step))) {
      found.ready.push(one);
      continue;
    }
    const skip = input.skipped?.get(agent.id);
    if (skip !== undefined) {
      found.leftOut.push({ agent: one, kind: 'skipped', reason: skip });
      continue;
    }
    const left = leftOut(agent, one, states, input);
    if (left) found.leftOut.push(left);
    else {
      found.targets.push(one);
      if (states.some(({ state }) => state === 'restart pending')) found.restartPending.add(one.id);
      if (states.some(({ state }) => state === 'failed')) found.failedBefore.add(one.id);
      const docker = states.find(({ step }) => step === 'docker');
      if (docker && docker.state !== 'ready' && !joined(agent, input)) found.dockerWaiting.add(one.id);
    }
  }
  found.leftOut.push(...lost(input.tasks, known));
  return found;
}

function joined({ registered_time }: MesosAgent, { since }: ClassifyInput): boolean {
  return since !== undefined && registered_time * 1000 > since;
}

function leftOut(
  agent: MesosAgent,
  one: PlannedAgent,
  states: readonly AgentStepState[],
  input: ClassifyInput,
): LeftOut | undefined {
  const here = input.tasks.on(agent.id);
  const turn = input.turnTasks.filter((task) => task.slaveId === agent.id);
  const ours = turn.length > 0 ? [...here, ...turn] : here;
  const answer = eligibility(agent, input.needs, input.options, ours);
  if (!answer.eligible) {
    const kind = answer.kind!;
    return {
      agent: one,
      kind,
      reason: kind === 'no room' ? withIdleTasks(answer.reason!, states) : answer.reason!,
    };
  }
  if (states.some(({ state }) => state === 'unreachable'))
    return { agent: one, kind: 'unreachable', reason: 'unreachable: Mesos has lost sight of its tasks' };
  return undefined;
}

/** Agents that left Mesos' list while Marathon still keeps their tasks' place. */
function lost(tasks: GroupTasks, known: ReadonlySet<string>): LeftOut[] {
  return tasks
    .agentIds()
    .filter((id) => !known.has(id))
    .map((id) => {
      const host = tasks.on(id)[0]?.host ?? id;
      return {
        agent: { id, host, type: 'private' as const },
        kind: 'unreachable' as const,
        reason: 'unreachable: Mesos no longer lists it',
      };
    })
    .sort((a, b) => compareHosts(a.agent.host, b.agent.host));
}
