// What `options validate` says of a file that can be used.
import type { LoadedOptions } from '../options/load.ts';

export interface Validated {
  text: string;
  next: string[];
  document: Record<string, unknown>;
}

/** `name`: what the file is called in messages. */
export function validated(name: string, { sources, warnings, universe }: LoadedOptions): Validated {
  const given = Object.keys(sources).filter((path) => sources[path] === 'file');
  const notUsed = warnings.filter(({ code, line }) => code === 'not-used' && line !== undefined).length;
  const parts = [
    `${name}: ok`,
    universe ? 'an options file of the Universe package' : '',
    given.length === 0 ? 'all options at their defaults' : `${count(given.length, 'option')} set`,
    universe && notUsed > 0 ? `${notUsed} not used` : '',
    warnings.length > 0 ? count(warnings.length, 'warning') : '',
  ].filter(Boolean);
  return {
    text: parts.join(', '),
    // Standard input is read already: it cannot be read again.
    next:
      universe && name !== 'standard input'
        ? [
            `Next: dcos calico options show --offline --options ${quoted(name)} --changed --json > calico.json`,
            '      writes it in the names used here',
          ]
        : [],
    document: { file: name, ok: true, universe, given, warnings },
  };
}

/** Fit to be typed in a shell, on Windows too. */
function quoted(name: string): string {
  return /^[\w./\\:-]+$/.test(name) ? name : `"${name}"`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
