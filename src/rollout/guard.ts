// Nothing is written if somebody else wrote since it was last read.
import type { MarathonApp, MarathonDeployment, MarathonGroup } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { concernsUs, ownDeployment } from '../plan/deployments.ts';
import { versionsOf } from '../plan/plan.ts';
import { locked } from '../plan/refusals.ts';
import { turnApp } from '../plan/turn-app.ts';
import { TURN_APP } from '../steps/turn/definition.ts';
import type { Carrying } from './carry-out.ts';
import { installedIn } from './cluster.ts';

export function changed(why: string): UserError {
  return new UserError({
    code: 'changed-meanwhile',
    what: 'Somebody else changed Calico in the meantime, and nothing was written over it',
    why,
    remedy: [
      'dcos calico status           shows how it is now',
      'dcos calico install          makes a new plan from it',
    ],
  });
}

/**
 * The same, found when ours was the last to be written.
 *
 * @param error what `assertUnchanged` says of what was written over
 * @param gone whether it was written over by the group's end
 */
export function writtenOver({ problem }: UserError, gone = false): UserError {
  return new UserError({
    ...problem,
    what: gone
      ? 'Somebody else changed Calico at the same moment, and /calico was deleted over it'
      : 'Somebody else changed Calico at the same moment and was written over; no agent had its turn',
    why: `between the last look at the cluster and the change: ${problem.why}`,
    remedy: gone
      ? ['dcos calico install takes it up again, if Calico is to stay']
      : [
          'dcos calico status           shows how it is now',
          'dcos calico install          goes on with what this command wrote',
        ],
  });
}

/** Says who, as far as it is written down. */
function author(group: MarathonGroup | undefined): string {
  const installed = installedIn(group);
  if (!installed) return 'the options say nothing of it';
  return `the options were last set by ${installed.who || 'somebody'} on ${installed.when} (${installed.command})`;
}

/**
 * Throws `changed-meanwhile` unless every app is at the version it was read or put at.
 *
 * @param expected version by app id; the turn's included, if there was one
 */
export function assertUnchanged(
  expected: Readonly<Record<string, string>>,
  group: MarathonGroup | undefined,
): void {
  const found = versionsOf(group);
  const differing = [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((id) => expected[id] !== found[id])
    .sort();
  if (differing.length === 0) return;
  const how = differing.map((id) => {
    if (!found[id]) return `${id} is gone`;
    return expected[id] ? `${id} is at another version` : `${id} is new`;
  });
  if (differing.length === 1 && differing[0] === TURN_APP) {
    throw changed(
      turnApp(group)
        ? `the turn was given to other agents, so another command is carrying this rollout on; ${author(group)}`
        : `the turn was taken away, so another command has ended this rollout; ${author(group)}`,
    );
  }
  throw changed(`${how.join(', ')}; ${author(group)}`);
}

/** Whether another command took the group away, and our turn, given at that moment, has made it anew. */
export function turnIsAlone(group: MarathonGroup | undefined, version: string | undefined): boolean {
  const apps = everyApp(group);
  return apps.length === 1 && apps[0]!.id === TURN_APP && apps[0]!.version === version;
}

/** Of the group and of all below it: a test of the network, or what is taken off single agents, has a group of its own further down. */
function everyApp(group: MarathonGroup | undefined): MarathonApp[] {
  return group ? [...group.apps, ...(group.groups ?? []).flatMap(everyApp)] : [];
}

/**
 * Whether a PUT of the group is to supersede what is open now. Between the plan and its confirmation somebody may have begun something:
 * only what the plan showed is superseded.
 *
 * @throws {UserError} `locked`
 */
export function mayForce(
  { plan, stepsIn }: Pick<Carrying, 'plan' | 'stepsIn'>,
  deployments: readonly MarathonDeployment[],
): boolean {
  // A subgroup of its own is nobody else's.
  if (stepsIn) return plan.supersedes.length > 0;
  const open = deployments.filter(concernsUs);
  const since = open.filter(
    (one) => !plan.supersedes.includes(one.id) && !ownDeployment(one, new Set(), new Set()),
  );
  if (since.length > 0) throw new UserError({ ...locked(since) });
  return open.length > 0;
}

/** The turn's app was read while it was watched, and it is not the one that was put. */
export function turnTakenOver(gone: boolean): UserError {
  return changed(
    gone
      ? 'the turn was taken away, so another command has ended this rollout'
      : 'the turn was given to other agents, so another command is carrying this rollout on',
  );
}
