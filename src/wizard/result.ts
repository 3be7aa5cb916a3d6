// What comes out: the options file, how it differs from the defaults, and the commands that do the same.
import { defaultOptions } from '../options/defaults.ts';
import { differences, type OptionDifference, sameValue } from '../options/differences.ts';
import { ALL_OPTIONS, type PartialOptions, setAt, valueAt } from '../options/paths.ts';
import type { OptionProblem } from '../options/problems.ts';
import type { Answers } from './answers.ts';
import { members, resolved } from './layers.ts';
import { etcdPackage, etcdWay, INSTALL_ETCD } from './questions/etcd.ts';
import type { Walked } from './walk.ts';

export interface Result {
  /** What the file holds: what differs from the defaults, or from what is installed. */
  document: PartialOptions;
  /** From the defaults. */
  differences: OptionDifference[];
  warnings: OptionProblem[];
  /** Answers that say the same without a terminal; those about acts of this run left out. */
  answers: Answers;
  /** `--set` for each option of the document. */
  settings: string[];
  /** Commands to type before the install. */
  before: string[];
}

export function resultOf({ end, settings }: Walked): Result {
  const { found, base, answers } = end;
  const { options, warnings } = resolved(found, base, settings);
  const defaults = defaultOptions();
  const document: PartialOptions = {};
  const sets: string[] = [];
  for (const { path } of ALL_OPTIONS) {
    const value = valueAt(options, path);
    const installed = valueAt(base.installed ?? {}, path);
    const plain = sameValue(value, valueAt(defaults, path));
    // What is installed counts where the file says nothing, so a return to the default has to be said.
    if (plain && (installed === undefined || sameValue(value, installed))) continue;
    setAt(document, path, value);
    sets.push(`${path}=${settingText(value)}`);
  }
  const { test: _, unreachable: __, ...lasting } = answers;
  const missing = etcdWay(end) === 'package' && members(found).length === 0 && !etcdPackage(found);
  return {
    document,
    differences: differences(defaults, options),
    warnings,
    answers: lasting,
    settings: sets,
    before: missing ? [INSTALL_ETCD] : [],
  };
}

/** As `--set` reads it: a text as it is, a list of texts with commas, anything else as JSON. */
function settingText(value: unknown): string {
  if (typeof value === 'string') return value;
  const list = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
  return list ? value.join(',') : JSON.stringify(value);
}

/** The text of the file. */
export function fileText(document: PartialOptions): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
