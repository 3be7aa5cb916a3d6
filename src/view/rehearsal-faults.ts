// The faults that can be chosen, as a table.
import type { faultList } from '../rehearsal/fault-flags.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

export function faultListText(faults: ReturnType<typeof faultList>, { width, colour }: Terminal): string {
  const takes = Math.max(...faults.map((fault) => fault.takes.length), 5);
  const name = Math.max(...faults.map((fault) => fault.name.length));
  const room = Number.isFinite(width) ? Math.max(24, width - name - takes - 4) : 200;
  const rows = faults.flatMap((fault) =>
    wrap(fault.means, room).map((line, index) => ({
      cells: [
        { text: index === 0 ? fault.name : '' },
        { text: index === 0 ? fault.takes : '' },
        { text: line },
      ],
    })),
  );
  return [
    ...tableLines([{ heading: 'FAULT' }, { heading: 'TAKES' }, { heading: 'WHAT HAPPENS' }], rows, colour),
    '',
    ...wrap(
      '@AGENTS: addresses, a number or a share of them (@3, @2%) that the seed draws; one without it. +TIME: so long after the beginning, +60s without it.',
      width,
    ),
  ].join('\n');
}
