// A cluster as Mesos and Marathon answer it, made from a word a step: what the tables of the tests say is all that differs.
import type { MarathonApp, MarathonGroup, MarathonTask, MesosAgent } from '../../src/dcos/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Options } from '../../src/options/types.ts';
import type { ClusterRead } from '../../src/status/build.ts';
import {
  appDefinition,
  carrierOf,
  optionsDefinition,
  turnDefinition,
} from '../../src/steps/app-definition.ts';
import { STEPS } from '../../src/steps/registry.ts';
import {
  type ReportedState,
  STATE_CODES,
  type StepMode,
  type StepName,
  type StepStatus,
} from '../../src/steps/state.ts';

export const INSTALLED_AT = '2026-11-24T03:54:09.383Z';
export const NOW = Date.parse('2026-11-24T04:10:00.000Z');
const STARTED_AT = '2026-11-24T03:54:15.000Z';

/** What a step's task is like: a state that it reports, or a state of Mesos. */
export type Word =
  | ReportedState
  | 'silent'
  | 'just started'
  | 'staging'
  | 'unreachable'
  | 'old'
  | 'none'
  | 'dead';

export interface AgentWords {
  host: string;
  public?: boolean;
  /** One for all steps, or each step's; `ready` where nothing is said. */
  steps?: Word | Partial<Record<StepName, Word>>;
  /** The sentences that the steps give for their states. */
  reasons?: Partial<Record<StepName, string>>;
  mesos?: Partial<MesosAgent>;
  /** Not in Mesos' list, though it has tasks. */
  unlisted?: boolean;
}

export interface ClusterWords {
  agents: AgentWords[];
  marathonVersion?: string;
  options?: (options: Options) => void;
  /** Of all steps. */
  mode?: StepMode;
  turn?: { agents: string[]; done?: string[]; allows?: 'change' | 'restart'; until?: string };
  /** Instances of each app; as many as there are tasks where nothing is said. */
  instances?: number;
  /** When that was last changed; at the install where nothing is said. */
  scaledAt?: string;
  owed?: string[];
  change?: (group: MarathonGroup) => void;
}

export function idOf(host: string): string {
  return `2ac9c803-b0db-4b3d-9a48-0566ff83972e-S${host.replaceAll('.', '')}`;
}

export function agent({ host, public: isPublic = false, mesos = {} }: AgentWords): MesosAgent {
  const all = { cpus: 4, mem: 4096, disk: 10_000, ports: '[1025-2180, 2182-3887]' };
  const none = { cpus: 0, mem: 0, disk: 0 };
  return {
    id: idOf(host),
    hostname: host,
    port: 5051,
    pid: `slave(1)@${host}:5051`,
    active: true,
    deactivated: false,
    attributes: isPublic ? { public_ip: 'true' } : {},
    version: '1.11.1',
    registered_time: Date.parse('2026-11-24T03:00:00Z') / 1000,
    resources: all,
    used_resources: { cpus: 0.1, mem: 160, disk: 0 },
    reserved_resources: isPublic ? { slave_public: all } : {},
    unreserved_resources: isPublic ? none : all,
    ...mesos,
  };
}

function task(step: StepName, word: Word, host: string, carrier: 'check' | 'health'): MarathonTask {
  const base: MarathonTask = {
    id: `calico_${step}.instance-${host}._app.1`,
    appId: `/calico/${step}`,
    host,
    slaveId: idOf(host),
    state: 'TASK_RUNNING',
    stagedAt: STARTED_AT,
    startedAt: STARTED_AT,
    version: word === 'old' ? '2026-11-23T00:00:00.000Z' : INSTALLED_AT,
    healthCheckResults: [
      {
        alive: true,
        consecutiveFailures: 0,
        firstSuccess: STARTED_AT,
        lastSuccess: '2026-11-24T03:58:00.000Z',
      },
    ],
  };
  if (word === 'staging') return { ...base, state: 'TASK_STAGING', startedAt: null, healthCheckResults: [] };
  if (word === 'unreachable') return { ...base, state: 'TASK_UNREACHABLE' };
  if (word === 'dead') return { ...base, state: 'TASK_FAILED' };
  if (word === 'just started')
    return { ...base, startedAt: new Date(NOW - 5000).toISOString(), healthCheckResults: [] };
  if (carrier === 'health') return word === 'ready' ? base : { ...base, healthCheckResults: [] };
  if (word === 'silent') return base;
  const exitCode = word === 'old' ? 0 : STATE_CODES[word as ReportedState];
  return { ...base, checkResult: { command: { exitCode } } };
}

