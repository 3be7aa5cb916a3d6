// Files of this machine that are there whole or not at all, whenever this program is ended.
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/** `new`: never over another file; `replace`: in its place; `renew`: in its place, behind a link too, with the mode that it had. */
export type How = 'new' | 'replace' | 'renew';

const PRIVATE = 0o600;

/**
 * Writes beside it, syncs, and puts it in place. For its owner alone to read, unless it renews one that is not.
 *
 * Throws what the file system says; EEXIST where a `new` one is there already.
 */
export function writeWhole(path: string, data: string | Uint8Array, how: How): void {
  const before = how === 'renew' ? fileBehind(path) : undefined;
  const target = before?.path ?? path;
  const temporary = `${target}.${process.pid}.part`;
  try {
    write(temporary, data, before?.mode);
    if (how !== 'new') renameSync(temporary, target);
    else putNew(temporary, target, data);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function fileBehind(path: string): { path: string; mode: number } | undefined {
  try {
    const target = realpathSync(path);
    return { path: target, mode: statSync(target).mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function write(path: string, data: string | Uint8Array, mode = PRIVATE): void {
  const file = openSync(path, 'wx', PRIVATE);
  try {
    writeFileSync(file, data);
    if (mode !== PRIVATE) fchmodSync(file, mode);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A link is refused where a file is, a rename is not. */
function putNew(temporary: string, target: string, data: string | Uint8Array): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    // A file system without links, as on a memory stick: there a file may stay in part.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    write(target, data);
  }
}
