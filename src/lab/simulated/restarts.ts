// Where a daemon has to be restarted, and what that would interrupt: as the real docker step and its turn have it.
import { type Interrupts, interruptedName, type RunningContainer } from '../../steps/app-definition.ts';
import type { StepName } from '../../steps/state.ts';
import { interruptsText } from '../../steps/turn/interrupts.ts';
import type { StepFault } from './model.ts';
import type { Report } from './task.ts';

const STORE = 'DCOS_CALICO_CLUSTER_STORE';

/** The store that a fingerprint names; '' none. */
export function storeOf(fingerprint: string | undefined): string {
  const line = (fingerprint ?? '').split('\n').find((one) => one.startsWith(`${STORE}=`));
  return line?.slice(STORE.length + 1) ?? '';
}

/** Why Docker has to be restarted for `wanted` (undefined: absent) on a host that runs with `done`; '' it has not. */
export function restartReason(
  step: StepName,
  fault: StepFault,
  done: string | undefined,
  wanted: string | undefined,
  leaveStore = false,
): string {
  if (fault.restart) return fault.restart;
  if (step !== 'docker') return '';
  const before = storeOf(done);
  if (before === '' || before === storeOf(wanted)) return '';
  // Through the proxy the engine would lose its store: it is left only where nothing of ours answers for it.
  if (leaveStore && !before.includes('//localhost:')) return '';
  return wanted === undefined
    ? `Docker keeps the store ${before} until it is restarted`
    : 'Docker has another store than is wanted, and takes the new one only when it is restarted';
}

function running(facts: Record<string, unknown> = {}): string[] {
  const { running: there = [] } = (facts.containers ?? {}) as {
    running?: (RunningContainer & { ours?: boolean })[];
  };
  return there.filter(({ ours }) => !ours).map(interruptedName);
}

/** Of what runs on the host, that which the turn does not name. */
function notNamed(address: string, facts: Record<string, unknown> | undefined, said: string): string[] {
  if (said === '*=*') return [];
  const named = said
    .split(' ')
    .find((word) => word.startsWith(`${address}=`))
    ?.slice(address.length + 1)
    .split(',');
  const short = (name: string) =>
    interruptsText({ [address]: [name] } satisfies Interrupts).slice(address.length + 1);
  return running(facts).filter((name) => !named?.includes(short(name)));
}

export interface Turn {
  allows: 'change' | 'restart';
  interrupts: string;
}

/** What keeps a restart from being done now; undefined: nothing does. */
export function restartPending(
  address: string,
  facts: Record<string, unknown> | undefined,
  step: StepName,
  reason: string,
  turn: Turn | undefined,
): Report | undefined {
  const pending = { state: 'restart pending' as const, needs: [`restart ${step}`] };
  if (turn?.allows !== 'restart') return { ...pending, reason };
  const others = notNamed(address, facts, turn.interrupts);
  if (others.length === 0) return undefined;
  return {
    ...pending,
    reason: `${reason}; it is left alone, as that would interrupt what the plan does not name: ${others.join(', ')}`,
    needs: [...pending.needs, 'plan'],
    detail: { 'not named': others },
  };
}
