import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const exits = [EXIT.usage] as const;

export const OPTIONS: ErrorSection = {
  title: 'Options',
  about:
    'Everything that is wrong with a file is said at once. Nothing was asked of the agents and nothing was changed.',
  entries: {
    'options-unreadable': {
      what: 'The options in FILE cannot be read',
      why: 'The file is not there, may not be read, or is a directory.',
      todo: '`dcos calico options show --defaults --json` prints a file to start from.',
      exits,
    },
    'options-invalid': {
      what: 'The options in FILE cannot be used',
      why: 'Something in it is wrong or contradicts something else. Each problem is listed with its line, and with `--json` has one of the codes below.',
      todo: '`dcos calico options validate FILE` checks again; [options.md](options.md) lists every option.',
      exits,
    },
  },
};

/** What can be wrong with an option: the codes of the single problems in `--json`. */
export const OPTION_PROBLEMS: Readonly<Record<string, string>> = {
  empty: 'The file is empty. `{}` means all defaults.',
  'not-json': 'The file is not JSON. The line and the place are shown.',
  'not-an-object': 'The file holds something else than one JSON object.',
  'given-twice': 'An option stands twice, or under two names with different values.',
  'unknown-option': 'There is no option of this name. The nearest is named.',
  'wrong-type': 'The value is a text where a number is wanted, or the like.',
  'not-allowed': 'The value is of the right type, and not one that the option takes.',
  missing: 'An entry of a list lacks one of its parts.',
  'no-value': '`--set` was given an option without a value.',
  contradiction: 'Two options exclude each other. Both are named, with the way out.',
  secret:
    'A password, key or certificate stands in an option, where everybody who may see the app could read it.',
  'too-large': 'The options hold more values than any real file does.',
  'too-long': 'A text is longer than any option takes.',
  'control-character': 'A text holds a control character, or one that cannot be seen.',
  'installed-not-known':
    'What is installed on the cluster has an option that this version does not know (a warning).',
  'not-used': 'An option of the Universe package that has no counterpart here (a warning).',
  converted: 'An option of the Universe package that was taken in another form (a warning).',
};
