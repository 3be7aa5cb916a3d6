// The master's HTTP API, as 1.11.1 was recorded. Older versions differ by what `versions.ts` says.
import { gzipSync } from 'node:zlib';
import { empty, float, json, type LabRequest, type LabResponse, parameter, text } from '../http.ts';
import type { MesosMaster } from './master.ts';
import { operatorCall } from './operator-api.ts';
import { NOTHING } from './resources.ts';
import {
  agentShape,
  agentShapeFull,
  counts,
  frameworkUsed,
  recoveredShape,
  resources,
  seconds,
  taskShape,
} from './shapes.ts';
import { isTerminal, type LabTask } from './task.ts';

/** Where libprocess begins to compress (`GZIP_MINIMUM_BODY_LENGTH`). */
const GZIP_FROM = 1024;
/** A follower, or a master that lost its leader, answers these itself. */
const LOCAL = new Set(['version', 'flags', 'health', 'metrics/snapshot']);

/** What a real master answers and the lab does not: said as such, so that nobody takes it for the real answer. */
const UNMODELLED =
  /^(\/master)?\/(state|roles|quota|weights|maintenance\/\w+|metrics\/snapshot|system\/stats\.json|logging\/toggle|files\/\w+|teardown|help)\/?$/;

type Handler = (master: MesosMaster, request: LabRequest) => LabResponse;

const ROUTES: Record<string, Handler> = {
  slaves: (master, request) => jsonp(request, slaves(master, request)),
  'state-summary': (master, request) => jsonp(request, stateSummary(master)),
  tasks: (master, request) => jsonp(request, tasks(master, request)),
  frameworks: (master, request) => jsonp(request, frameworks(master, request)),
  version: (master, request) => jsonp(request, versionShape(master)),
  flags: (master, request) => jsonp(request, { flags: flags(master) }),
  health: () => empty(200),
  redirect: () => empty(307, { location: '//10.0.0.11:5050' }),
  'api/v1': (master, request) => operatorCall(master, request),
};

/** Answers a request as the leading master does; paths as the master itself sees them, `/slaves`. */
export function handleMaster(master: MesosMaster, request: LabRequest): LabResponse {
  const name = routeOf(request.path);
  const handler =
    name && (name !== 'redirect' || /^\/(master\/)?redirect\/?$/.test(request.path))
      ? ROUTES[name]
      : undefined;
  if (UNMODELLED.test(request.path)) return text(501, 'Not modelled: a real master answers this.');
  if (!name || !handler) return text(404, '404 Not Found.');
  if (master.leadership === 'none' && !LOCAL.has(name)) return text(503, 'No leader elected');
  return compressed(request, handler(master, request));
}

/** `/slaves`, `/master/slaves`, `/slaves/` and `/slaves/foo` are one: libprocess takes the longest name that it knows. */
function routeOf(path: string): string | undefined {
  const parts = path.split('/').filter(Boolean);
  if (parts[0] === 'master') parts.shift();
  for (let length = parts.length; length > 0; length--) {
    const name = parts.slice(0, length).join('/');
    if (Object.hasOwn(ROUTES, name)) return name;
  }
  return undefined;
}

