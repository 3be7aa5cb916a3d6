// What is asked, as data: the screens that a terminal shows.

import type { Next } from './flow.ts';
import { choicesOf } from './offer.ts';
import type { Choice } from './types.ts';

export interface Screen {
  heading: string;
  paragraphs: string[];
  /** What the wizard would answer itself, and why: a sentence. */
  suggested: string | undefined;
  prompt: string;
  /** Undefined: something is typed. */
  choices: Choice[] | undefined;
  /** The answer that Enter gives. */
  preselect: string | undefined;
  /** Whether there is a question to go back to. */
  back: boolean;
}

/** Said once. */
const HOW = ' (type its number; Enter alone: what is suggested)';

type Asking = Extract<Next, { kind: 'ask' }>;

export function questionScreen(asking: Asking): Screen {
  const { question, context, suggestion, number, of } = asking;
  const choices = choicesOf(question, context);
  const place = choices?.findIndex(({ value }) => value === suggestion.value) ?? -1;
  const named = choices ? String(place + 1) : suggestion.value;
  return {
    heading: `Question ${number} of ${of}: ${question.title}${number === 1 ? HOW : ''}`,
    paragraphs: question.text(context),
    suggested: suggestion.value === undefined ? undefined : `Suggested: ${named}, because ${suggestion.why}.`,
    prompt: question.prompt,
    choices,
    preselect: suggestion.value,
    back: number > 1,
  };
}

/** Answers of an interrupted run. `asked`: questions that were answered then. */
export function takeUpScreen(asked: number): Screen {
  const answers = `${asked} ${asked === 1 ? 'answer' : 'answers'}`;
  return {
    heading: 'An earlier run was not finished',
    paragraphs: [
      `${answers} of it are kept for this cluster.`.replace(/^1 answer of it are/, '1 answer of it is'),
    ],
    suggested: undefined,
    prompt: 'Go on with them?',
    choices: [
      { value: 'take up', name: 'Go on where it ended', effect: '"Back" leads to each answer.' },
      { value: 'anew', name: 'Begin anew', effect: 'What was kept is forgotten.' },
    ],
    preselect: 'take up',
    back: false,
  };
}

/** After the result was shown. `installs`: nothing that is known stops an install. */
export function resultScreen(file: string, installs: boolean, back: boolean): Screen {
  return {
    heading: '',
    paragraphs: [],
    suggested: undefined,
    prompt: 'And now?',
    choices: [
      { value: 'write', name: `Write ${file}`, effect: 'The cluster stays as it is.' },
      ...(installs
        ? [
            {
              value: 'install',
              name: `Write ${file} and go on to the install`,
              effect: 'It shows its plan, and asks before it changes anything.',
            },
          ]
        : []),
    ],
    preselect: 'write',
    back,
  };
}

export function replaceScreen(file: string): Screen {
  return {
    heading: `${file} is there already`,
    paragraphs: ['What is in it was taken as a start; what it holds otherwise is lost with it.'],
    suggested: undefined,
    prompt: 'Replace it?',
    choices: [
      { value: 'no', name: 'Leave it as it is', effect: 'Back to the result.' },
      { value: 'replace', name: 'Replace it', effect: '' },
    ],
    preselect: 'no',
    back: false,
  };
}
