// The files of a task's sandbox, as the agent's files API shows them.
import { constants } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';

function modeText(mode: number): string {
  const type =
    (mode & constants.S_IFMT) === constants.S_IFDIR
      ? 'd'
      : (mode & constants.S_IFMT) === constants.S_IFLNK
        ? 'l'
        : '-';
  const letters = 'rwxrwxrwx';
  let text = type;
  for (let bit = 0; bit < 9; bit++) text += mode & (1 << (8 - bit)) ? letters[bit] : '-';
  return text;
}

/** The real path of a path in the sandbox; undefined where it leaves it. */
function inside(directory: string, path: string): string | undefined {
  const full = normalize(join(directory, path));
  return full === directory || full.startsWith(`${directory}/`) ? full.replace(/\/$/, '') : undefined;
}

/** Bytes of a regular file; undefined: there is none. */
export async function readSandbox(directory: string, path: string): Promise<Uint8Array | undefined> {
  const full = inside(directory, path);
  if (!full) return undefined;
  try {
    const file = await open(full, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      if (!(await file.stat()).isFile()) return undefined;
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/** What is in a directory, by name; undefined: there is no such directory. */
export async function listSandbox(directory: string, path: string) {
  const full = inside(directory, path);
  if (!full) return undefined;
  try {
    if (!(await stat(full)).isDirectory()) return undefined;
    const names = await readdir(full);
    return await Promise.all(
      names.sort().map(async (name) => {
        const info = await lstat(join(full, name));
        return {
          name,
          size: info.size,
          directory: info.isDirectory(),
          mtime: Math.floor(info.mtimeMs / 1000),
          mode: modeText(info.mode),
        };
      }),
    );
  } catch {
    return undefined;
  }
}
