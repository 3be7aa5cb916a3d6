// Unix sockets of a host's daemons: real ones, so that a script's `[ -S … ]` sees them too.
import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Makes a socket at a real path. Returns how to take it away. */
export async function socketAt(path: string): Promise<() => void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  server.unref();
  // A socket's name has room for about 100 bytes, less than a path below a temporary directory on macOS needs:
  // it is made where the path is short, and moved.
  const short = mkdtempSync(join(tmpdir(), 's'));
  const temporary = join(short, 's');
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(temporary, resolve);
  });
  try {
    renameSync(temporary, path);
  } catch {
    // Another file system: the lab then has no socket file there, only its answer.
  }
  const inode = () => statSync(path, { throwIfNoEntry: false })?.ino;
  const own = inode();
  return () => {
    server.close();
    // A successor may have put its own there meanwhile.
    if (inode() === own) rmSync(path, { force: true });
    rmSync(short, { recursive: true, force: true });
  };
}
