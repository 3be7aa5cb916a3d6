// From question to question, forwards and back.
import { inOrder, type OptionProblem } from '../options/problems.ts';
import type { AnswerId, Answers } from './answers.ts';
import { resolved } from './layers.ts';
import { suggestionOf } from './offer.ts';
import { endpointsOf, testKey } from './questions/endpoints.ts';
import type { Base, Context, EndpointTest, Found, Question, Suggestion } from './types.ts';
import { type Walked, type WalkInput, walk } from './walk.ts';

export interface Answered {
  id: AnswerId;
  value: string;
}

/** Where somebody is in the wizard. Plain data: it can be kept and taken up again. */
export interface State {
  /** Answers said beforehand; their questions are not asked. */
  given: Answers;
  /** Questions that were asked and answered, in their order. */
  trail: readonly Answered[];
  /** Answers that were taken back: suggested when their question comes again. */
  remembered: Answers;
  /** What came of testing endpoints. */
  tests: Readonly<Record<string, EndpointTest>>;
}

export type Next =
  | {
      kind: 'ask';
      question: Question;
      context: Context;
      suggestion: Suggestion;
      /** `number` of the `of` questions that there will be if the suggestions are taken. */
      number: number;
      of: number;
    }
  /** An agent is to be asked about endpoints; what it says is handed to `tested`. */
  | { kind: 'test'; context: Context; endpoints: string[] }
  /** The answers, each fit by itself, contradict one another or what was set beforehand. */
  | { kind: 'conflict'; problems: OptionProblem[] }
  | { kind: 'done'; walked: Walked };

export function begin(given: Answers = {}): State {
  return { given, trail: [], remembered: {}, tests: {} };
}

export function inputOf(found: Found, base: Base, state: State): WalkInput {
  const { given, tests } = state;
  const answers = { ...given, ...Object.fromEntries(state.trail.map(({ id, value }) => [id, value])) };
  return { found, base, given, answers, tests };
}

/** What comes now. */
export function next(found: Found, base: Base, state: State): Next {
  const input = inputOf(found, base, state);
  const assume = (question: Question, context: Context) =>
    suggestionOf(question, context, state.remembered).value;
  const walked = walk(input, assume);
  const open = walked.steps.find(({ answer }) => answer === undefined);
  const decided = open ? walked.steps.slice(0, walked.steps.indexOf(open)) : walked.steps;
  const test = decided.find(({ question }) => question.id === 'test');
  if (test?.answer === 'yes' && !input.tests[testKey(test.context.options)])
    return { kind: 'test', context: test.context, endpoints: endpointsOf(test.context.options) };
  if (open) {
    const { question, context } = open;
    const asked = walked.steps.filter((step) => state.given[step.question.id] === undefined);
    return {
      kind: 'ask',
      question,
      context,
      suggestion: suggestionOf(question, context, state.remembered),
      number: asked.indexOf(open) + 1,
      of: asked.length,
    };
  }
  const { errors } = resolved(found, base, walked.settings);
  return errors.length > 0 ? { kind: 'conflict', problems: inOrder(errors) } : { kind: 'done', walked };
}

/** Takes an answer that `judge` has nothing against. */
export function answer(state: State, id: AnswerId, value: string): State {
  if (id !== 'unreachable') return { ...state, trail: [...state.trail, { id, value }] };
  if (value === 'keep') return { ...state, trail: [...state.trail, { id, value }] };
  // Whatever was tested is to be tested anew: etcd may have come up since.
  const again = { ...state, tests: {} };
  return value === 'again' ? again : backTo(again, 'endpoints');
}

/** Takes the last answer back. */
export function back(state: State): State {
  const last = state.trail.at(-1);
  if (!last) return state;
  const remembered = ASKS_TO_ACT.includes(last.id)
    ? state.remembered
    : { ...state.remembered, [last.id]: last.value };
  return { ...state, trail: state.trail.slice(0, -1), remembered };
}

const ASKS_TO_ACT: readonly AnswerId[] = ['test', 'unreachable'];

function backTo(state: State, id: AnswerId): State {
  let now = state;
  while (now.trail.length > 0 && now.trail.some((one) => one.id === id)) now = back(now);
  // Said by a flag: then it is asked after all.
  if (now.given[id] === undefined) return now;
  const { [id]: said, ...given } = now.given;
  const trail = now.trail.filter((one) => !ASKS_TO_ACT.includes(one.id));
  return { ...now, given, trail, remembered: { ...now.remembered, [id]: said } };
}

export function tested(state: State, context: Context, result: EndpointTest): State {
  return { ...state, tests: { ...state.tests, [testKey(context.options)]: result } };
}
