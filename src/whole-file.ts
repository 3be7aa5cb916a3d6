// Files of this machine that are there whole or not at all, whenever this program is ended.
import { link, open, rename, unlink } from 'node:fs/promises';

/**
 * Writes beside it, syncs, and puts it in place. For its owner alone to read.
 *
 * @param how `new`: throws with the code EEXIST where there is a file of that name; `replace`: takes its place
 */
export async function writeWhole(
  path: string,
  data: string | Uint8Array,
  how: 'new' | 'replace',
): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    if (how === 'replace') await rename(temporary, path);
    else await link(temporary, path).catch((error: NodeJS.ErrnoException) => withoutLinks(error, path, data));
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** A file system without links, as on a memory stick: there a file may stay in part. */
async function withoutLinks(
  error: NodeJS.ErrnoException,
  path: string,
  data: string | Uint8Array,
): Promise<void> {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(error.code ?? '')) throw error;
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(data);
  } finally {
    await file.close();
  }
}
