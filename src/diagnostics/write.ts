// The archive on this machine: nobody else's to read, and never over another file.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { EXIT, UserError } from '../errors.ts';
import { writeWhole } from '../whole-file.ts';
import { tarOf } from './tar.ts';

/** `dcos-calico-diagnostics-20261124T035445Z.tar.gz`. */
export function archiveName(now: number): string {
  return `dcos-calico-diagnostics-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}.tar.gz`;
}

/** @returns its size in bytes. @throws {UserError} `file-exists`, `file-not-written` */
export async function writeArchive(
  path: string,
  files: ReadonlyMap<string, string>,
  now: number,
): Promise<number> {
  const folder = archiveName(now).replace(/\.tar\.gz$/, '');
  const inFolder = new Map([...files].map(([name, content]) => [`${folder}/${name}`, content]));
  const data = await promisify(gzip)(tarOf(inFolder, Math.floor(now / 1000)));
  try {
    writeWhole(path, data, 'new');
  } catch (error) {
    throw notWritten(path, error as NodeJS.ErrnoException);
  }
  return data.length;
}

function notWritten(path: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === 'EEXIST')
    return new UserError({
      code: 'file-exists',
      what: `${path} is there already`,
      why: 'an archive never replaces another file',
      remedy: ['--output FILE.tar.gz'],
      exit: EXIT.usage,
    });
  return new UserError({
    code: 'file-not-written',
    what: `The archive could not be written to ${path}`,
    why: error.message,
    remedy: ['--output FILE.tar.gz'],
  });
}
