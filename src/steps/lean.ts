// A Python text as short as it can be and still be read: Mesos takes a command and its environment as one argument.

/**
 * The same program without docstrings and comments, and with half the indentation. The steps' own texts are indented by four and hold no other
 * text of several lines than docstrings (a test holds both).
 */
export function lean(program: string): string {
  return program
    .replace(/^ *"""[\s\S]*?"""\n/gm, '')
    .replace(/^ *#.*\n/gm, '')
    .replace(/^ +/gm, (spaces) => ' '.repeat(spaces.length >> 1))
    .replace(/\n{3,}/g, '\n\n');
}
