// `tasksStats` of an app (mesosphere/marathon 1.11.24: core/appinfo/impl/TaskStatsByVersion).
import type { App } from './app.ts';
import type { Health } from './health.ts';
import { type Instance, isScheduled } from './instances.ts';
import { countTasks } from './render-task.ts';

type HealthOf = (instance: Instance) => Health | undefined;

function stats(instances: Instance[], now: number, healthOf: HealthOf): Record<string, unknown> | undefined {
  const counted = instances.filter((instance) => instance.task && !isScheduled(instance));
  if (counted.length === 0) return undefined;
  const lives = counted
    .filter(({ task }) => task!.startedAt !== undefined)
    .map(({ task }) => (now - task!.startedAt!) / 1000)
    .sort((a, b) => a - b);
  const middle = Math.floor(lives.length / 2);
  const medianSeconds = lives.length % 2 === 1 ? lives[middle]! : (lives[middle - 1]! + lives[middle]!) / 2;
  const averageSeconds = lives.reduce((sum, life) => sum + life, 0) / lives.length;
  return {
    stats: {
      counts: countTasks(counted, healthOf),
      ...(lives.length > 0 ? { lifeTime: { averageSeconds, medianSeconds } } : {}),
    },
  };
}

export function renderTaskStats(
  app: App,
  instances: Instance[],
  now: number,
  healthOf: HealthOf,
): Record<string, unknown> {
  const isLatest = ({ app: { version } }: Instance): boolean => version >= app.lastConfigChangeAt;
  const parts = {
    startedAfterLastScaling: instances.filter(({ app: { version } }) => version >= app.lastScalingAt),
    withLatestConfig: instances.filter(isLatest),
    withOutdatedConfig: instances.filter((instance) => !isLatest(instance)),
    totalSummary: instances,
  };
  const result: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(parts)) {
    const rendered = stats(part, now, healthOf);
    if (rendered) result[name] = rendered;
  }
  return result;
}
