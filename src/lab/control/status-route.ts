// What a running lab says of itself, for `lab status`. No route of DC/OS begins like this one.
import type { Route } from '../admin-router/routes.ts';
import { json } from '../http.ts';
import type { Lab } from '../lab.ts';
import { isActive } from '../mesos/agent.ts';
import { isTerminal } from '../mesos/task.ts';

export const STATUS_PATH = '/_lab/status';

export interface LabReport {
  url: string;
  dcos: string;
  mesos: string;
  marathon: string;
  grade: string;
  /** ISO 8601; ahead of the real time in a lab that runs faster. */
  now: string;
  runningSeconds: number;
  agents: { private: number; public: number; active: number; deactivated: number; gone: number };
  /** By Mesos state. */
  tasks: Record<string, number>;
  requests: number;
  unrecorded: { route: string; follows: string; count: number }[];
  faults: { method: string; path: string; kind: string; happened: number; left: number | null }[];
}

export function statusRoute(lab: Lab): Route {
  return { url: STATUS_PATH, follows: 'the lab', handle: () => json(reportOf(lab)) };
}

export function reportOf(lab: Lab): LabReport {
  const all = [...lab.master.agents.values()];
  const listed = all.filter(({ unreachable }) => !unreachable);
  const tasks: Record<string, number> = {};
  for (const { state } of lab.master.tasks()) {
    if (!isTerminal(state)) tasks[state] = (tasks[state] ?? 0) + 1;
  }
  return {
    url: lab.url,
    dcos: lab.versions.dcos,
    mesos: lab.versions.mesos,
    marathon: lab.versions.marathon,
    grade: lab.grade,
    now: new Date(lab.clock.now()).toISOString(),
    runningSeconds: Math.round((lab.clock.now() - lab.master.startedAt) / 1000),
    agents: {
      private: listed.filter(({ spec }) => !spec.public).length,
      public: listed.filter(({ spec }) => spec.public).length,
      active: listed.filter(isActive).length,
      deactivated: listed.filter(({ deactivated }) => deactivated).length,
      gone: all.length - listed.length,
    },
    tasks,
    requests: lab.requests().reduce((sum, { count }) => sum + count, 0),
    unrecorded: lab.unrecorded(),
    faults: lab.faults.list().map(({ method, path, kind, happened, times }) => ({
      method: method ?? 'any',
      path,
      kind,
      happened,
      left: times === undefined ? null : Math.max(0, times - happened),
    })),
  };
}
