// The app of the turn in the group's subgroup, which has what comes and goes.
import type { MarathonApp, MarathonGroup } from '../dcos/types.ts';
import { TURN_APP } from '../steps/turn/definition.ts';

/** Undefined: nobody has the turn. */
export function turnApp(group: MarathonGroup | undefined): MarathonApp | undefined {
  return group?.groups?.find(({ id }) => id === '/calico/ops')?.apps.find(({ id }) => id === TURN_APP);
}
