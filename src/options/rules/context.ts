import { valueAt } from '../paths.ts';
import type { OptionProblem } from '../problems.ts';
import type { Options } from '../types.ts';

/** What a rule looks at. It is handed options that the schema allows, each by itself. */
export interface RuleContext {
  options: Options;
  /** Whether somebody said this option now, by a flag or in the file: then it is worth a word that it is not used. */
  given: (path: string) => boolean;
}

export type Rule = (context: RuleContext) => OptionProblem[];

interface Said {
  /** Paths of the options; the problem is shown at the first. */
  at: string[];
  what: string;
  remedy?: string;
}

export function contradiction({ at: [path = '', ...others], what, remedy }: Said): OptionProblem {
  return { level: 'error', code: 'contradiction', path, others, what, ...(remedy && { remedy }) };
}

export function warning(code: string, { at: [path = '', ...others], what, remedy }: Said): OptionProblem {
  return { level: 'warning', code, path, others, what, ...(remedy && { remedy }) };
}

/** `etcd.etcd-endpoints is "http://…"` */
export function is(options: Options, path: string): string {
  return `${path} is ${JSON.stringify(valueAt(options, path))}`;
}

/** `etcd.etcd-endpoints ("http://…")`, where the sentence goes on. */
export function the(options: Options, path: string): string {
  return `${path} (${JSON.stringify(valueAt(options, path))})`;
}
