// Rows of agents that have tasks of ours but that Mesos does not list: unreachable ones, and those gone for good.

import type { MesosAgent } from '../dcos/types.ts';
import { agentStepStates } from '../plan/agent-state.ts';
import { lastSeen, type RowContext } from './agent-row.ts';
import { stepCell } from './cell.ts';
import type { AgentRow } from './model.ts';

/**
 * Mesos drops an agent from its list when it has lost sight of it; its tasks are then TASK_UNREACHABLE. Right after a failover of
 * the master agents are missing for a while as well, with tasks that still count as running.
 */
export function lostAgents(agents: readonly MesosAgent[], context: RowContext): AgentRow[] {
  const known = new Set<string>();
  for (const agent of agents) known.add(agent.id);
  const lost = context.tasks.agentIds().filter((id) => !known.has(id));
  if (lost.length === 0) return [];
  const byAddress = new Map(agents.map((agent) => [agent.hostname, agent]));
  const names = context.steps.map(({ name }) => name);
  const rows: AgentRow[] = [];
  for (const id of lost) {
    const tasks = context.tasks.on(id);
    const address = tasks.find((task) => task.host)?.host ?? id;
    const cells = agentStepStates({ id }, names, context.tasks, context.carrier).map((found) =>
      stepCell(found, { hostname: '' }, context.tasks.app(found.step), undefined, context.now),
    );
    const successor = byAddress.get(address);
    const row = { address, id, type: 'unknown' as const, cells, ...lastSeen(id, context) };
    if (successor)
      rows.push({
        ...row,
        state: 'gone',
        reason: `the agent at ${address} is another one now (${successor.id})`,
      });
    else if (tasks.some((task) => task.state === 'TASK_UNREACHABLE'))
      rows.push({ ...row, state: 'unreachable', reason: 'Mesos has lost sight of it' });
    else rows.push({ ...row, state: 'unreachable', reason: 'Mesos does not list it' });
  }
  return rows;
}
