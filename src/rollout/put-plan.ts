// The one write of a plan: held against what others have written, before and after.
import type { StepName } from '../steps/state.ts';
import type { Carrying } from './carry-out.ts';
import { untilEnded } from './ending.ts';
import type { RolloutEvent } from './events.ts';
import { assertUnchanged, mayForce } from './guard.ts';
import type { Ask } from './turn-keeper.ts';
import { assertNoneWrittenOver } from './written-over.ts';

interface Putting {
  /** Version by id that every app must still have. */
  expected: Readonly<Record<string, string>>;
  ask: Ask;
  tell(event: RolloutEvent): void;
}

/** Returns the versions that every app must have from then on, by id. */
export async function putPlan(
  carrying: Carrying,
  { expected, ask, tell }: Putting,
): Promise<Record<string, string>> {
  const { plan, cluster, stepsIn, signal } = carrying;
  const { marathon } = cluster;
  const { put, takenUp = [] } = plan;
  const versions = { ...expected };
  if (!put && plan.freed.length === 0 && takenUp.length === 0) return versions;
  const since = put && (await ask(() => marathon.version(signal)));
  assertUnchanged(expected, await ask(() => marathon.definitions('/calico', signal)));
  if (plan.freed.length > 0) {
    await marathon.wipeTasks(
      plan.freed.map(({ task }) => task.id),
      signal,
    );
    tell({ type: 'freed', hosts: [...new Set(plan.freed.map(({ task }) => task.host ?? task.id))] });
  }
  if (!put) return { ...versions, ...(await takeUp(carrying, takenUp)) };
  const open = await ask(() => marathon.deployments(signal));
  const accepted = await marathon.putGroup(put, {
    force: mayForce(carrying, open),
    ...(signal ? { signal } : {}),
  });
  await assertNoneWrittenOver(cluster, { expected, since, accepted: accepted.version }, signal);
  // Of a subgroup nobody else has any use: its apps are not held against what others write.
  for (const { step, how } of stepsIn ? [] : plan.changes) {
    if (how === 'drop') delete versions[`${put.id}/${step}`];
    else versions[`${put.id}/${step}`] = accepted.version;
  }
  Object.assign(versions, await takeUp(carrying, takenUp));
  const dropped = plan.changes.filter(({ how }) => how === 'drop').map(({ step }) => step);
  if (dropped.length > 0) {
    await untilEnded(
      carrying,
      dropped.map((step) => `${put.id}/${step}`),
      ask,
    );
    tell({ type: 'dropped', steps: dropped });
  }
  if (dropped.length > 0 && dropped.length === plan.changes.length) return versions;
  tell({ type: 'applied', tasks: plan.numbers.tasksStarted, replaced: plan.numbers.tasksReplaced });
  return versions;
}

/** Deployments that were cut off in the middle go on as new ones. Returns the versions of their apps by id. */
async function takeUp(
  { cluster, stepsIn, signal }: Carrying,
  steps: readonly StepName[],
): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  for (const step of steps) {
    const id = `${stepsIn ?? '/calico'}/${step}`;
    const { version } = await cluster.marathon.restartApp(id, {
      force: true,
      ...(signal ? { signal } : {}),
    });
    if (!stepsIn) versions[id] = version;
  }
  return versions;
}
