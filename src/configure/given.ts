// Answers that are there before anything is asked: of an answers file and of flags.
import { EXIT, UserError } from '../errors.ts';
import { JsonError, parseJson } from '../options/json-text.ts';
import { nearest } from '../options/names.ts';
import { shown } from '../options/problems.ts';
import { fileLabel, readOptionsFile } from '../options/read.ts';
import { ANSWER_NAMES, type AnswerId, type Answers, withImplied } from '../wizard/answers.ts';
import { inputOf, type State } from '../wizard/flow.ts';
import { judge } from '../wizard/judge.ts';
import type { Base, Found } from '../wizard/types.ts';
import { walk } from '../wizard/walk.ts';

const NAMES: readonly string[] = ANSWER_NAMES.map(({ id }) => id);

/** Flags win over the file. */
export async function givenAnswers(
  file: string | undefined,
  flags: Record<string, unknown>,
  stdin?: AsyncIterable<unknown>,
): Promise<Answers> {
  const said = Object.fromEntries(
    NAMES.flatMap((id) => (typeof flags[id] === 'string' ? [[id, flags[id].trim()]] : [])),
  );
  return withImplied({ ...(file === undefined ? {} : await answersFile(file, stdin)), ...said });
}

async function answersFile(file: string, stdin?: AsyncIterable<unknown>): Promise<Answers> {
  const name = fileLabel(file);
  const text = await readOptionsFile(file, stdin);
  let value: unknown;
  try {
    value = parseJson(text).value;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw unusable(name, [`Line ${error.line}, column ${error.column}: ${shown(error.message, 200)}`]);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw unusable(name, ['It is not a JSON object of answers by name']);
  const answers: Record<string, string> = {};
  const wrong: string[] = [];
  for (const [id, answer] of Object.entries(value)) {
    const near = nearest(id, NAMES);
    if (!NAMES.includes(id))
      wrong.push(`There is no answer of the name "${shown(id)}".${near ? ` Did you mean ${near}?` : ''}`);
    else if (typeof answer === 'string') answers[id] = answer.trim();
    else if (Array.isArray(answer) && answer.every((one) => typeof one === 'string'))
      answers[id] = answer.join(',');
    else wrong.push(`The answer ${id} is no text`);
  }
  if (wrong.length > 0) throw unusable(name, wrong);
  return answers;
}

function unusable(name: string, items: string[]): UserError {
  return new UserError({
    code: 'answers-invalid',
    what: `The answers in ${name} cannot be used`,
    items,
    remedy: [`Names of answers: ${NAMES.join(', ')}`, 'dcos calico configure --help'],
    exit: EXIT.usage,
  });
}

/** Given answers that cannot be used, of those that have a question by now. */
export async function unfit(
  found: Found,
  base: Base,
  state: State,
): Promise<{ id: AnswerId; why: string }[]> {
  const wrong: { id: AnswerId; why: string }[] = [];
  const input = inputOf(found, base, state);
  for (const { question, context, answer } of walk(input).steps) {
    if (answer === undefined || state.given[question.id] === undefined) continue;
    const why = await judge(question, answer, context, input);
    if (why) wrong.push({ id: question.id, why: `--${question.id} ${shown(answer)}: ${why}` });
  }
  return wrong;
}

/** Throws for all of them at once. */
export async function holdGiven(found: Found, base: Base, state: State): Promise<void> {
  const wrong = await unfit(found, base, state);
  if (wrong.length > 0) throw refused(wrong.map(({ why }) => why));
}

/** Given answers whose question never came. */
export function notAsked(found: Found, base: Base, state: State): AnswerId[] {
  const asked = walk(inputOf(found, base, state)).steps.map(({ question }) => question.id);
  return (Object.keys(state.given) as AnswerId[]).filter((id) => !asked.includes(id));
}

export function refused(items: string[]): UserError {
  return new UserError({
    code: 'answers-invalid',
    what: 'Answers cannot be used as they are',
    items,
    remedy: ['dcos calico configure --help'],
    exit: EXIT.usage,
  });
}
