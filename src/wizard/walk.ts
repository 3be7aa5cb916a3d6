// Goes through the questions once, with the answers that there are.
import { valueAt } from '../options/paths.ts';
import type { AnswerId, Answers } from './answers.ts';
import { resolved, type Settings } from './layers.ts';
import { QUESTIONS } from './questions/all.ts';
import { testKey } from './questions/endpoints.ts';
import type { Base, Context, EndpointTest, Found, Question } from './types.ts';

export interface WalkInput {
  found: Found;
  base: Base;
  given: Answers;
  /** Answers to look at, given ones among them. */
  answers: Answers;
  /** What came of testing endpoints, by `testKey`. */
  tests: Readonly<Record<string, EndpointTest>>;
}

export interface Step {
  question: Question;
  /** The options before it. */
  context: Context;
  answer: string | undefined;
}

export interface Walked {
  /** Questions that are open, in their order, answered or not. */
  steps: Step[];
  /** The options after the last of them. */
  end: Context;
  settings: Settings;
}

function isSet({ paths, isSet: own }: Question, { flags }: Base): boolean {
  const given = (path: string) => valueAt(flags, path) !== undefined;
  return own ? own(given) : paths.length > 0 && paths.every(given);
}

/**
 * Every open question. `assume` is asked for the answer to one that has none, for a look ahead; undefined leaves the options as they
 * are. An answer that cannot be used changes nothing.
 */
export function walk(
  { found, base, given, answers, tests }: WalkInput,
  assume: (question: Question, context: Context) => string | undefined = () => undefined,
): Walked {
  const steps: Step[] = [];
  const settings: Settings = {};
  const taken: Partial<Record<AnswerId, string>> = {};
  const contextNow = (): Context => {
    const { options, sources } = resolved(found, base, settings);
    return { found, base, given, answers: { ...taken }, options, sources, test: tests[testKey(options)] };
  };
  let context = contextNow();
  for (const question of QUESTIONS) {
    if (isSet(question, base) || !question.isOpen(context)) continue;
    const answer = answers[question.id];
    steps.push({ question, context, answer });
    const value = answer ?? assume(question, context);
    if (value === undefined) continue;
    taken[question.id] = value;
    const more = settingsOf(question, value, context);
    Object.assign(settings, more);
    // Reckoned anew only where something changed: contradictions are looked for each time.
    context = Object.keys(more).length > 0 ? contextNow() : { ...context, answers: { ...taken } };
  }
  return { steps, end: context, settings };
}

/** Where the answer means "as it is" it changes nothing. */
export const KEEP = 'keep';

function settingsOf(question: Question, value: string, context: Context): Settings {
  // What is none of the choices, be it KEEP or an answer that will be refused, changes nothing.
  if (question.choices?.(context).every((choice) => choice.value !== value)) return {};
  const read = question.read(value, context);
  return 'settings' in read ? read.settings : {};
}
