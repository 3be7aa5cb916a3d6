// A simulated host by itself: step tasks are put on it and looked at.
import { VirtualClock } from '../../../src/lab/clock.ts';
import type { SimulatedFaults } from '../../../src/lab/simulated/model.ts';
import { SimulatedRunner } from '../../../src/lab/simulated/runner.ts';
import type { RunningTask, TaskInfo } from '../../../src/lab/types.ts';
import { STATE_CODES, type StepName, type StepStatus } from '../../../src/steps/state.ts';
import { task } from '../mesos/stage.ts';

const HOST = '10.0.1.11';
const START = Date.parse('2026-11-24T00:00:00Z');

/** `version`: seconds after a fixed time, as Marathon's app versions are times. */
export const version = (seconds: number) => new Date(START + seconds * 1000).toISOString();

export async function host(faults: SimulatedFaults = {}) {
  const clock = new VirtualClock(START);
  const runner = new SimulatedRunner(clock, 1);
  await runner.addAgent({ id: 'S0', host: HOST, public: false, faults: faults as Record<string, unknown> });
  const exits: { id: string; code: number | null; signal: string | null }[] = [];
  let count = 0;
  const start = (appId: string, env: Record<string, string>, more: Partial<TaskInfo> = {}): RunningTask => {
    const id = `${appId}.${++count}`;
    return runner.start({ ...task(id), appId, env, agentId: 'S0', ...more }, (status) =>
      exits.push({ id, ...status }),
    );
  };
  return {
    clock,
    runner,
    exits,
    start,
    step: (name: StepName, env: Record<string, string> = {}, at = 0) =>
      start(`/calico/${name}`, {
        DCOS_CALICO_MODE: 'present',
        DCOS_CALICO_ETCD_ENDPOINTS: 'http://localhost:2379',
        MARATHON_APP_VERSION: version(at),
        ...env,
      }),
    turn: (steps: StepName[], env: Record<string, string> = {}) =>
      start('/calico/ops/turn', {
        DCOS_CALICO_TURN_ALLOWS: 'change',
        DCOS_CALICO_TURN_UNTIL: '',
        DCOS_CALICO_TURN_SETTLE_SECONDS: '0',
        DCOS_CALICO_TURN_STEPS: steps.map((name) => `${name}=${version(0)}`).join(' '),
        MARATHON_APP_VERSION: version(0),
        ...env,
      }),
    pass: (seconds: number) => clock.advance(seconds * 1000),
  };
}

/** The state by the check's exit code. */
export function stateOf(running: RunningTask): string {
  const code = running.result!('sh ./health');
  return Object.entries(STATE_CODES).find(([, one]) => one === code)?.[0] ?? `code ${code}`;
}

export async function statusOf(running: RunningTask): Promise<StepStatus> {
  return JSON.parse(Buffer.from((await running.read('status.json'))!).toString()) as StepStatus;
}
