import { differences, type OptionDifference } from '../options/differences.ts';
import type { Options } from '../options/types.ts';

/** Options that only say how a rollout goes through the cluster: nothing on an agent or in an app depends on them. */
const STEERING: ReadonlySet<string> = new Set([
  'rollout.max-concurrent',
  'rollout.max-concurrent-restarts',
  'rollout.max-failures',
  'rollout.settle-seconds',
  'rollout.canary',
  'rollout.ignore',
]);

/** What would be different on the agents or in the apps. Options that merely steer a rollout are no difference. */
export function changedOptions(installed: Options, wanted: Options): OptionDifference[] {
  return differences(installed, wanted).filter(({ path }) => !STEERING.has(path));
}
