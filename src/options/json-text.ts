// JSON, read with the place of every value and without the two things that JSON.parse passes over: keys that stand twice, of
// which it takes the last, and where exactly an error is.

export class JsonError extends Error {
  readonly line: number;
  readonly column: number;
  /** The line itself. */
  readonly text: string;

  constructor(message: string, source: string, offset: number) {
    super(message);
    const before = source.slice(0, offset).split(/\r\n|\r|\n/);
    this.line = before.length;
    this.column = before.at(-1)!.length + 1;
    this.text = source.split(/\r\n|\r|\n/)[this.line - 1]!;
  }
}

export interface JsonDocument {
  value: unknown;
  /** Line of each value by its path, `node.bgp-peers.0.peer`. */
  lines: Map<string, number>;
  /** Keys that stand twice in one object, in the order in which they were found. */
  duplicates: { path: string; line: number; first: number }[];
}

const DEEPEST = 20;
const ESCAPES: Record<string, string> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\',
  '/': '/',
};

/** Reads one JSON value that is the whole text. @throws {JsonError} with line and column. */
export function parseJson(source: string): JsonDocument {
  const lines = new Map<string, number>();
  const duplicates: JsonDocument['duplicates'] = [];
  let at = 0;
  let line = 1;

  const fail = (message: string, offset = at): never => {
    throw new JsonError(message, source, offset);
  };
  const skipSpace = (): void => {
    for (;;) {
      const character = source[at];
      if (character === '\n' || (character === '\r' && source[at + 1] !== '\n')) line++;
      else if (character !== ' ' && character !== '\t' && character !== '\r') return;
      at++;
    }
  };
  const found = (): string => {
    const character = source[at];
    return character === undefined
      ? 'the end of the file'
      : `'${String.fromCodePoint(source.codePointAt(at)!)}'`;
  };

  function value(path: string, depth: number): unknown {
    skipSpace();
    if (depth > DEEPEST) fail(`nested more than ${DEEPEST} deep`);
    lines.set(path, line);
    const character = source[at];
    if (character === '{') return object(path, depth);
    if (character === '[') return list(path, depth);
    if (character === '"') return string();
    if (source.startsWith('//', at) || source.startsWith('/*', at)) fail('JSON has no comments');
    const word = /^(?:true|false|null)(?![A-Za-z0-9_])/.exec(source.slice(at, at + 6))?.[0];
    if (word) {
      at += word.length;
      return word === 'null' ? null : word === 'true';
    }
    const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(
      source.slice(at, at + 64),
    )?.[0];
    if (number && !/[A-Za-z0-9_.]/.test(source[at + number.length] ?? '')) {
      at += number.length;
      return Number(number);
    }
    if (character === "'") fail('a text stands in double quotes');
    return fail(`a value is expected, found ${found()}`);
  }

  function object(path: string, depth: number): unknown {
    const result: Record<string, unknown> = {};
    const firstLines = new Map<string, number>();
    at++;
    skipSpace();
    if (source[at] === '}') {
      at++;
      return result;
    }
    for (;;) {
      skipSpace();
      if (source[at] === '}') fail('a comma stands before the closing }');
      if (source[at] !== '"') fail(`a name in double quotes is expected, found ${found()}`);
      const keyLine = line;
      const key = string();
      const keyPath = path ? `${path}.${key}` : key;
      skipSpace();
      if (source[at] !== ':') fail(`':' is expected after the name, found ${found()}`);
      at++;
      const first = firstLines.get(key);
      if (first !== undefined) duplicates.push({ path: keyPath, line: keyLine, first });
      else firstLines.set(key, keyLine);
      const read = value(keyPath, depth + 1);
      // Not by assignment: a key `__proto__` would vanish instead of being an unknown one.
      Object.defineProperty(result, key, {
        value: read,
        enumerable: true,
        writable: true,
        configurable: true,
      });
      lines.set(keyPath, keyLine);
      skipSpace();
      if (source[at] === ',') at++;
      else if (source[at] === '}') {
        at++;
        return result;
      } else fail(`',' or '}' is expected, found ${found()}`);
    }
  }

  function list(path: string, depth: number): unknown {
    const result: unknown[] = [];
    at++;
    skipSpace();
    if (source[at] === ']') {
      at++;
      return result;
    }
    for (;;) {
      skipSpace();
      if (source[at] === ']') fail('a comma stands before the closing ]');
      result.push(value(`${path}.${result.length}`, depth + 1));
      skipSpace();
      if (source[at] === ',') at++;
      else if (source[at] === ']') {
        at++;
        return result;
      } else fail(`',' or ']' is expected, found ${found()}`);
    }
  }

  function string(): string {
    const start = at++;
    let text = '';
    for (;;) {
      const character = source[at];
      if (character === undefined || character === '\n' || character === '\r') {
        fail('a text in double quotes does not end on its line', start);
      }
      if (character === '"') {
        at++;
        return text;
      }
      if (character! < ' ') fail('a control character in a text');
      if (character !== '\\') {
        text += character;
        at++;
        continue;
      }
      const letter = source[at + 1] ?? '';
      const hex = /^[0-9a-fA-F]{4}/.exec(source.slice(at + 2, at + 6))?.[0];
      if (letter === 'u' && hex) {
        text += String.fromCharCode(Number.parseInt(hex, 16));
        at += 6;
      } else if (Object.hasOwn(ESCAPES, letter)) {
        text += ESCAPES[letter];
        at += 2;
      } else fail('an escape that JSON does not know');
    }
  }

  skipSpace();
  const result = value('', 0);
  skipSpace();
  if (at < source.length) fail(`the file goes on after its end, with ${found()}`);
  return { value: result, lines, duplicates };
}