export function report(step: StepName, state: ReportedState, reason: string): StepStatus {
  return {
    step,
    state,
    reason,
    detail: {},
    wanted: {},
    found: {},
    needs: [],
    checkedAt: new Date(NOW - 8000).toISOString(),
  };
}

function wordOf(agentWords: AgentWords, step: StepName): Word {
  const { steps = 'ready' } = agentWords;
  return typeof steps === 'string' ? steps : (steps[step] ?? 'ready');
}

/** What one refresh of such a cluster reads, reports included. */
export function clusterRead(words: ClusterWords): ClusterRead {
  const { marathonVersion = '1.11.24', mode = 'present' } = words;
  const carrier = carrierOf(marathonVersion);
  const options = defaultOptions();
  words.options?.(options);
  const reports = new Map<string, StepStatus>();
  const apps: MarathonApp[] = [];
  for (const step of STEPS.filter((one) => one.isEnabled(options))) {
    const tasks: MarathonTask[] = [];
    for (const one of words.agents) {
      const word = wordOf(one, step.name);
      if (word === 'none') continue;
      const made = task(step.name, word, one.host, carrier);
      tasks.push(made);
      const reason = one.reasons?.[step.name];
      if (reason && word in STATE_CODES)
        reports.set(made.id, report(step.name, word as ReportedState, reason));
    }
    const definition = appDefinition(step, options, {
      mode,
      instances: words.instances ?? tasks.length,
      carrier,
      marathonVersion,
      exclude: options.rollout.exclude,
    });
    apps.push(asRead({ ...definition, id: `/calico/${step.name}` }, tasks));
  }
  const put = {
    options,
    who: 'anna',
    when: INSTALLED_AT,
    command: 'dcos calico install',
    message: '',
    owed: words.owed ?? [],
  };
  apps.push(asRead({ ...optionsDefinition({ ...put, marathonVersion }), id: '/calico/options' }, []));
  const group: MarathonGroup = { id: '/calico', version: INSTALLED_AT, apps, groups: [] };
  if (words.turn) {
    const { agents, done = [], allows = 'change', until = '' } = words.turn;
    const definition = turnDefinition({
      agents,
      allows,
      until,
      settleSeconds: 60,
      steps: STEPS.map(({ name }) => ({ name, version: INSTALLED_AT })),
      carrier,
      marathonVersion,
    });
    const tasks = agents.map((host) => ({
      ...task('node', done.includes(host) ? 'ready' : 'working', host, carrier),
      id: `calico_ops_turn.${host}`,
      appId: '/calico/ops/turn',
    }));
    group.groups = [{ id: '/calico/ops', apps: [asRead(definition, tasks)] }];
  }
  if (words.scaledAt) for (const app of apps) app.versionInfo!.lastScalingAt = words.scaledAt;
  words.change?.(group);
  return {
    agents: words.agents.filter(({ unlisted }) => !unlisted).map(agent),
    group,
    marathon: { version: marathonVersion, carrier },
    reports,
    now: NOW,
  };
}

function asRead(definition: MarathonApp | Omit<MarathonApp, 'version'>, tasks: MarathonTask[]): MarathonApp {
  return {
    ...definition,
    version: INSTALLED_AT,
    versionInfo: { lastScalingAt: INSTALLED_AT, lastConfigChangeAt: INSTALLED_AT },
    labels: {},
    deployments: [],
    tasks,
  };
}
