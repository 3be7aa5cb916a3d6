// Text from a cluster (messages, host names, reasons) is shown on a terminal. An escape sequence in it could redraw the screen,
// set the window's title, or make a failed agent look ready.

const ESCAPE_SEQUENCES = new RegExp(
  [
    '\\u001b\\[[0-?]*[ -/]*[@-~]', // CSI: colours, cursor
    '\\u001b[\\]P^_X][^\\u0007\\u001b\\u009c]*(?:\\u0007|\\u001b\\\\|\\u009c)?', // OSC, DCS and the like, with their text
    '\\u009b[0-?]*[ -/]*[@-~]', // CSI as one character
    '\\u001b[ -/]*[0-~]', // any other
  ].join('|'),
  'g',
);
/** Control characters, those that turn the direction of writing, and those without width that hide what is there. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** `text` on one line, without anything that a terminal acts on. */
export function plainText(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/\s*[\r\n\t\u2028\u2029]+\s*/g, ' ')
    .replace(UNSEEN, '');
}

/** The same for text of several lines, such as a log: its line ends and tabs stay. */
export function plainLines(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCES, '')
    .replace(/\r\n?/g, '\n')
    .replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : ''));
}
