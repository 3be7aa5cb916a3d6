// Marathon takes what is written last, and asks for no version that it is to replace: who writes between our last look and our own
// writing is written over. It keeps what was there, so that this is seen at once, before any agent has its turn.
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { assertUnchanged, writtenOver } from './guard.ts';
import type { Ask } from './turn-keeper.ts';

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
  { expected, since, accepted, gone }: Written,
  ask: Ask,
  signal?: AbortSignal,
): Promise<void> {
  if (since === undefined) return;
  const versions = await ask(() => marathon.versions(gone ? '/' : '/calico', signal)).catch(unlessForbidden);
  const before = versions
    .filter((version) => version > since && version < accepted)
    .sort()
    .at(-1);
  // Marathon as a whole has not changed between the two, and neither has Calico.
  if (before === undefined) return;
  const group = await ask(() => marathon.groupAt('/calico', before, signal));
  try {
    assertUnchanged(expected, group);
  } catch (error) {
    throw error instanceof UserError ? writtenOver(error, gone) : error;
  }
}

/** Versions of everything are for who may see everything (`ViewGroup` of the root, GroupsResource.scala): others do without. */
function unlessForbidden(error: unknown): string[] {
  if (error instanceof UserError && error.problem.code === 'forbidden') return [];
  throw error;
}
