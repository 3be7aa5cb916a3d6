// What goes on when the command that leads a rollout is gone.
import { isFinished } from './next.ts';
import type { RolloutState } from './state.ts';

/** One line, for Ctrl-C: it is printed behind the prompt that `dcos` has given back already. */
export function goingOn(state: RolloutState | undefined, command = 'dcos calico install'): string {
  const again = `go on with: ${command}`;
  const open = state?.turn?.agents.filter((id) => !isFinished(state.agents.get(id)!)).length ?? 0;
  if (open === 0) return `Interrupted: no agent is at work and none begins; ${again}`;
  const who = open === 1 ? '1 agent finishes its turn' : `${open} agents finish their turn`;
  return `Interrupted: ${who}, no further agent begins; ${again}`;
}
