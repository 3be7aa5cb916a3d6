// What a change of options does, step by step: to the tasks, to the agents, and because of which options.
import type { OptionDifference } from '../options/differences.ts';
import { type PartialOptions, setAt } from '../options/paths.ts';
import type { Options } from '../options/types.ts';
import { appDifferences } from '../steps/app-definition.ts';
import { stepNamed } from '../steps/registry.ts';
import type { StepName } from '../steps/state.ts';
import type { AppChange, PlanInput } from './types.ts';
import { stepApp } from './wanted.ts';

export interface StepEffect {
  step: StepName;
  how: AppChange['how'];
  /** Tasks that are started, or replaced. */
  tasks: number;
  /** `looked at`: nothing that depends on the changed options is on the agents; the new tasks find them as wanted. */
  agents: 'set up' | 'changed' | 'looked at' | 'taken off' | 'as they are';
  /** Paths of the options that it follows from; empty where it follows from none. */
  causes: string[];
}

export function stepEffects(
  changes: readonly AppChange[],
  differences: readonly OptionDifference[],
  input: PlanInput,
): StepEffect[] {
  return changes.flatMap((change) => {
    const { step, how, mode, replaced, from, to } = change;
    if (step === 'options') return [];
    return [
      {
        step,
        how,
        tasks: how === 'replace' ? replaced : Math.max(0, to - from),
        agents: mode === 'absent' && how === 'replace' ? ('taken off' as const) : onAgents(change),
        causes: input.installed ? causes(step, differences, input.installed.options, input) : [],
      },
    ];
  });
}

/** A task's environment is all that a step knows: what is not in it changes no host. */
function onAgents({ how, fields }: AppChange): StepEffect['agents'] {
  if (how === 'create') return 'set up';
  if (how !== 'replace') return 'as they are';
  return fields.some((field) => field.startsWith('env.')) ? 'changed' : 'looked at';
}

function causes(
  step: StepName,
  differences: readonly OptionDifference[],
  installed: Options,
  input: PlanInput,
): string[] {
  const app = (options: Options) => stepApp(stepNamed(step), 0, { ...input, options });
  const before = app(installed);
  return differences
    .filter(({ path, after }) => {
      const alone = structuredClone(installed);
      setAt(alone as unknown as PartialOptions, path, after);
      return appDifferences({ ...before, version: '' }, app(alone)).length > 0;
    })
    .map(({ path }) => path);
}
