import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { JsonError, parseJson } from '../../src/options/json-text.ts';

function failure(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  return assert.fail(`${text} was read`);
}

test('what JSON.stringify writes is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(parseJson(text).value, JSON.parse(text));
    }),
  );
});

test('a text is read if and only if JSON.parse reads it', () => {
  const broken = fc
    .tuple(
      fc.jsonValue({ maxDepth: 4 }),
      fc.nat(),
      fc.nat(3),
      fc.string({ maxLength: 3, unit: fc.constantFrom(...'{}[],:"\\/ -+.0129eEtrufalsn\n\t\u0001') }),
    )
    .map(([value, at, drop, put]) => {
      const text = JSON.stringify(value);
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + drop);
    });
  fc.assert(
    fc.property(broken, (text) => {
      let expected: unknown;
      let readable = true;
      try {
        expected = JSON.parse(text);
      } catch {
        readable = false;
      }
      if (readable) assert.deepEqual(parseJson(text).value, expected);
      else assert.throws(() => parseJson(text), JsonError);
    }),
    { numRuns: 1000 },
  );
});

const BROKEN: [text: string, line: number, column: number, message: RegExp][] = [
  ['', 1, 1, /a value is expected, found the end of the file/],
  ['{\n  "a": 1,\n}', 3, 1, /comma stands before the closing }/],
  ['[1,]', 1, 4, /comma stands before the closing \]/],
  ['{"a" 1}', 1, 6, /':' is expected after the name, found '1'/],
  ['{"a": 1 "b": 2}', 1, 9, /',' or '}' is expected, found '"'/],
  ['{\r\n"a": nul}', 2, 6, /a value is expected, found 'n'/],
  ["{'a': 1}", 1, 2, /a name in double quotes is expected, found '''/],
  ['{"a": \'b\'}', 1, 7, /double quotes/],
  ['{"a": "b\n"}', 1, 7, /does not end on its line/],
  ['{"a": "\\x"}', 1, 8, /an escape that JSON does not know/],
  ['{"a": "\t"}', 1, 8, /a control character in a text/],
  ['{} {}', 1, 4, /goes on after its end, with '{'/],
  ['{\n// no\n}', 2, 1, /a name in double quotes is expected, found '\/'/],
  ['{"a": // no\n1}', 1, 7, /JSON has no comments/],
  ['{"a": 01}', 1, 7, /a value is expected, found '0'/],
  ['{"a": 😀}', 1, 7, /found '😀'/],
];

test('an error says where it is and what was expected', () => {
  for (const [text, line, column, message] of BROKEN) {
    const error = failure(text);
    assert.deepEqual([error.line, error.column], [line, column], JSON.stringify(text));
    assert.match(error.message, message, JSON.stringify(text));
    assert.equal(error.text, text.split(/\r\n|\n/)[line - 1]);
  }
});

test('a key that stands twice is told with both lines, in every object', () => {
  const { duplicates } = parseJson('{\n"a": 1,\n"b": {"c": 1,\n"c": 2},\n"a": 3}');
  assert.deepEqual(duplicates, [
    { path: 'b.c', line: 4, first: 3 },
    { path: 'a', line: 5, first: 2 },
  ]);
});

test('every value has its line', () => {
  const { lines } = parseJson('{\n"a": {\n"b": [\n1,\n2]},\r\n"c":\n3}');
  assert.deepEqual(
    [...lines].sort(([a], [b]) => a.localeCompare(b)),
    [
      ['', 1],
      ['a', 2],
      ['a.b', 3],
      ['a.b.0', 4],
      ['a.b.1', 5],
      ['c', 6],
    ],
  );
});

test('a key __proto__ is a key like others, and reaches no prototype', () => {
  const { value } = parseJson('{"__proto__": {"polluted": true}}');
  assert.deepEqual(Object.keys(value as object), ['__proto__']);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('nesting without end is refused before it can exhaust the stack', () => {
  assert.match(failure('['.repeat(100_000)).message, /nested more than 20 deep/);
});
