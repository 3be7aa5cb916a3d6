// Whether an answer can be used, before it is taken.
import type { Facts } from '../checks/types.ts';
import { type OptionProblem, sentences } from '../options/problems.ts';
import { validateDocument } from '../options/validate.ts';
import { answeredLayer, resolved } from './layers.ts';
import { choicesOf } from './offer.ts';
import type { Context, Question } from './types.ts';
import { KEEP, type WalkInput, walk } from './walk.ts';

/** Longest text that is looked at: above what any option takes. */
const LONGEST = 2000;

/**
 * What is wrong with an answer: sentences; undefined: nothing. Problems that only an answer still to come decides are left to it.
 */
export async function judge(
  question: Question,
  answer: string,
  context: Context,
  input: WalkInput,
): Promise<string | undefined> {
  if (answer === '') return 'There is no answer.';
  if (answer.length > LONGEST) return `That is longer than ${LONGEST} characters.`;
  const choices = choicesOf(question, context);
  if (choices) {
    const values = choices.map(({ value }) => value);
    if (!values.includes(answer)) return `It is one of ${values.join(', ')}.`;
    if (answer === KEEP) return undefined;
  }
  const read = question.read(answer, context);
  if ('wrong' in read) return read.wrong;
  const walked = walk({ ...input, answers: { ...input.answers, [question.id]: answer } });
  const later = walked.steps.slice(walked.steps.findIndex((step) => step.question === question) + 1);
  const undecided = later.filter((step) => step.answer === undefined).flatMap((step) => step.question.paths);
  const layer = answeredLayer(context.found, context.base, walked.settings);
  const concerned = new Set([...question.paths, ...Object.keys(read.settings)]);
  const concerns = ({ path, others = [] }: OptionProblem) => {
    const at = [path, ...others];
    return (
      at.some((one) => [...concerned].some((own) => one === own || one.startsWith(`${own}.`))) &&
      !at.some((one) => undecided.includes(one))
    );
  };
  const problem =
    (await validateDocument(layer)).find(concerns) ??
    resolved(context.found, context.base, walked.settings).errors.find(concerns);
  if (problem) return sentences(problem);
  return checked(question, walked.end);
}

/** What preflight would stop the install for. */
function checked({ checks = [] }: Question, context: Context): string | undefined {
  const facts = factsOf(context);
  const found = checks.flatMap((check) => check.look(facts)).find(({ severity }) => severity === 'stops');
  return found && `${found.what}.`;
}

function factsOf({ found, options, base }: Context): Facts {
  const { dcosVersion, marathonVersion, agents, unfit, packages } = found;
  return {
    dcosVersion,
    marathonVersion,
    options,
    agents,
    unfit,
    installed: base.installed !== undefined,
    etcdRecords: undefined,
    packages,
  };
}
