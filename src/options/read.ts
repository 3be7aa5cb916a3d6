// An options file, or standard input, as text.
import { createReadStream } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';
import { shown } from './problems.ts';

/** Ten times what all options at their longest take. */
export const LARGEST_FILE = 1024 * 1024;

const REASONS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its symbolic links lead in a circle',
};

/** What messages call the file. */
export function fileLabel(file: string): string {
  return file === '-' ? 'standard input' : shown(file, 200);
}

/**
 * The text of a file, or of `stdin` for `-`.
 * @throws {UserError} if it cannot be read, is too large or is not UTF-8.
 */
export async function readOptionsFile(
  file: string,
  stdin: AsyncIterable<unknown> = process.stdin,
): Promise<string> {
  const name = fileLabel(file);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of file === '-' ? stdin : createReadStream(file)) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer);
      size += bytes.length;
      if (size > LARGEST_FILE) {
        throw unreadable(name, `it is larger than ${LARGEST_FILE / 1024} KiB, which no options file needs`);
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!REASONS[code] && !code) throw error;
    throw unreadable(name, REASONS[code] ?? code, error as Error);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw unreadable(name, 'it is not UTF-8 text', error as Error);
  }
}

function unreadable(name: string, why: string, cause?: Error): UserError {
  return new UserError(
    {
      code: 'options-unreadable',
      what: `The options in ${name} cannot be read`,
      why,
      ...(why === REASONS.ENOENT && {
        remedy: ['dcos calico options show --defaults --json    prints a file to start from'],
      }),
      exit: EXIT.usage,
    },
    { cause },
  );
}
