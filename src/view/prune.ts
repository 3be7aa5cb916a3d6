// What Calico keeps of agents that are gone, as a table and as a document.
import type { PruneNode, PrunePlan } from '../plan/prune.ts';
import { durationText } from '../status/duration.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const nodes = (count: number) => `${count} ${count === 1 ? 'node' : 'nodes'}`;
const IN_A_PIPE = 100;

const endpointsOf = ({ endpoints }: PruneNode) =>
  Object.values(endpoints).reduce((sum, count) => sum + count, 0);

function seen({ age }: PruneNode): string {
  return age === undefined ? 'never' : `${durationText(age)} ago`;
}

/** Blocks with the addresses that are taken in them; of many the first. */
function blocks({ blocks }: PruneNode): string {
  const shown = blocks.slice(0, 2).map(({ cidr, used }) => `${cidr} (${used} in use)`);
  return [...shown, ...(blocks.length > 2 ? [`and ${blocks.length - 2} more`] : [])].join(', ');
}

export function pruneText({ gone, kept, agents, unlisted }: PrunePlan, { width, colour }: Terminal): string {
  const lines: string[] = [];
  if (gone.length === 0)
    lines.push(
      `Nothing to prune: Calico keeps nothing of agents that are gone for good (${nodes(agents)} of agents)`,
    );
  else {
    const columns = ['NODE', 'ADDRESS', 'LAST SEEN', 'ENDPOINTS', 'BLOCKS'].map((heading) => ({
      heading,
      ...(heading === 'ENDPOINTS' ? { align: 'right' as const } : {}),
    }));
    lines.push(
      ...tableLines(
        columns,
        gone.map((node) => ({
          cells: [
            { text: plainText(node.name) },
            // An adopted node has another name than its address.
            { text: plainText(node.addresses.join(', ')) },
            { text: seen(node) },
            { text: String(endpointsOf(node)) },
            { text: plainText(blocks(node)) },
          ],
        })),
        colour,
      ),
      '',
      ...wrap(
        `Remove what Calico keeps of ${nodes(gone.length)} that Mesos has no agent for: the node, its endpoints and their addresses, its blocks. ${nodes(agents)} of agents ${agents === 1 ? 'stays' : 'stay'} as ${agents === 1 ? 'it is' : 'they are'}`,
        width,
      ),
    );
  }
  const groups = new Map<string, string[]>();
  for (const { name, reason } of kept) groups.set(reason, [...(groups.get(reason) ?? []), name]);
  const list = Number.isFinite(width) ? width : IN_A_PIPE;
  for (const [reason, names] of groups)
    lines.push(
      ...wrap(`Kept: ${addresses(names, list - 40)}: ${reason}`, width, '  ').map((line, at) =>
        at ? line : line.slice(2),
      ),
    );
  if (unlisted.length > 0)
    lines.push(
      ...wrap(
        `Gone from the cluster, and on record as having Calico: ${addresses(unlisted, list - 40)}. What was set up on the machines is still there if they are; --forget-agents takes them off the record`,
        width,
      ),
    );
  return lines.join('\n');
}

/** @param removed undefined when nothing was carried out */
export function pruneDocument({ gone, kept, agents, unlisted }: PrunePlan, removed?: readonly string[]) {
  return { gone, kept, agents, unlisted, ...(removed ? { removed } : {}) };
}
