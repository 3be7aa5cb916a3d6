// Names of instances and tasks (mesosphere/marathon: core/task/Task.scala, core/instance/Instance.scala).
import type { Instance } from './instances.ts';
import type { MarathonVersion } from './versions.ts';

/** `/calico/ops/turn` → `calico_ops_turn`. */
const safe = (appId: string): string => appId.slice(1).replaceAll('/', '_');

export function instanceId(appId: string, uuid: string, version: MarathonVersion): string {
  return `${safe(appId)}.${version.goals ? 'instance-' : 'marathon-'}${uuid}`;
}

/** Of the instance's attempt; before 1.8 there is only one. */
export function taskId(instance: Instance, version: MarathonVersion): string {
  if (version.goals) return `${instance.id}._app.${instance.attempt}`;
  return instance.id.replace('.marathon-', '.');
}

/** `/calico/ops/turn` of any of its tasks; undefined: not an id of ours. */
export function appIdOf(task: string): string | undefined {
  const match = /^(.+)\.(?:instance-|marathon-)?[0-9a-f]{8}-[0-9a-f-]{27}(?:\._app\.\d+)?$/.exec(task);
  return match ? `/${match[1]!.replaceAll('_', '/')}` : undefined;
}
