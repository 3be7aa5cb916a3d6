// Whose `status.json` to read: one read costs a request, so their number is bounded whatever the size of the cluster.
import type { MarathonTask } from '../dcos/types.ts';
import type { AgentRow, ClusterStatus, StepCell } from './model.ts';

export const AT_MOST = 200;

/** What the step's own sentence is worth to the operator: a failure's reason more than that of an agent waiting for its turn. */
const WORTH: Partial<Record<StepCell['state'], number>> = {
  failed: 0,
  'stands back': 0,
  drifted: 0,
  'restart pending': 0,
  'no report': 1,
  starting: 2,
  working: 2,
  'waiting for step': 3,
};

/** With a health check alone (Marathon < 1.8) every step that is not ready is like this. */
const SAYS_NOTHING: ReadonlySet<StepCell['state']> = new Set<StepCell['state']>(['no report', 'starting']);

const NOTHING_TO_SAY: ReadonlySet<AgentRow['state']> = new Set<AgentRow['state']>([
  'unreachable',
  'inactive',
  'gone',
]);

export interface Questions {
  tasks: MarathonTask[];
  /** Agents with something to ask for which no task is in the list. */
  notAsked: number;
}

/**
 * The tasks to ask, at most `atMost`: of each agent that is not ready the worst step first, the longest running first; then, while
 * there is room, those other steps of these agents of which Marathon tells nothing.
 *
 * @param status as built without reports
 * @param taskOf finds the task of a cell
 */
export function whomToAsk(
  status: ClusterStatus,
  taskOf: (id: string) => MarathonTask | undefined,
  atMost = AT_MOST,
): Questions {
  const first: { cell: StepCell; worth: number }[] = [];
  const others: { cell: StepCell; worth: number }[] = [];
  for (const row of status.agents) {
    const cells = askable(row).sort((a, b) => worth(a) - worth(b));
    cells.forEach((cell, index) => {
      if (index === 0) first.push({ cell, worth: worth(cell) });
      else if (SAYS_NOTHING.has(cell.state)) others.push({ cell, worth: worth(cell) });
    });
  }
  const longest = (a: { cell: StepCell; worth: number }, b: { cell: StepCell; worth: number }) =>
    a.worth - b.worth || compare(a.cell.startedAt ?? '~', b.cell.startedAt ?? '~');
  const wanted = [...first.sort(longest), ...(first.length < atMost ? others.sort(longest) : [])];
  const tasks = wanted
    .slice(0, atMost)
    .map(({ cell }) => taskOf(cell.taskId!))
    .filter((task) => task !== undefined);
  return { tasks, notAsked: Math.max(0, first.length - atMost) };
}

/** The steps of an agent that could say more about themselves. */
function askable(row: AgentRow): StepCell[] {
  // Mesos cannot reach it, and nobody answers.
  if (NOTHING_TO_SAY.has(row.state)) return [];
  // It waits for its turn, as thousands do during a rollout: its steps have nothing to add.
  if (row.state === 'waiting' && row.cells.some(({ state }) => state === 'waiting for turn')) return [];
  return row.cells.filter((cell) => cell.taskId && WORTH[cell.state] !== undefined);
}

const worth = (cell: StepCell) => WORTH[cell.state] ?? 9;
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
