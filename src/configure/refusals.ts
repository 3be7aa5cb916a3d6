// Why the wizard ends without a file where nobody can be asked.
import { EXIT, UserError } from '../errors.ts';

export function conflict(items: string[]): UserError {
  return new UserError({
    code: 'options-invalid',
    what: 'The options do not go together',
    items,
    remedy: ['dcos calico configure --help'],
    exit: EXIT.usage,
  });
}

export function idleAnswers(ids: readonly string[]): UserError {
  return new UserError({
    code: 'answers-invalid',
    what: 'Answers were given that nothing asks for',
    items: ids.map(
      (id) => `--${id}: with the other answers, and with what was found, there is no such question`,
    ),
    remedy: ['Leave them out, or give the answer that leads to them', 'dcos calico configure --help'],
    exit: EXIT.usage,
  });
}

export function fileIsThere(file: string): UserError {
  return new UserError({
    code: 'file-exists',
    what: `${file} is there already, and was left as it is`,
    why: 'there is nobody to ask whether it may be replaced',
    remedy: ['Add --yes to replace it', 'Or name another file: --options FILE'],
    exit: EXIT.usage,
  });
}
