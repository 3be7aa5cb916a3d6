// The same questions without anybody to ask: answers that were given, and with --yes what the wizard would suggest.
import { EXIT, UserError } from '../errors.ts';
import { ANSWER_NAMES } from '../wizard/answers.ts';
import { answer, inputOf, type Next, next, type State } from '../wizard/flow.ts';
import { judge } from '../wizard/judge.ts';
import { suggestionOf } from '../wizard/offer.ts';
import type { Base, Found } from '../wizard/types.ts';
import { walk } from '../wizard/walk.ts';
import { refused } from './given.ts';

type Ask = Extract<Next, { kind: 'ask' }>;
type Test = Extract<Next, { kind: 'test' }>;

/** The state with everything answered. Throws where answers are missing, naming each with its flag, and where etcd does not answer. */
export async function unattended(
  found: Found,
  base: Base,
  state: State,
  yes: boolean,
  test: (now: Test) => Promise<State>,
): Promise<State> {
  let now = state;
  for (;;) {
    const what = next(found, base, now);
    if (what.kind === 'test') {
      now = { ...(await test(what)), trail: now.trail };
      continue;
    }
    if (what.kind !== 'ask') return now;
    const { question, suggestion, context } = what;
    if (question.id === 'unreachable') throw silent(what);
    const acts = question.id === 'test';
    if (suggestion.value === undefined || (!yes && !acts)) throw missing(found, base, now, yes);
    const wrong = await judge(question, suggestion.value, context, inputOf(found, base, now));
    if (wrong) throw refused([`${question.title}: ${wrong}`]);
    now = answer(now, question.id, suggestion.value);
  }
}

function missing(found: Found, base: Base, state: State, yes: boolean): UserError {
  const assume = (question: Ask['question'], context: Ask['context']) =>
    suggestionOf(question, context, {}).value;
  const open = walk(inputOf(found, base, state), assume).steps.flatMap(
    ({ question, context, answer: said }) => {
      const name = ANSWER_NAMES.find(({ id }) => id === question.id);
      if (said !== undefined || !name) return [];
      const { value } = suggestionOf(question, context, {});
      if (yes && value !== undefined) return [];
      const choices = 'options' in name ? ` (${name.options.join(', ')})` : '';
      return [
        `--${name.id} ${name.helpValue}${choices}${value === undefined ? '' : `; suggested: ${value}`}`,
      ];
    },
  );
  return new UserError({
    code: 'answers-missing',
    what: 'Answers are missing, and there is nobody to ask',
    why: 'this is not a terminal, or the result goes into a document (--json), or --yes leaves nobody to ask',
    items: open,
    remedy: [
      ...(yes ? [] : ['Add --yes  to take what is suggested for all that is not said']),
      'Or name them in a file: --answers FILE',
    ],
    exit: EXIT.usage,
  });
}

function silent({ context: { test } }: Ask): UserError {
  return new UserError({
    code: 'etcd-silent',
    what: test!.failed
      ? 'etcd could not be asked from an agent'
      : `etcd does not answer the agent ${test!.agent}`,
    ...(test!.failed ? { why: test!.failed } : {}),
    items: test!.endpoints.filter(({ answers }) => !answers).map(({ url, what }) => `${url}: ${what}`),
    remedy: ['Name other addresses: --endpoints URL,…', 'Or do without asking an agent: --api-only'],
    exit: EXIT.preflightFailed,
  });
}
