// `--follow`: what is appended, from the task that counts at that moment, through replaced tasks, rotated files and short failures.
import { mayPass } from '../dcos/passing.ts';
import { UserError } from '../errors.ts';
import { findLog, type LogPlace, type LogWanted, logGone, sandboxOf } from './find.ts';
import type { LogRead } from './read.ts';
import type { LogSource } from './source.ts';

export interface Follower {
  /** A whole line of the file, as it is there. */
  line(text: string): void;
  /** What happens to the task and to the connection. */
  say(text: string): void;
  sleep(ms: number): Promise<void>;
  /** Asked after each look; true ends it. */
  over?(): boolean;
}

export const POLL_MS = 2000;
/** The cluster is asked whether the task is still the one that counts after so many reads of its file: one request in two seconds else. */
const LOOK_EVERY = 5;
const GIVE_UP_MS = 10 * 60_000;
/** Of what was appended between two reads. */
const MOST_BYTES = 4 * 1024 * 1024;
/** What passes by itself on the way from one task to the next. */
const BETWEEN_TASKS = new Set(['no-task', 'agent-out-of-reach', 'log-gone']);

/** Follows on from what was read; never ends by itself but by an error that does not pass, or after 10 minutes without an answer. */
export async function followLog(
  source: LogSource,
  wanted: LogWanted,
  read: LogRead,
  follower: Follower,
): Promise<void> {
  let file = new FollowedFile(source, read, read.sandbox, read.tail.size);
  let answeredAt = source.now();
  let told: { message: string; answered: boolean } | undefined;
  for (let poll = 1; ; poll++) {
    try {
      const there = await file.advance(follower);
      if (!there || poll % LOOK_EVERY === 0) file = await successor(source, wanted, file, follower);
      if (told?.answered === false) follower.say('It answers again');
      told = undefined;
      answeredAt = source.now();
    } catch (error) {
      const between = error instanceof UserError && BETWEEN_TASKS.has(error.problem.code);
      if (between) answeredAt = source.now();
      else if (!mayPass(error) || source.now() - answeredAt > GIVE_UP_MS) throw error;
      const { message } = error as UserError;
      if (message !== told?.message) follower.say(`${message}; trying again`);
      told = { message, answered: between };
    }
    if (follower.over?.()) return;
    await follower.sleep(POLL_MS);
  }
}

/** The same file, or that of the task that has taken its place. */
async function successor(
  source: LogSource,
  wanted: LogWanted,
  file: FollowedFile,
  follower: Follower,
): Promise<FollowedFile> {
  const place = await findLog(source, wanted);
  const { task } = file.place;
  if (place.task.id === task.id) {
    if (place.task.ended && !task.ended)
      follower.say(`The task ended (${place.task.ended.why}); waiting for the next one`);
    file.place = place;
    return file;
  }
  // What the old one wrote last, if its agent still has it.
  await file.advance(follower).catch(() => false);
  file.end(follower);
  follower.say(`The task was replaced; what follows is from ${place.task.id}`);
  const next = new FollowedFile(source, place, undefined, 0);
  await next.advance(follower);
  return next;
}

class FollowedFile {
  place: LogPlace;
  readonly #source: LogSource;
  #sandbox: string | undefined;
  #offset: number;
  /** Of a line that has no end yet. */
  #begun = '';

  constructor(source: LogSource, place: LogPlace, sandbox: string | undefined, offset: number) {
    this.#source = source;
    this.place = place;
    this.#sandbox = sandbox;
    this.#offset = offset;
  }

  /** Hands on what was appended; false: the file is not there (yet, or any more). */
  async advance(follower: Follower): Promise<boolean> {
    this.#sandbox ??= await sandboxOf(this.#source, this.place);
    if (!this.#sandbox) return false;
    const path = `${this.#sandbox}/${this.place.file}`;
    const { files } = this.#source;
    const size = await files.size(this.place.agentId, path);
    if (size === undefined) {
      if (this.place.task.ended) throw logGone(this.place);
      return false;
    }
    if (size < this.#offset) {
      // DC/OS rotates what tasks print at 2 MB: the end of the old file is in the one beside it.
      await this.#copy(`${path}.1`, await files.size(this.place.agentId, `${path}.1`), follower);
      this.#offset = 0;
    }
    await this.#copy(path, size, follower);
    return true;
  }

  async #copy(path: string, size: number | undefined, follower: Follower): Promise<void> {
    if (size === undefined || size <= this.#offset) return;
    if (size - this.#offset > MOST_BYTES) {
      follower.say(`${size - this.#offset - MOST_BYTES} bytes are left out`);
      this.#offset = size - MOST_BYTES;
    }
    const text = await this.#source.files.range(this.place.agentId, path, this.#offset, size);
    if (text === undefined) return;
    this.#offset = size;
    const lines = (this.#begun + text).split('\n');
    this.#begun = lines.pop()!;
    for (const line of lines) follower.line(line);
  }

  /** Hands on a last line without an end. */
  end(follower: Follower): void {
    if (this.#begun) follower.line(this.#begun);
    this.#begun = '';
  }
}
