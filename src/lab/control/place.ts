// Where the one lab of a user keeps what it needs to be found and stopped: a private directory.
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { DcosVersion, Grade } from '../types.ts';
import { isSame } from './processes.ts';

export interface LabState {
  pid: number;
  /** Of the process: tells it from a later one of the same id. */
  started: string;
  /** Empty until it answers. */
  url: string;
  dcos: DcosVersion;
  grade: Grade;
  owner?: { pid: number; started: string; name: string };
}

/** `DCOS_CALICO_LAB_DIR`: another place, for labs beside each other. */
export function labDirectory(env: Record<string, string | undefined> = process.env): string {
  if (env.DCOS_CALICO_LAB_DIR) return env.DCOS_CALICO_LAB_DIR;
  const { uid, username } = userInfo();
  return join(tmpdir(), `dcos-calico-lab-${uid >= 0 ? uid : username}`);
}

/** Makes the directory, for this user alone. Throws `lab-directory` if something else is there. */
export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const found = lstatSync(directory);
  const { uid } = userInfo();
  // In a directory that all can write to, another user could have put it there.
  if (!found.isDirectory() || (uid >= 0 && (found.uid !== uid || (found.mode & 0o077) !== 0))) {
    throw notOurs(directory, 'it is there already and is not a directory that only you can read');
  }
}

function notOurs(directory: string, why: string): UserError {
  return new UserError({
    code: 'lab-directory',
    what: `The lab cannot use ${directory}`,
    why,
    remedy: ['Move it away, or set DCOS_CALICO_LAB_DIR to another path'],
  });
}

export const tokenFile = (directory: string): string => join(directory, 'token');
const stateFile = (directory: string): string => join(directory, 'lab.json');

/**
 * Claims the directory for a lab that is about to start, without a URL yet. False: another one was faster.
 * So of two starts at one time one alone goes on.
 */
export function claim(directory: string, state: LabState): boolean {
  try {
    writeFileSync(stateFile(directory), JSON.stringify(state), { flag: 'wx', mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

export function writeState(directory: string, state: LabState, token: string): void {
  writeFileSync(tokenFile(directory), `${token}\n`, { mode: 0o600 });
  const temporary = `${stateFile(directory)}.new`;
  writeFileSync(temporary, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, stateFile(directory));
}

/** The lab that runs there; `stale`: what one that was killed has left; undefined: nothing. */
export function readState(directory: string): LabState | 'stale' | undefined {
  let text: string;
  try {
    text = readFileSync(stateFile(directory), 'utf8');
  } catch {
    return isThere(directory) ? 'stale' : undefined;
  }
  try {
    const state = JSON.parse(text) as LabState;
    return isSame(state.pid, state.started) ? state : 'stale';
  } catch {
    return 'stale';
  }
}

export function readToken(directory: string): string {
  return readFileSync(tokenFile(directory), 'utf8').trim();
}

/** Everything that a lab puts into its directory. */
const CONTENT = ['lab.json', 'lab.json.new', 'token', 'hosts'];

/** Removes what a lab has put there, and the directory. Throws `lab-directory` if there is anything else, and removes nothing. */
export function removeDirectory(directory: string): void {
  if (!isThere(directory)) return;
  const found = lstatSync(directory).isDirectory() ? readdirSync(directory) : ['.'];
  const foreign = found.find((name) => !CONTENT.includes(name));
  if (foreign) throw notOurs(directory, `it holds what no lab has put there: ${foreign}`);
  for (const name of found) {
    rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
  rmdirSync(directory);
}

function isThere(directory: string): boolean {
  try {
    lstatSync(directory);
    return true;
  } catch {
    return false;
  }
}

export function labRuns(why: string): UserError {
  return new UserError({
    code: 'lab-runs',
    what: 'The lab was not started',
    why,
    remedy: ['dcos calico lab status', 'dcos calico lab stop'],
  });
}
