import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Column, type Row, tableLines } from '../../src/view/table.ts';
import { wrap } from '../../src/view/wrap.ts';

const COLUMNS: Column[] = [{ heading: 'AGENT' }, { heading: 'TASKS', align: 'right' }, { heading: 'CALICO' }];

test('upper-case headings, two spaces apart, no rules, numbers to the right, no trailing space', () => {
  const rows: Row[] = [
    { cells: [{ text: '10.0.1.9' }, { text: '7' }, { text: 'ready' }] },
    {
      cells: [{ text: '10.0.1.123' }, { text: '1200' }, { text: 'failed: a long story' }],
      below: ['  more'],
    },
    { cells: [{ text: '-' }, { text: '' }, { text: '' }] },
  ];
  assert.deepEqual(tableLines(COLUMNS, rows, false), [
    'AGENT       TASKS  CALICO',
    '10.0.1.9        7  ready',
    '10.0.1.123   1200  failed: a long story',
    '  more',
    '-',
  ]);
});

test('colour changes no width and no word', () => {
  const rows: Row[] = [
    { cells: [{ text: 'a', paint: 'red' }, { text: '1' }, { text: 'b', paint: 'green' }] },
  ];
  const coloured = tableLines(COLUMNS, rows, true);
  assert.match(coloured[1]!, /\u001b\[31ma/);
  assert.deepEqual(
    coloured.map((line) => line.replace(/\u001b\[\d+m/g, '').trimEnd()),
    tableLines(COLUMNS, rows, false),
  );
});

test('a table of chunks is the table of all rows: each row is there, in order, in the same columns', () => {
  const text = fc.stringMatching(/^[a-z0-9:.]{1,20}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text, text), { maxLength: 70 }), (texts) => {
      const lines = tableLines(
        COLUMNS,
        texts.map((row) => ({ cells: row.map((one) => ({ text: one })) })),
        false,
      );
      const widths = COLUMNS.map(({ heading }, index) =>
        Math.max(heading.length, ...texts.map((row) => row[index]!.length)),
      );
      const expected = [COLUMNS.map(({ heading }) => heading), ...texts].map(([a, b, c]) =>
        `${a!.padEnd(widths[0]!)}  ${b!.padStart(widths[1]!)}  ${c}`.trimEnd(),
      );
      assert.deepEqual(lines, expected);
    }),
    { numRuns: 30 },
  );
});

test('wrapping breaks at spaces only, keeps every word, and never exceeds the width with words that fit', () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(words, fc.integer({ min: 15, max: 60 }), (list, width) => {
      const lines = wrap(list.join(' '), width, '  ');
      assert.deepEqual(lines.map((line) => line.trim()).join(' '), list.join(' '));
      assert.ok(lines.every((line) => line.length <= width && line.startsWith('  ')));
    }),
  );
  assert.deepEqual(wrap('zk://10.0.0.1:2181,10.0.0.2:2181 is long', 10), [
    'zk://10.0.0.1:2181,10.0.0.2:2181',
    'is long',
  ]);
});
