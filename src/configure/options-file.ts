// The options file that comes out: never in place of another one unless somebody said so.
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { writeWhole } from '../whole-file.ts';

const REASONS: Record<string, string> = {
  ENOENT: 'its directory is not there',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'its file system is read-only',
  ENOSPC: 'its disk is full',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
};

export function isThere(file: string): boolean {
  return existsSync(file);
}

/** Whether the file holds exactly this text already. */
export function holds(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}

/**
 * Writes it whole or not at all. A new file is for its owner alone; one that is replaced keeps its mode.
 * @throws {UserError} `file-exists` if it came into being meanwhile and may not be replaced, `not-written`
 */
export function writeOptionsFile(file: string, text: string, replace: boolean): void {
  try {
    writeWhole(file, text, replace ? 'renew' : 'new');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new UserError({
        code: 'file-exists',
        what: `${file} was not written`,
        why: 'it came into being meanwhile',
        remedy: ['dcos calico configure'],
      });
    throw new UserError(
      {
        code: 'not-written',
        what: `${file} was not written`,
        why: REASONS[code] ?? code,
        remedy: ['Name another file: --options FILE'],
      },
      { cause: error },
    );
  }
}
