// Pages on this machine: whole or not at all, for their owner alone, and never over anything but a page of the same kind.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { parse, resolve } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { mark, type PageKind } from '../report/page.ts';
import { writeWhole } from '../whole-file.ts';

/** Longer than the head of any page up to its mark. */
const HEAD = 2048;

/** Whether the file is a page of this program, of that kind. */
function isPage(path: string, kind: PageKind): boolean {
  const head = Buffer.alloc(HEAD);
  const file = openSync(path, 'r');
  try {
    return head.toString('utf8', 0, readSync(file, head, 0, HEAD, 0)).includes(mark(kind));
  } finally {
    closeSync(file);
  }
}

const inTheWay = (path: string, flag: string) =>
  new UserError({
    code: 'file-in-the-way',
    what: `The page was not written to ${path}`,
    why: 'there is a file of that name, and it is no page of this command',
    remedy: [`Name another file: ${flag} FILE`],
    exit: EXIT.usage,
  });

const cannotWrite = (path: string, error: unknown) =>
  new UserError({
    code: 'cannot-write',
    what: `The page was not written to ${path}`,
    why: (error as Error).message,
    exit: EXIT.usage,
  });

/** Writes it in the place of the file, whose mode stays; a new one is for its owner alone. */
export function replacePage(path: string, text: string): void {
  try {
    writeWhole(path, text, 'renew');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/**
 * Writes the page of a moment, over an earlier one of its kind alone. Gives whether there was one.
 *
 * @throws {UserError} `file-in-the-way`, `cannot-write`, exit code 2
 */
export function writeStatusPage(path: string, text: string): boolean {
  const there = existsSync(path);
  if (there) {
    let ours: boolean;
    try {
      ours = isPage(path, 'status');
    } catch (error) {
      throw cannotWrite(path, error);
    }
    if (!ours) throw inTheWay(path, '--html');
  }
  replacePage(path, text);
  return there;
}

/** More reports beside each other than anybody keeps of one change. */
const MOST_BESIDE = 999;

/**
 * Takes a place for the report of a run before the run begins: `path`, or, where the report of an earlier run is there, the next free
 * `path-2`, `path-3`: what it says of that run is said nowhere else.
 *
 * @throws {UserError} `file-in-the-way`, `cannot-write`, exit code 2
 */
export function placeForReport(path: string): string {
  const { dir, name, ext } = parse(path);
  for (let number = 1; number <= MOST_BESIDE; number++) {
    const place = number === 1 ? path : resolve(dir, `${name}-${number}${ext}`);
    try {
      closeSync(openSync(place, 'wx', 0o600));
      return number === 1 ? path : place;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(place, error);
    }
    if (!isReport(place)) throw inTheWay(place, '--report');
  }
  throw inTheWay(path, '--report');
}

function isReport(path: string): boolean {
  try {
    return isPage(path, 'report');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}
