// From an agent and a step, as the operator names them, to the file on the agent; or the sentence that says why there is none.
import { UserError } from '../errors.ts';
import { buildStatus } from '../status/build.ts';
import { durationText } from '../status/duration.ts';
import type { AgentRow, ClusterStatus } from '../status/model.ts';
import { carrierOf } from '../steps/app-definition.ts';
import { agentOf } from '../view/agent-of.ts';
import { plainText } from '../view/plain-text.ts';
import { appOf, type LogStep, type LogTask, logTask } from './choose.ts';
import type { LogSource } from './source.ts';

export interface LogWanted {
  /** An address or a Mesos id. */
  agent: string;
  step: LogStep;
  stderr?: boolean;
}

export interface LogPlace {
  address: string;
  agentId: string;
  step: LogStep;
  task: LogTask;
  file: 'stdout' | 'stderr';
  frameworkId: string;
  /** The agent's Mesos version: it decides how the sandbox is found. */
  mesosVersion?: string;
}

/** Asks the cluster three requests. Throws `not-installed`, `unknown-agent`, `agent-out-of-reach`, `step-off` or `no-task`. */
export async function findLog(
  source: LogSource,
  { agent, step, stderr = false }: LogWanted,
  signal?: AbortSignal,
): Promise<LogPlace> {
  const [info, list, group] = await Promise.all([
    source.info(signal),
    source.agents(signal),
    source.group(signal),
  ]);
  const status = buildStatus({
    agents: list.agents,
    recovering: list.recovering,
    group,
    marathon: { version: info.version, carrier: carrierOf(info.version) },
    reports: new Map(),
    now: source.now(),
  });
  if (status.calico === 'not installed') throw notInstalled();
  const row = agentOf(status, agent, (other) => `dcos calico logs ${other} ${step}`);
  const app = appOf(group, step);
  const task = logTask(app, row.id);
  if (!app || !task) throw noTask(status, row, step);
  if (row.state === 'unreachable' || row.state === 'gone' || row.state === 'inactive')
    throw outOfReach(row, status.readAt);
  return {
    address: row.address,
    agentId: row.id,
    step,
    task,
    file: stderr ? 'stderr' : 'stdout',
    frameworkId: info.frameworkId ?? '',
    ...(row.mesos && { mesosVersion: row.mesos.version }),
  };
}

function notInstalled(): UserError {
  return new UserError({
    code: 'not-installed',
    what: 'Calico is not installed on this cluster',
    why: 'Marathon has no group /calico with a step in it',
    remedy: ['dcos calico install'],
  });
}

function outOfReach(row: AgentRow, now: number): UserError {
  const seen = row.since ? `; last seen ${durationText(now - Date.parse(row.since))} ago` : '';
  return new UserError({
    code: 'agent-out-of-reach',
    what: `What the agent ${plainText(row.address)} has on it cannot be read`,
    why: `${plainText(row.reason) || 'Mesos has lost sight of it'}${seen}`,
    remedy: [
      'dcos node list  shows whether it comes back',
      `journalctl -u 'dcos-calico-*'  on the agent itself shows what the units of Calico say`,
    ],
  });
}

function noTask(status: ClusterStatus, row: AgentRow, step: LogStep): UserError {
  const address = plainText(row.address);
  if (step === 'turn')
    return new UserError({
      code: 'no-task',
      what: `The agent ${address} has no turn now, and so no output of one`,
      why: 'the task of a turn is there only while an install is at work on the agent',
      remedy: [`dcos calico status ${address}`],
    });
  if (!status.steps.some(({ name }) => name === step))
    return new UserError({
      code: 'step-off',
      what: `The step ${step} has no task on any agent`,
      why: `it is not among the steps that are installed: ${status.steps.map(({ name }) => name).join(', ') || 'none'}`,
      remedy: ['dcos calico options show'],
    });
  return new UserError({
    code: 'no-task',
    what: `The step ${step} has no task on ${address}`,
    why: plainText([row.state, row.reason].filter(Boolean).join(': ')),
    remedy: [`dcos calico status ${address}`],
  });
}

/** The path of the sandbox, or `log-gone`. A task that only starts has none yet: undefined. */
export async function sandboxOf(
  source: LogSource,
  { agentId, frameworkId, task, mesosVersion }: LogPlace,
  signal?: AbortSignal,
): Promise<string | undefined> {
  return source.files.sandbox(
    { agentId, frameworkId, taskId: task.id, ...(mesosVersion && { mesosVersion }) },
    signal,
  );
}

export function logGone({ address, task, file }: LogPlace): UserError {
  return new UserError({
    code: 'log-gone',
    what: `The ${file} of the task ${plainText(task.id)} is no longer on ${plainText(address)}`,
    why: task.ended
      ? `it ended (${plainText(task.ended.why)}), and Mesos has removed its sandbox: it keeps those of ended tasks for some days, fewer when the disk is full`
      : 'its sandbox is not there, although the task lives',
    remedy: [`dcos calico status ${plainText(address)}`],
  });
}
