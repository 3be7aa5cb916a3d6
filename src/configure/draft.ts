// Answers of a run that was interrupted, in a private file of this user, one a cluster.
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { AnswerId, Answers } from '../wizard/answers.ts';
import type { Answered, State } from '../wizard/flow.ts';
import { QUESTIONS } from '../wizard/questions/all.ts';

export interface Draft {
  trail: Answered[];
  remembered: Answers;
}

type Environment = Record<string, string | undefined>;

/** Where caches of a user belong on each system. */
function cacheDirectory(env: Environment, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir();
  if (env.XDG_CACHE_HOME) return env.XDG_CACHE_HOME;
  if (platform === 'darwin') return join(home, 'Library', 'Caches');
  if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local');
  return join(home, '.cache');
}

export function draftFile(url: string, env: Environment = process.env, platform = process.platform): string {
  const cluster = createHash('sha256').update(url).digest('hex').slice(0, 16);
  return join(cacheDirectory(env, platform), 'dcos-calico', `configure-${cluster}.json`);
}

/** Writes it whole, for this user alone. Returns why it could not be written, if it could not. */
export function keepDraft(
  file: string,
  { trail, remembered }: Pick<State, 'trail' | 'remembered'>,
): string | undefined {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.new`;
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify({ trail, remembered })}\n`, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, file);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

export function dropDraft(file: string): void {
  rmSync(file, { force: true });
}

const IDS = new Set<string>(QUESTIONS.map(({ id }) => id));
const isId = (id: unknown): id is AnswerId => typeof id === 'string' && IDS.has(id);

/** What is kept, as far as it can be used; undefined: nothing. A file of somebody else is not read. */
export function readDraft(file: string): Draft | undefined {
  try {
    const found = lstatSync(file);
    const { uid } = userInfo();
    if (!found.isFile() || (uid >= 0 && found.uid !== uid)) return undefined;
    const { trail, remembered } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const kept = (Array.isArray(trail) ? trail : []).filter(
      (one): one is Answered => isId(one?.id) && typeof one.value === 'string',
    );
    const back = Object.entries((remembered ?? {}) as object).filter(
      ([id, value]) => isId(id) && typeof value === 'string',
    );
    if (kept.length === 0 && back.length === 0) return undefined;
    return { trail: kept, remembered: Object.fromEntries(back) };
  } catch {
    return undefined;
  }
}
