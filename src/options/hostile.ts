// What is refused in an options file before its meaning is looked at: texts that no option can need, and secrets.
import { type OptionProblem, valueInWords } from './problems.ts';

/** Above the longest text that any option takes (1,024). It also keeps the schema's patterns short of work. */
const LONGEST_TEXT = 4096;
const MOST_VALUES = 5000;
// C0 and C1 controls, and what turns the direction of text round or hides it.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const USER_IN_URL = /:\/\/[^/\s,?#]*@/;
const PRIVATE_KEY = /-----BEGIN /;

/**
 * Problems of single texts, by the path at which they stand. A text that is named here is not looked at by the schema, and no
 * message repeats it if it may hold a secret.
 */
export function hostileTexts(document: unknown): OptionProblem[] {
  const problems: OptionProblem[] = [];
  let values = 0;

  function look(value: unknown, path: string): void {
    if (++values > MOST_VALUES) return;
    if (typeof value === 'string') {
      const problem = hostileText(value);
      if (problem) problems.push({ level: 'error', path, ...problem });
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) look(inner, path ? `${path}.${key}` : key);
    }
  }

  look(document, '');
  if (values > MOST_VALUES) {
    problems.push({
      level: 'error',
      code: 'too-large',
      path: '',
      what: `The options hold more than ${MOST_VALUES} values`,
    });
  }
  return problems;
}

function hostileText(text: string): Pick<OptionProblem, 'code' | 'what' | 'remedy'> | undefined {
  if (USER_IN_URL.test(text)) {
    return {
      code: 'secret',
      what: 'A URL holds a user or a password. Options are kept in clear text in Marathon, where everyone who may see the app reads them',
      remedy: 'Leave them out, and let the server admit the agents by address or, for etcd, by certificate',
    };
  }
  if (PRIVATE_KEY.test(text)) {
    return {
      code: 'secret',
      what: 'Holds a key or certificate itself. Options are kept in clear text in Marathon, where everyone who may see the app reads them',
      remedy: 'Put the file on every agent and name its path',
    };
  }
  if (text.length > LONGEST_TEXT) {
    return { code: 'too-long', what: `Has ${text.length} characters, more than any option takes` };
  }
  if (CONTROL.test(text) || LONE_SURROGATE.test(text)) {
    return {
      code: 'control-character',
      what: `${valueInWords(text)} holds a control character or an invisible one`,
      remedy: 'Type the value anew',
    };
  }
  return undefined;
}
