// A step that is off has its app until every agent was verified without it.
import type { StepName } from '../steps/state.ts';
import { agentStepStates, type GroupTasks, stepOf } from './agent-state.ts';
import { isWindows } from './agent-type.ts';
import type { PlanInput } from './types.ts';

/**
 * Whether the step's app takes it off, and nobody is left: every agent of the cluster has said so itself, and no task of the app is
 * on an agent that is out of sight.
 *
 * @param gone ids of tasks whose agent is gone for good
 */
export function isVerifiedAbsent(
  step: StepName,
  { agents, options, marathon, installed }: PlanInput,
  tasks: GroupTasks,
  gone: ReadonlySet<string>,
): boolean {
  if (tasks.app(step)?.env.DCOS_CALICO_MODE !== 'absent') return false;
  const known = new Set(agents.map(({ id }) => id));
  const elsewhere = tasks.all.some(
    (task) => stepOf(task.appId) === step && task.slaveId && !gone.has(task.id) && !known.has(task.slaveId),
  );
  if (elsewhere) return false;
  // Who was left with it, or is gone, is cleaned when it is back, and that by this app.
  const listed = new Set(agents.map(({ hostname }) => hostname));
  const left = installed?.covered?.some(
    (host) => !listed.has(host) || options.rollout.exclude.includes(host),
  );
  if (left) return false;
  return agents
    .filter((agent) => !isWindows(agent) && !options.rollout.exclude.includes(agent.hostname))
    .every((agent) => agentStepStates(agent, [step], tasks, marathon.carrier)[0]!.state === 'ready');
}
