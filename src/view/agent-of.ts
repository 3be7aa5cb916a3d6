import { EXIT, UserError } from '../errors.ts';
import { findAgent } from '../status/find-agent.ts';
import type { AgentRow, ClusterStatus } from '../status/model.ts';
import { plainText } from './plain-text.ts';

/** The agent's row, or an error that names those that come near. `command`: what was to be done, with another agent. */
export function agentOf(
  status: Pick<ClusterStatus, 'agents'>,
  wanted: string,
  command = (agent: string) => `dcos calico status ${agent}`,
): AgentRow {
  const found = findAgent(status.agents, wanted);
  if ('row' in found) return found.row;
  const near = found.near.map(plainText);
  throw new UserError({
    code: 'unknown-agent',
    what: `There is no agent ${plainText(wanted)}`,
    why:
      near.length > 0 ? `near it are ${near.join(', ')}` : 'no agent of this cluster has that address or id',
    remedy: near.length > 0 ? near.map(command) : ['dcos calico status --all'],
    exit: EXIT.usage,
  });
}
