import type { MarathonApp } from '../dcos/types.ts';
import type { StepMode } from '../steps/state.ts';

/** What a step's app is there for. */
export function modeOf(app: Pick<MarathonApp, 'env'> | undefined): StepMode {
  return app?.env?.DCOS_CALICO_MODE === 'absent' ? 'absent' : 'present';
}
