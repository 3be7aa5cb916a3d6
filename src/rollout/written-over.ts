// Marathon takes what is written last, and asks for no version that it is to replace: who writes between our last look and our own
// writing is written over. It keeps what was there, so that this is seen at once, before any agent has its turn.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonGroup } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { assertUnchanged, writtenOver } from './guard.ts';
import { isPassing } from './patience.ts';

export interface Written {
  /** Version by id that every app had at the last look. */
  expected: Readonly<Record<string, string>>;
  /** How far Marathon was before the last look; undefined: it does not say. */
  since: string | undefined;
  /** The version of what was written. */
  accepted: string;
  /** What was written is that the group is gone. */
  gone?: boolean;
}

/** @throws {UserError} `changed-meanwhile` with who it was, if `/calico` was not as expected any more when it was written */
export async function assertNoneWrittenOver(
  { marathon }: Pick<Cluster, 'marathon'>,
  written: Written,
  signal?: AbortSignal,
): Promise<void> {
  const { expected, gone } = written;
  const before = await lastBefore(marathon, written, signal);
  if (before === undefined) return;
  try {
    assertUnchanged(expected, before.group);
  } catch (error) {
    throw error instanceof UserError ? writtenOver(error, gone) : error;
  }
}

/**
 * The group as it was just before, if Marathon as a whole has changed since the last look. Undefined also where it does not tell: it reads
 * all that it keeps for this (up to 50 versions of everything, GroupManagerImpl.scala), and nobody waits for that twice.
 */
async function lastBefore(
  marathon: Cluster['marathon'],
  { since, accepted, gone }: Written,
  signal?: AbortSignal,
): Promise<{ group: MarathonGroup | undefined } | undefined> {
  if (since === undefined) return undefined;
  try {
    const versions = await versionsOf(marathon, gone, signal);
    const before = versions
      .filter((version) => version > since && version < accepted)
      .sort()
      .at(-1);
    return before === undefined ? undefined : { group: await marathon.groupAt('/calico', before, signal) };
  } catch (error) {
    if (isPassing(error) || isForbidden(error)) return undefined;
    throw error;
  }
}

/**
 * Of everything, as a group that was just deleted is in none of its own versions. Who may not see everything (`ViewGroup` of the root,
 * GroupsResource.scala) may see what the group was, while it is there.
 */
function versionsOf(marathon: Cluster['marathon'], gone?: boolean, signal?: AbortSignal): Promise<string[]> {
  return marathon.versions('/', signal).catch((error: unknown) => {
    if (gone || !isForbidden(error)) throw error;
    return marathon.versions('/calico', signal);
  });
}

const isForbidden = (error: unknown) => error instanceof UserError && error.problem.code === 'forbidden';
