// What is offered as an answer: the choices, and the one that the wizard would give itself.
import { valueAt } from '../options/paths.ts';
import { shown } from '../options/problems.ts';
import type { Answers } from './answers.ts';
import type { Choice, Context, Question, Suggestion } from './types.ts';
import { KEEP } from './walk.ts';

/** Where the options that a question decides come from, if not from defaults. */
function origin({ paths }: Question, { sources, base }: Context): string | undefined {
  const from = new Set(paths.map((path) => sources[path]));
  if (from.has('file') && paths.some((path) => valueAt(base.file, path) !== undefined))
    return `in ${base.fileName}`;
  return from.has('installed') ? 'installed' : undefined;
}

/** Undefined where something is typed. What is there already and is none of the choices can be kept. */
export function choicesOf(question: Question, context: Context): Choice[] | undefined {
  const choices = question.choices?.(context);
  const from = origin(question, context);
  if (!choices || !from || question.current(context.options) !== undefined) return choices;
  const values = question.paths
    .map((path) => `${path} ${shown(JSON.stringify(valueAt(context.options, path)), 80)}`)
    .join(', ');
  return [{ value: KEEP, name: `As it is ${from}`, effect: `${values}.` }, ...choices];
}

/** What was answered before comes first, then what is there already, then what the question itself would say. */
export function suggestionOf(question: Question, context: Context, remembered: Answers): Suggestion {
  const choices = choicesOf(question, context);
  const before = remembered[question.id];
  if (before !== undefined && (!choices || choices.some(({ value }) => value === before)))
    return { value: before, why: 'it was your answer before' };
  const from = origin(question, context);
  if (from) {
    const value = question.current(context.options) ?? (choices ? KEEP : undefined);
    if (value !== undefined && (!choices || choices.some((choice) => choice.value === value)))
      return { value, why: `it is so ${from}` };
  }
  return question.suggest(context);
}
