// What a step reports, as people read it: its values are JSON, of whatever shape the step needs.
import { timeText } from '../status/duration.ts';
import { plainText } from './plain-text.ts';

/** Above this an object has a line for each of its entries. */
const ONE_LINE = 60;

/** Of one reported value the lines, each without a line break; what is too long for the terminal is for the caller to wrap. */
export function valueLines(key: string, value: unknown): string[] {
  const known = Object.hasOwn(KNOWN, key) ? KNOWN[key]!(value) : undefined;
  if (known) return known.map(plainText);
  const parsed = isText(value) ? parsedOrItself(value) : value;
  if (isObject(parsed)) {
    const entries = Object.entries(parsed).map(([name, one]) => `${name} ${text(one)}`);
    const line = `${key}: ${entries.join(', ') || 'none'}`;
    return (line.length <= ONE_LINE ? [line] : entries.map((entry) => `${key}: ${entry}`)).map(plainText);
  }
  return [plainText(`${key}: ${text(parsed)}`)];
}

type Shape = (value: unknown) => string[] | undefined;

/** What would be hard to read as it is. A value of another shape than its step has today is shown as any other. */
const KNOWN: Record<string, Shape> = {
  /** Files that were fetched, with the sum that can be pinned in the options. */
  artifacts: (value) => {
    if (!isObject(value)) return undefined;
    return Object.entries(value).flatMap(([name, file]) =>
      isObject(file)
        ? [`file ${name}: ${text(file.url)}`, `SHA-256 ${text(file.sha256)}, ${checkedText(file.checked)}`]
        : [`file ${name}: ${text(file)}`],
    );
  },
  container: (value) =>
    isObject(value) && isText(value.image) && isText(value.started)
      ? [`container: ${value.image}, started ${timeText(value.started)}`]
      : undefined,
  felix: (value) =>
    isObject(value) && isText(value.time) && typeof value.uptime === 'number'
      ? [`felix: up for ${Math.round(value.uptime)} s at its last report, ${timeText(value.time)}`]
      : undefined,
  bgp: (value) =>
    isObject(value) && typeof value.up === 'number' && typeof value.of === 'number'
      ? [
          `bgp: ${value.up} of ${value.of} sessions up${Array.isArray(value.down) && value.down.length > 0 ? `, down: ${text(value.down)}` : ''}`,
        ]
      : undefined,
  would: (value) =>
    Array.isArray(value) && value.every(isText) ? value.map((one) => `would ${one}`) : undefined,
};

const checkedText = (checked: unknown) =>
  text(checked)
    .replace(/^not: /, 'not checked: ')
    .replace(/^against/, 'checked against');

const isText = (value: unknown): value is string => typeof value === 'string';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An answer of a daemon that is JSON itself. */
function parsedOrItself(value: string): unknown {
  if (!/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function text(value: unknown): string {
  if (value === '' || value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(text).join(', ');
  return isObject(value) ? JSON.stringify(value) : String(value);
}
