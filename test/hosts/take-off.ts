// Steps in mode `absent`, until each is off.
import type { Machine } from '../../src/lab/hosts/machine.ts';
import type { Options } from '../../src/options/types.ts';
import { STEP_NAMES, type StepName } from '../../src/steps/state.ts';
import type { Hosts } from './hosts.ts';
import { startStep, startTurn } from './step-task.ts';

/** What "off again" leaves by intent: logs; and Docker has to be restarted to drop its store, which starts its containers anew. */
export const LEFT = [/^\/var\/log\/calico/, /^started: docker\.service/, /^\/run\/calico/];

/** Docker is restarted where the step asks for it. */
export async function takeOff(
  all: Hosts,
  machine: Machine,
  options: Options,
  steps: readonly StepName[] = STEP_NAMES,
): Promise<void> {
  const turn = startTurn(all, machine, 'restart');
  const tasks = steps.map((step) => startStep(all, machine, step, { options, mode: 'absent' }));
  for (const task of tasks) await task.until('ready', 120);
  await Promise.all([...tasks, turn].map((task) => task.stop()));
}
