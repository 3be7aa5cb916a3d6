// The pictures of the docs: each is shown somewhere and says what it shows, and what they are compared by tells a changed screen.
// That they are what the program prints is held by `npm run pictures -- --check`, which takes a real run.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { comparable, comparablePage, difference } from '../../scripts/pictures/stale.ts';
import { terminalSvg, textOfSvg } from '../../scripts/pictures/svg.ts';

const root = join(import.meta.dirname, '../..');
const pictures = readdirSync(join(root, 'docs/pictures'));
const guides = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test('each picture is shown by a guide, in words too', () => {
  const shown = guides
    .flatMap((guide) => [
      ...readFileSync(join(root, guide), 'utf8').matchAll(/!\[([^\]]*)\]\((?:docs\/)?pictures\/([^)]+)\)/g),
    ])
    .map(([, alt, name]) => {
      assert.ok(alt!.length > 20, `${name}: ${alt}`);
      return name!;
    });
  const images = pictures.filter((name) => !name.endsWith('.html'));
  assert.deepEqual([...new Set(shown)].sort(), images.sort());
});

test('pictures are small, and load nothing', () => {
  for (const name of pictures) {
    const content = readFileSync(join(root, 'docs/pictures', name));
    assert.ok(content.length < 200_000, `${name} has ${content.length} bytes`);
    if (name.endsWith('.svg'))
      assert.doesNotMatch(content.toString(), /<script|<image|href=|url\(|127\.0\.0\.1/);
  }
});

test('a picture has the text of its lines, whatever is in them', () => {
  const line = fc.array(
    fc.record({
      code: fc.constantFrom('0', '1', '31', '32', '1;36', '2'),
      text: fc.string({ unit: 'grapheme-ascii' }),
    }),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1 }), (lines) => {
      const styled = lines.map((pieces) => pieces.map(({ code, text }) => `\u001b[${code}m${text}`).join(''));
      const plain = lines.map((pieces) => pieces.map(({ text }) => text).join(''));
      const squeezed = (all: string[]) => all.map((one) => one.replace(/\s+/g, ''));
      assert.deepEqual(squeezed(textOfSvg(terminalSvg('<title> & more', styled))), squeezed(plain));
    }),
  );
});

test('columns stand where they stood', () => {
  const svg = terminalSvg('t', ['AGENT      TYPE', '\u001b[32mready\u001b[0m      x']);
  const at = (text: string) => Number(new RegExp(`x="([\\d.]+)"[^>]*>${text}<`).exec(svg)![1]);
  assert.equal(at('x') - at('ready'), Math.round(11 * 8.43 * 100) / 100);
  assert.throws(() => terminalSvg('t', ['\u001b[48m?']), /no colour for the code 48/);
});

test('times, days and the turning wheel are no change; any word is', () => {
  const before = [
    '⠋ Wave 2: 1 of 2 ready, about 36 s more',
    '10.0.1.13 failed after 31 s',
    'Last changed 2026-11-25 00:36:58 UTC',
  ];
  const after = [
    '⠴ Wave 2: 1 of 2 ready, about 2 min more 10.0.1.13',
    'failed after 9 s',
    'Last changed 2027-01-01 10:00:00 UTC',
  ];
  assert.equal(difference(comparable(before), comparable(after)), undefined);
  assert.match(
    difference(comparable(before), comparable([...before.slice(0, 2), 'Changed last'])) ?? '',
    /picture: .*Last changed TIME…\n {2}program: .*Changed last…$/,
  );
});

test('of a page, agents may end in another order', () => {
  const page = (...lines: string[]) => comparablePage(lines.join('\n'));
  assert.equal(
    page('00:42:45 | 10.0.1.11 ready after 19 s', '00:42:46 | 10.1.2.20 ready after 20 s'),
    page(
      '01:00:00 | 10.1.2.20 ready after 9 s',
      '01:00:02 | No answer, asking again: x',
      '01:00:03 | 10.0.1.11 ready after 9 s',
    ),
  );
  assert.notEqual(page('What happened'), page('What was done'));
});
