// What `/calico/options` is to hold after the plan.
import type { InstalledOptions } from '../steps/options-app.ts';
import { changedOptions } from './differences.ts';
import type { PlanInput } from './types.ts';

/** What is there is kept as it is, whoever looks now; only options that differ are a change, with what was before behind it. */
export function record(input: PlanInput): InstalledOptions {
  const { installed, who, command, message, options, recorded = options } = input;
  const now = { options: recorded, who, when: new Date(input.now).toISOString(), command, message };
  if (!installed) return { ...now, owed: [] };
  // An agent that is to have Calico again is owed nothing: an uninstall that was begun is given up for it.
  const owed = installed.owed.filter((host) => recorded.rollout.exclude.includes(host));
  if (changedOptions(installed.options, recorded).length === 0) return { ...installed, owed };
  const { owed: _, covered: kept, previous = [], ...before } = installed;
  const covered = kept ? { covered: kept } : {};
  if (input.undo) return { ...now, owed, ...covered, previous: previous.slice(1) };
  return { ...now, owed, ...covered, previous: [before, ...previous] };
}
