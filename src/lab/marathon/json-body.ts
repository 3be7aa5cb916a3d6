// The body of a request as JSON, and what is said when it is none (jackson-core: ReaderBasedJsonParser, JsonReadContext).
import { Refusal } from './errors.ts';

/** What the text is within when it ends too early: jackson names the innermost open bracket. */
function openedLast(text: string): 'Object' | 'Array' | undefined {
  const open: ('Object' | 'Array')[] = [];
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') open.push('Object');
    else if (character === '[') open.push('Array');
    else if (character === '}' || character === ']') open.pop();
  }
  return open.at(-1);
}

export function parseBody(text: string): unknown {
  if (text.trim() === '') {
    throw new Refusal(400, {
      message: 'Please specify data in JSON format',
      details: 'No content to map due to end-of-input',
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const within = openedLast(text);
    const ended = /Unexpected end|Unterminated|Expected .* at position (\d+)/.exec((error as Error).message);
    const early = ended && (ended[1] === undefined || Number(ended[1]) >= text.trimEnd().length);
    const details =
      early && within
        ? `Unexpected end-of-input within/between ${within} entries`
        : `Unrecognized token or unexpected character: ${(error as Error).message}`;
    throw new Refusal(400, { message: 'Invalid JSON', details });
  }
}
