// The turn that is given out now, as `/calico/ops/turn` shows it.
import type { MarathonApp, MarathonGroup } from '../dcos/types.ts';
import { isLive } from '../plan/agent-state.ts';
import { turnApp } from '../plan/turn-app.ts';
import { type Carrier, reportedState } from '../steps/state.ts';
import type { Turn } from './model.ts';

/** Addresses that the turn's constraint names: `10\.0\.1\.13|10\.0\.2\.20`. */
export function namedAgents(app: Pick<MarathonApp, 'constraints'>): string[] {
  const like = app.constraints.find(([field, operator]) => field === 'hostname' && operator === 'LIKE');
  return (like?.[2] ?? '')
    .split('|')
    .map((one) => one.replaceAll('\\', ''))
    .filter((one) => one !== '');
}

/** @param now milliseconds since 1970 */
export function turnOf(group: MarathonGroup | undefined, carrier: Carrier, now: number): Turn | undefined {
  const app = turnApp(group);
  if (!app) return undefined;
  const agents = namedAgents(app);
  const until = app.env.DCOS_CALICO_TURN_UNTIL ?? '';
  const tasks = (app.tasks ?? []).filter(isLive);
  const done = tasks
    .filter((task) => reportedState(task, carrier) === 'ready')
    .map((task) => task.host ?? '');
  const failed = tasks.filter((task) => reportedState(task, carrier) === 'failed').length;
  const over = until !== '' && Date.parse(until) <= now;
  return {
    agents,
    done,
    allows: app.env.DCOS_CALICO_TURN_ALLOWS ?? 'change',
    until,
    since: app.versionInfo?.lastConfigChangeAt ?? app.version,
    goingOn: !over && done.length + failed < agents.length,
  };
}
