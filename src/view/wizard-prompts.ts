// The wizard's prompts, drawn by inquirer: a number or a text is typed, then Enter. The one module that loads it.
import { stripVTControlCharacters } from 'node:util';
import { createPromptModule } from 'inquirer';
import type { Screen } from '../wizard/screens.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { choiceLines, KEYS, keysLine, questionText, widthOf } from './wizard-question.ts';
import { wrap } from './wrap.ts';

export type Reply =
  | { kind: 'answer'; value: string }
  | { kind: 'back' }
  | { kind: 'leave' }
  | { kind: 'interrupt' };

/** What is wrong with an answer, or undefined. */
export type Check = (value: string) => Promise<string | undefined>;

export interface Prompts {
  ask(screen: Screen, check?: Check): Promise<Reply>;
}

interface Streams {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/** `terminal` is asked anew for each question: a window may change its size. */
export function prompts({ input, output }: Streams, terminal: () => Terminal): Prompts {
  const prompt = createPromptModule({ input, output });
  const one = async (question: object): Promise<string | undefined> => {
    try {
      const { reply } = await prompt([{ name: 'reply', ...question }] as never);
      return String(reply).trim();
    } catch (error) {
      if ((error as Error).name === 'ExitPromptError') return undefined;
      throw error;
    }
  };
  return {
    async ask(screen, check) {
      const shown = terminal();
      const theme = themeOf(shown);
      const text = questionText(screen, shown);
      if (text) output.write(`${text}\n`);
      output.write('\n');
      const reply = screen.choices
        ? await one({
            type: 'rawlist',
            message: screen.prompt,
            choices: choicesOf(screen, shown),
            default: screen.preselect,
            theme,
          })
        : await typed(screen, check, shown, theme, one, output);
      if (reply === undefined) return { kind: 'interrupt' };
      if (reply === KEYS.back && screen.back) return { kind: 'back' };
      return reply === KEYS.leave ? { kind: 'leave' } : { kind: 'answer', value: reply };
    },
  };
}

/** inquirer puts the key and `) ` before a name. */
const BEFORE_NAME = '  1) '.length;

function choicesOf(screen: Screen, shown: Terminal) {
  // What stays of the list once it is answered: one line, or the answer below it.
  const room = shown.width - `? ${screen.prompt} `.length;
  const choices = screen.choices!.map((choice) => ({
    value: choice.value,
    name: choiceLines(choice, shown, BEFORE_NAME),
    short: choice.name.length < room ? choice.name : `\n${' '.repeat(BEFORE_NAME)}${choice.name}`,
  }));
  return [
    ...choices,
    ...(screen.back ? [{ key: KEYS.back, value: KEYS.back, name: 'Back', short: 'back' }] : []),
    { key: KEYS.leave, value: KEYS.leave, name: 'Leave; the answers so far are kept', short: 'leave' },
  ];
}

function typed(
  screen: Screen,
  check: Check | undefined,
  shown: Terminal,
  theme: object,
  one: (question: object) => Promise<string | undefined>,
  output: NodeJS.WriteStream,
) {
  output.write(`${keysLine(screen)}\n`);
  return one({
    type: 'input',
    message: screen.prompt,
    ...(screen.preselect === undefined ? {} : { default: screen.preselect }),
    theme,
    validate: async (value: string) => {
      const answer = value.trim();
      if (answer === KEYS.leave || (answer === KEYS.back && screen.back)) return true;
      const wrong = await check?.(answer);
      // Its line begins with "Not taken: ".
      return wrong === undefined || wrap(`Not taken: ${wrong}`, widthOf(shown)).join('\n');
    },
  });
}

/** What inquirer itself says of what was typed to a list. */
function inOurWords(text: string): string {
  if (text === 'Please input a value') return 'Type the number or letter of an answer, then Enter';
  const other = /^"(.*)" isn't an available option$/.exec(stripVTControlCharacters(text))?.[1];
  return other === undefined ? text : `Not taken: "${plainText(other)}" is none of them`;
}

function themeOf({ colour }: Terminal) {
  return {
    prefix: { idle: '?', done: '?' },
    style: {
      answer: (text: string) => paint(text, 'cyan', colour),
      message: (text: string) => paint(text, 'bold', colour),
      error: (text: string) => paint(inOurWords(text), 'red', colour),
      defaultAnswer: (text: string) => `(${text})`,
      highlight: (text: string) => paint(text, 'cyan', colour),
    },
  };
}
