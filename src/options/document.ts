// The text of an options file → options in our names, with everything that is wrong with it.
import { JsonError, parseJson } from './json-text.ts';
import type { PartialOptions } from './paths.ts';
import { inOrder, type OptionProblem, shown } from './problems.ts';
import { type Conversion, conversionWarnings, fromUniverse } from './universe.ts';
import { validateDocument } from './validate.ts';

export interface ReadOptions {
  /** Valid if there are no errors. */
  options: PartialOptions;
  errors: OptionProblem[];
  warnings: OptionProblem[];
  /** Whether any of it was in the names of the Universe package. */
  universe: boolean;
  /** Line of the file at which an option stands, by its path. */
  lineOf: (path: string) => number | undefined;
}

const NO_LINES = (): undefined => undefined;

/** Reads the text of an options file, ours or of the Universe package. Never throws for what is in it. */
export async function readDocument(text: string): Promise<ReadOptions> {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (source.trim() === '') {
    return failed({ code: 'empty', what: 'The file is empty', remedy: 'For all defaults, write {}' });
  }
  let parsed: ReturnType<typeof parseJson>;
  try {
    parsed = parseJson(source);
  } catch (error) {
    if (error instanceof JsonError) return failed(syntaxProblem(error));
    throw error;
  }
  const duplicates = parsed.duplicates.map(
    ({ path, line, first }): OptionProblem => ({
      level: 'error',
      code: 'given-twice',
      path: shown(path, 120),
      line,
      what: `Stands twice, first in line ${first}`,
      remedy: 'Leave one of them out',
    }),
  );
  const { value } = parsed;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    return {
      options: {},
      errors: await validateDocument(value),
      warnings: [],
      universe: false,
      lineOf: NO_LINES,
    };
  }
  const conversion = fromUniverse(value as Record<string, unknown>);
  const found = [
    ...duplicates,
    ...conversion.problems,
    ...atOrigins(await validateDocument(conversion.document), conversion),
    ...conversionWarnings(conversion),
  ].map((problem) => withLine(problem, parsed.lines));
  const problems = inOrder(found);
  return {
    options: conversion.document as PartialOptions,
    errors: problems.filter(({ level }) => level === 'error'),
    warnings: problems.filter(({ level }) => level === 'warning'),
    universe: conversion.universe,
    lineOf: (path) => parsed.lines.get(conversion.origins.get(path) ?? path),
  };
}

function failed(problem: Omit<OptionProblem, 'level' | 'path'>): ReadOptions {
  return {
    options: {},
    errors: [{ level: 'error', path: '', ...problem }],
    warnings: [],
    universe: false,
    lineOf: NO_LINES,
  };
}

/** Columns of the line that are shown around the place. */
const AROUND = 60;
/** And of those that are looked through for what may not be shown. */
const LOOKED_AT = 1000;

function syntaxProblem(error: JsonError): OptionProblem {
  const from = Math.max(0, error.column - 1 - LOOKED_AT);
  const line = withoutSecrets(spaced(error.text.slice(from, error.column - 1 + LOOKED_AT)));
  const place = error.column - 1 - from;
  const before = shown(line.slice(Math.max(0, place - AROUND), place), AROUND);
  const after = shown(line.slice(place, place + AROUND), AROUND);
  return {
    level: 'error',
    code: 'not-json',
    path: '',
    what: `Not JSON: at line ${error.line}, column ${error.column}, ${shown(error.message, 200)}`,
    excerpt: `${before}${after}\n${' '.repeat(before.length)}^`,
  };
}

/** So that the caret stands under its character. */
const spaced = (text: string): string => text.replaceAll('\t', ' ');

/** The user of a URL, also of one that breaks off in it, and what stands at a name as `password`. */
const MAY_BE_SECRET = [
  /(?<=:\/\/)[^\s"@/]*@/g,
  /(?<=:\/\/[^\s"@/:]*:)(?!\d+(?:[\s",/]|$))[^\s"@/]*/g,
  /(?<="[^"]*(?:pass|secret|token|credential)[^"]*"\s*:\s*"?)[^\s"][^"]*/gi,
];

/** The line as it is, with as many stars in the place of what may be a secret: no option holds one, but a file that is broken may. */
function withoutSecrets(line: string): string {
  return MAY_BE_SECRET.reduce(
    (text, secret) => text.replace(secret, (found) => '*'.repeat(found.length)),
    line,
  );
}

/** Names problems of converted options by where they stand in the file, each once. */
function atOrigins(problems: OptionProblem[], { origins }: Conversion): OptionProblem[] {
  const seen = new Set<string>();
  return problems.flatMap((problem) => {
    const origin = origins.get(problem.path);
    if (!origin) return [problem];
    const key = `${origin} ${problem.what}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...problem, path: origin }];
  });
}

function withLine(problem: OptionProblem, lines: Map<string, number>): OptionProblem {
  const line = problem.line ?? lines.get(problem.path);
  return line === undefined || problem.path === '' ? problem : { ...problem, line };
}
