// The simulated turn task: it sums its host up and says when all its steps are ready and have settled.
import type { StepName } from '../../steps/state.ts';
import type { SimulatedHost } from './host.ts';
import type { Report, SimulatedTask } from './task.ts';

interface Seen {
  state: string;
  reason: string;
}

/** Since when all steps have been ready, by turn. */
const readySince = new WeakMap<SimulatedTask, number>();

/** Since when a turn could end without its steps being ready. */
const stoppedSince = new WeakMap<SimulatedTask, number>();

/** For so long what else is at work may finish first (`FINISHING` of turn.py). */
const FINISHING_MS = 120_000;

/** What the turn's task reports now; it has its host look again when that changes by the time alone. */
export function turnReport(host: SimulatedHost, task: SimulatedTask): Report {
  const steps: Record<string, Seen> = {};
  for (const entry of (task.info.env.DCOS_CALICO_TURN_STEPS ?? '').split(' ').filter(Boolean)) {
    const [name, version = ''] = entry.split(/=(.*)/) as [StepName, string];
    const counted = host.newest(name);
    const report = counted && counted.version >= version ? counted.report : undefined;
    steps[name] = report
      ? { state: report.state, reason: report.reason }
      : { state: 'no report', reason: 'Its task is not here yet' };
  }
  const detail = { steps };
  const named = (state: string) => Object.entries(steps).find(([, seen]) => seen.state === state);
  const end = stopped(named, detail);
  if (!end) stoppedSince.delete(task);
  else {
    const since = stoppedSince.get(task) ?? host.now();
    stoppedSince.set(task, since);
    const left = named('working') ? since + FINISHING_MS - host.now() : 0;
    if (left <= 0) return end;
    host.lookIn(left / 1000);
  }
  const waiting = Object.entries(steps).filter(([, seen]) => seen.state !== 'ready');
  if (waiting.length > 0) {
    readySince.delete(task);
    const names = waiting.map(([name]) => name).join(', ');
    return { state: 'working', reason: `Not ready yet: ${names}`, detail };
  }
  const since = readySince.get(task) ?? host.now();
  readySince.set(task, since);
  const left = since + Number(task.info.env.DCOS_CALICO_TURN_SETTLE_SECONDS ?? 0) * 1000 - host.now();
  if (left <= 0) return { state: 'ready', reason: '', detail };
  host.lookIn(left / 1000);
  return { state: 'working', reason: 'All steps are ready; waits for them to settle', detail };
}

/** How the turn ends without its steps being ready; undefined: nothing is in their way. */
function stopped(
  named: (state: string) => [step: string, seen: Seen] | undefined,
  detail: Record<string, unknown>,
): Report | undefined {
  for (const state of ['failed', 'restart pending'] as const) {
    const [step, seen] = named(state) ?? [];
    if (seen) return { state, reason: `${step}: ${seen.reason}`, detail };
  }
  return undefined;
}
