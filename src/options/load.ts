// What a command calls: everything that says something about options → the options that count, or one error with all problems.
import { EXIT, UserError } from '../errors.ts';
import { type ReadOptions, readDocument } from './document.ts';
import { parseSettings } from './flags.ts';
import { ALL_OPTIONS, type PartialOptions, setAt, valueAt } from './paths.ts';
import { inOrder, type OptionProblem, oneLine, shown } from './problems.ts';
import { fileLabel, readOptionsFile } from './read.ts';
import { type Resolved, resolveOptions } from './resolve.ts';
import { validateDocument } from './validate.ts';

export interface OptionSources {
  /** `--options`: a path, or `-`. */
  file?: string;
  /** `--set`, each `SECTION.KEY=VALUE`. */
  set?: readonly string[];
  /** What flags with names of their own say (`--exclude`). They win over `set`. */
  flags?: PartialOptions;
  /** What is installed on the cluster. */
  installed?: PartialOptions;
  stdin?: AsyncIterable<unknown>;
}

const NO_FILE: ReadOptions = {
  options: {},
  errors: [],
  warnings: [],
  universe: false,
  lineOf: () => undefined,
};

export interface LoadedOptions extends Resolved {
  /** Whether the file was in the names of the Universe package, in whole or in part. */
  universe: boolean;
}

/**
 * The options that count, with their sources and warnings (`errors` is empty).
 * @throws {UserError} `options-unreadable` or `options-invalid`; the latter has every problem in `data.problems`. Exit code 2.
 */
export async function loadOptions(sources: OptionSources): Promise<LoadedOptions> {
  const name = sources.file === undefined ? undefined : fileLabel(sources.file);
  const read =
    sources.file === undefined
      ? NO_FILE
      : await readDocument(await readOptionsFile(sources.file, sources.stdin));
  const flags = await flagLayer(sources);
  const installed = await installedLayer(sources.installed);
  const unreadable = [...read.errors, ...flags.errors];
  if (unreadable.length > 0) throw invalid(name, unreadable, read.warnings);
  const resolved = resolveOptions({ flags: flags.options, file: read.options, installed: installed.options });
  const inFile = (problem: OptionProblem): OptionProblem => {
    const line = [problem.path, ...(problem.others ?? [])]
      .filter((path) => resolved.sources[path] === 'file')
      .map(read.lineOf)
      .find((found) => found !== undefined);
    return line === undefined ? problem : { ...problem, line };
  };
  const errors = inOrder(resolved.errors.map(inFile));
  const warnings = inOrder([...read.warnings, ...installed.warnings, ...resolved.warnings.map(inFile)]);
  if (errors.length > 0) throw invalid(name, errors, warnings);
  return { ...resolved, errors: [], warnings, universe: read.universe };
}

async function flagLayer({ set = [], flags = {} }: OptionSources) {
  const parsed = parseSettings(set);
  const options = parsed.options;
  for (const { path } of ALL_OPTIONS) {
    const value = valueAt(flags, path);
    if (value !== undefined) setAt(options, path, value);
  }
  const errors = [...parsed.problems, ...(await validateDocument(options))];
  return { options, errors };
}

/** What another version of this program has written is taken as far as this one knows it. */
async function installedLayer(installed: PartialOptions = {}) {
  const warnings: OptionProblem[] = [];
  const options: PartialOptions = {};
  const wrong = new Set((await validateDocument(installed)).map(({ path }) => path));
  for (const { path } of ALL_OPTIONS) {
    const value = valueAt(installed, path);
    if (value === undefined) continue;
    const bad = [...wrong].find((other) => other === path || other.startsWith(`${path}.`));
    if (bad === undefined) setAt(options, path, value);
  }
  for (const path of wrong) {
    const known = ALL_OPTIONS.find((option) => path === option.path || path.startsWith(`${option.path}.`));
    warnings.push({
      level: 'warning',
      code: 'installed-not-known',
      path: shown(path, 120),
      what: known
        ? 'What is installed on the cluster has a value that this version does not allow; the default is taken'
        : 'What is installed on the cluster has an option that this version does not know; it is left out',
      remedy: 'Use the version of dcos calico that installed it, or a later one',
    });
  }
  return { options, warnings };
}

/** A screen or two; the rest is in `data.problems`. */
const MOST_SHOWN = 50;

/** One error for all that is wrong, with a line for each. */
function invalid(name: string | undefined, errors: OptionProblem[], warnings: OptionProblem[]): UserError {
  const lines = [...errors.map(oneLine), ...warnings.map((problem) => `Warning: ${oneLine(problem)}`)];
  const more = lines.length - MOST_SHOWN;
  const excerpt = errors.flatMap((problem) => problem.excerpt?.split('\n') ?? []);
  const counts = [
    count(errors.length, 'error'),
    warnings.length > 0 ? count(warnings.length, 'warning') : '',
  ];
  return new UserError({
    code: 'options-invalid',
    what: name === undefined ? 'These options cannot be used' : `The options in ${name} cannot be used`,
    why: lines.length === 1 ? lines[0] : counts.filter(Boolean).join(' and '),
    items: [
      ...(lines.length === 1 ? [] : lines.slice(0, MOST_SHOWN)),
      ...(more > 0 ? [`and ${more} more, which --json lists`] : []),
      ...excerpt.map((line) => `  ${line}`),
    ],
    remedy: excerpt.length > 0 ? [] : ['dcos calico options schema    shows every option and what it may be'],
    data: { problems: [...errors, ...warnings] },
    exit: EXIT.usage,
  });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
