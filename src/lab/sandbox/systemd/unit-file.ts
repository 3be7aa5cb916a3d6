// systemd's unit files: sections, lists that add up, an empty assignment that empties, drop-ins, and command lines.

export type Sections = Record<string, Record<string, string[]>>;

/** Parses one file into what is there already: later files add to lists, an empty value empties them. */
export function parseUnit(text: string, into: Sections = {}): Sections {
  let section: Record<string, string[]> | undefined;
  for (const raw of text.replace(/\\\n/g, ' ').split('\n')) {
    const line = raw.trim();
    if (!line || line.startsWith('#') || line.startsWith(';')) continue;
    const heading = /^\[(.+)\]$/.exec(line);
    if (heading) {
      into[heading[1]!] ??= {};
      section = into[heading[1]!];
      continue;
    }
    const equals = line.indexOf('=');
    if (equals < 0 || !section) continue;
    const key = line.slice(0, equals).trim();
    const value = line.slice(equals + 1).trim();
    if (value === '') section[key] = [];
    else section[key] = [...(section[key] ?? []), value];
  }
  return into;
}

/** The last value of a setting. */
export function last(sections: Sections, section: string, key: string): string | undefined {
  return sections[section]?.[key]?.at(-1);
}

/** Splits as systemd does: quotes, backslash escapes, no shell. */
export function words(line: string): string[] {
  const result: string[] = [];
  let word = '';
  let open = false;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const character = line[i]!;
    if (character === '\\' && i + 1 < line.length) {
      const next = line[++i]!;
      word += { n: '\n', t: '\t', s: ' ' }[next] ?? next;
      open = true;
    } else if (quote) {
      if (character === quote) quote = '';
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      open = true;
    } else if (/\s/.test(character)) {
      if (open) result.push(word);
      word = '';
      open = false;
    } else {
      word += character;
      open = true;
    }
  }
  if (open) result.push(word);
  return result;
}

export interface UnitCommand {
  argv: string[];
  /** Its failure does not count: the prefix `-`. */
  ignoreFailure: boolean;
}

/** An `Exec…=` line with its prefixes, specifiers and variables resolved. */
export function commandLine(line: string, unit: string, env: Record<string, string>): UnitCommand {
  const prefix = /^[-@:+!]*/.exec(line)![0];
  const argv = words(line.slice(prefix.length).trim()).flatMap((word) => {
    const whole = /^\$(\w+)$/.exec(word);
    // `$NAME` alone is split into words, `${NAME}` is not (systemd.service(5), COMMAND LINES).
    if (whole) return (env[whole[1]!] ?? '').split(/\s+/).filter(Boolean);
    const text = word.replace(/\$\$|\$\{(\w+)\}|%([nNpi%])/g, (match, name?: string, letter?: string) => {
      if (match === '$$') return '$';
      if (name !== undefined) return env[name] ?? '';
      if (letter === '%') return '%';
      return letter === 'n' ? unit : unit.replace(/\.[^.]+$/, '');
    });
    return [text];
  });
  return { argv, ignoreFailure: prefix.includes('-') };
}

/** An environment file: assignments, quotes, comments. */
export function environmentFile(text: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const raw of text.replace(/\\\n/g, '').split('\n')) {
    const line = raw.trim();
    if (!line || /^[#;]/.test(line)) continue;
    const equals = line.indexOf('=');
    if (equals > 0) result[line.slice(0, equals).trim()] = words(line.slice(equals + 1).trim()).join(' ');
  }
  return result;
}

/** Seconds of a systemd time span, `2min 10s`; a bare number is seconds. */
export function seconds(text: string | undefined, otherwise: number): number {
  if (!text) return otherwise;
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  let total = 0;
  for (const match of text.matchAll(/([\d.]+)\s*(ms|min|h|s|m)?/g)) {
    total += Number(match[1]) * ({ ms: 0.001, min: 60, m: 60, h: 3600, s: 1 }[match[2] ?? 's'] ?? 1);
  }
  return total;
}