function compressed(request: LabRequest, response: LabResponse): LabResponse {
  if (!/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return response;
  if (response.body.length < GZIP_FROM) return response;
  return {
    ...response,
    headers: { ...response.headers, 'content-encoding': 'gzip' },
    // The fastest level: 5,000 agents are 8 MB.
    body: gzipSync(response.body, { level: 1 }),
  };
}

export function jsonp(request: LabRequest, value: unknown): LabResponse {
  const callback = parameter(request, 'jsonp');
  if (callback === null) return json(value);
  return {
    status: 200,
    headers: { 'content-type': 'text/javascript' },
    body: `${callback}(${JSON.stringify(value)})`,
  };
}

function slaves(master: MesosMaster, request: LabRequest): unknown {
  const wanted = master.versions.filters ? parameter(request, 'slave_id') : null;
  const is = ({ id }: { id: string }) => wanted === null || id === wanted;
  return {
    slaves: master
      .registered()
      .filter(is)
      .map((agent) => agentShapeFull(agent, master.versions)),
    recovered_slaves: master.recovered().filter(is).map(recoveredShape),
  };
}

function stateSummary(master: MesosMaster): unknown {
  const agents = master.registered();
  const completed = new Map<string, LabTask[]>();
  for (const task of master.completed) {
    const list = completed.get(task.info.agentId);
    if (list) list.push(task);
    else completed.set(task.info.agentId, [task]);
  }
  const known = master.leadership === 'leading' || agents.length > 0;
  return {
    hostname: '10.0.0.11',
    cluster: 'lab',
    slaves: agents.map((agent) => {
      const all = [...agent.tasks.values(), ...(completed.get(agent.id) ?? [])];
      return {
        ...agentShape(agent, master.versions),
        ...counts(all),
        framework_ids: all.length > 0 ? [master.frameworkId] : [],
      };
    }),
    frameworks: known ? [frameworkSummary(master)] : [],
  };
}

function frameworkSummary(master: MesosMaster): Record<string, unknown> {
  const withTasks = master.registered().filter((agent) => agent.tasks.size > 0);
  return {
    ...frameworkHead(master),
    ...counts(master.tasks()),
    slave_ids: withTasks.map(({ id }) => id),
  };
}

function frameworkHead(master: MesosMaster): Record<string, unknown> {
  return {
    id: master.frameworkId,
    name: 'marathon',
    used_resources: resources(frameworkUsed(master)),
    offered_resources: resources(NOTHING),
    capabilities: ['PARTITION_AWARE', 'TASK_KILLING_STATE'],
    hostname: '10.0.0.11',
    webui_url: 'http://10.0.0.11:8080',
    active: master.frameworkConnected,
    connected: master.frameworkConnected,
    recovered: !master.frameworkConnected,
  };
}

function frameworks(master: MesosMaster, request: LabRequest): unknown {
  const wanted = parameter(request, 'framework_id');
  const known = master.leadership === 'leading' && (wanted === null || wanted === master.frameworkId);
  return {
    frameworks: known ? [frameworkShape(master)] : [],
    completed_frameworks: [],
    unregistered_frameworks: [],
  };
}

function frameworkShape(master: MesosMaster): unknown {
  const live = [...master.tasks()].filter(({ state }) => !isTerminal(state));
  return {
    ...frameworkHead(master),
    user: 'root',
    failover_timeout: float(604_800),
    checkpoint: true,
    registered_time: seconds(master.startedAt),
    unregistered_time: float(0),
    resources: resources(frameworkUsed(master)),
    roles: ['slave_public'],
    tasks: live.filter(({ state }) => state !== 'TASK_UNREACHABLE').map(taskShape),
    unreachable_tasks: live.filter(({ state }) => state === 'TASK_UNREACHABLE').map(taskShape),
    completed_tasks: master.completed.map(taskShape),
    offers: [],
    executors: [],
    offer_constraints: {},
  };
}

/** 100 by default, the newest first, completed ones included, bad parameters ignored (measured). */
function tasks(master: MesosMaster, request: LabRequest): unknown {
  let all = [...master.tasks()];
  if (master.versions.filters) {
    const frameworkId = parameter(request, 'framework_id');
    const taskId = parameter(request, 'task_id');
    if (frameworkId !== null) all = all.filter(({ info }) => info.frameworkId === frameworkId);
    if (taskId !== null) all = all.filter(({ info }) => info.id === taskId);
  }
  const age = (task: LabTask) => task.statuses[0]?.at ?? 0;
  all.sort((a, b) => age(b) - age(a));
  if (parameter(request, 'order') === 'asc') all.reverse();
  const limit = numberOf(parameter(request, 'limit')) ?? 100;
  const offset = numberOf(parameter(request, 'offset')) ?? 0;
  return { tasks: all.slice(offset, offset + limit).map(taskShape) };
}

function numberOf(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
}

/** Of the build that the recordings were made with; DC/OS' own differs in all but `version`. */
export function versionShape({ versions }: MesosMaster): Record<string, unknown> {
  return {
    build_date: '2020-11-24 02:36:00',
    build_time: float(1_606_185_360),
    build_user: '',
    git_sha: '7017e7905099461c42c8e96c148a31ccb84fe0d2',
    git_branch: 'refs/heads/lab',
    version: versions.mesos,
  };
}

function flags({ versions }: MesosMaster): Record<string, string> {
  return {
    agent_ping_timeout: '15secs',
    agent_reregister_timeout: '10mins',
    allocation_interval: '1secs',
    cluster: 'lab',
    hostname_lookup: 'false',
    max_agent_ping_timeouts: String(versions.maxPingTimeouts),
    max_completed_tasks_per_framework: '1000',
    port: '5050',
    quorum: '1',
    roles: 'slave_public',
    weights: 'slave_public=1',
    work_dir: '/var/lib/dcos/mesos/master',
  };
}
