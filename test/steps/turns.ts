// The turn's task, as the rollout starts it.
import { type TurnRequest, turnDefinition } from '../../src/steps/app-definition.ts';
import type { StepName } from '../../src/steps/state.ts';
import type { Bench, Running } from './bench.ts';

export const VERSION = '2026-11-24T03:54:09.383Z';

export function turn(
  bench: Bench,
  steps: StepName[],
  request: Partial<TurnRequest> = {},
  version = VERSION,
): Running {
  const app = turnDefinition({
    agents: [bench.host.address],
    allows: 'change',
    until: '',
    settleSeconds: 0,
    steps: steps.map((name) => ({ name, version: VERSION })),
    carrier: 'check',
    marathonVersion: '1.9.136',
    ...request,
  });
  return bench.start('turn', app.cmd, app.env, { version });
}
