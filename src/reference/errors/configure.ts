import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const exits = [EXIT.usage] as const;

export const CONFIGURE: ErrorSection = {
  title: 'configure',
  about: 'The cluster is only looked at. A file is written only once everything is answered.',
  entries: {
    'answers-missing': {
      what: 'Answers are missing, and there is nobody to ask',
      why: 'There is no terminal, or `--json` or `--yes` was given.',
      todo: 'Give the answers that are named by flags or with `--answers FILE`.',
      exits,
    },
    'answers-invalid': {
      what: 'Answers cannot be used',
      why: 'An answer has a name that no question has, a value that is not possible, or belongs to a question that nothing asks.',
      todo: '`dcos calico configure --help` lists the names.',
      exits,
    },
    'file-not-written': {
      what: 'The archive could not be written to FILE',
      why: 'The system says why: no room, no such directory, not allowed.',
      todo: 'Name another file with `--output FILE.tar.gz`.',
      exits: [EXIT.failed],
    },
    'file-exists': {
      what: 'FILE is there already, and was left as it is',
      why: 'A file is never written over unasked.',
      todo: 'Add `--yes`, or name another file with `--options FILE`.',
      exits: [EXIT.usage, EXIT.failed],
    },
    'not-written': {
      what: 'FILE was not written',
      why: 'The directory is missing, may not be written to, or the disk is full.',
      todo: 'Name another file with `--options FILE`.',
      exits: [EXIT.failed],
    },
    'nothing-to-configure': {
      what: 'There is nothing to configure on this cluster',
      why: 'A check of preflight stops every install there; it is named.',
      todo: 'What to do about it is said with the error.',
      exits: [EXIT.preflightFailed],
    },
    'etcd-silent': {
      what: 'No etcd answers at the addresses that were given',
      why: 'They were asked from an agent, and none answered as etcd.',
      todo: 'Name others with `--endpoints URL,…`, or ask no agent with `--api-only`.',
      exits: [EXIT.preflightFailed],
    },
  },
};
