import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

export const PROGRAM: ErrorSection = {
  title: 'The program itself',
  about: '',
  entries: {
    bug: {
      what: 'This is a bug in dcos calico',
      why: 'Something happened that no one thought of.',
      todo: 'Nothing more was done, and the same command again is safe. To report it, send the command, the output of the same command with `-v`, and of `dcos calico --version`.',
      exits: [EXIT.bug],
    },
    interrupted: {
      what: 'Interrupted',
      why: 'A question was answered with Ctrl-C.',
      todo: 'The same command again goes on where it was.',
      exits: [EXIT.interrupted],
    },
  },
};
