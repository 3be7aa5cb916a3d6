// Two clients at once, one step at a time: every request and every pause of either waits until a schedule lets it go on.
import type { Answer } from '../../src/dcos/answer.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { Time } from '../../src/rollout/carry-out.ts';
import { type Asked, DirectCluster } from './direct.ts';
import { type Ran, run, type Words } from './operator.ts';
import type { World } from './world.ts';

/** A step that a client waits to take. */
interface Waiting {
  /** A request; or until when it pauses. */
  what: Asked | { until: number };
  go(): void;
}

class Client {
  readonly waiting: Waiting[] = [];
  /** Requests that were let go. */
  asked = 0;
  ran: Ran | undefined;

  constructor(lab: Lab, words: Words, who: string, heard: (asked: Asked, answer: Answer) => void) {
    const stop = (what: Waiting['what']) =>
      new Promise<void>((go) => {
        this.waiting.push({ what, go });
      });
    const cluster = new DirectCluster(lab, lab.tokens.issue(who), {
      before: stop,
      change: (asked, answer) => {
        heard(asked, answer);
        return answer;
      },
    });
    const time: Time = {
      now: () => lab.clock.now(),
      sleep: (ms) => stop({ until: lab.clock.now() + ms }),
    };
    void run(cluster, words, { time, who: `${who}@laptop` }).then((ran) => {
      this.ran = ran;
    });
  }
}

/** Everything that is ready to run has run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

export type Which = 0 | 1;

/** A request that is about to be made. */
export interface Point {
  who: Which;
  asked: Asked;
  /** The how manieth of this client's requests it is, from 1 on. */
  number: number;
}

export interface Turns {
  begins: Which;
  /** Who goes on: asked before each request of whoever has the word, while both are at work. */
  next(point: Point): Which;
  /** Before a request reaches the cluster. */
  before?(point: Point): Promise<void> | void;
  /** Its answer, before the client sees it. */
  after?(who: Which, asked: Asked, answer: Answer): void;
}

export const NAMES = ['anna', 'bob'] as const;

/** The longest that two commands may take together, in steps. */
const MOST_STEPS = 4000;

/** Runs both to their ends. Who has the word keeps it, pauses included, until `turns` gives it to the other one. */
export async function interleave(world: World, words: [Words, Words], turns: Turns): Promise<[Ran, Ran]> {
  const { lab } = world;
  const client = (who: Which) =>
    new Client(lab, words[who], NAMES[who], (asked, answer) => turns.after?.(who, asked, answer));
  const clients = [client(0), client(1)] as const;
  await begun(clients);
  let current = turns.begins;
  /** Who was just given the word goes on by one step at least. */
  let given = true;
  for (let step = 0; !(clients[0].ran && clients[1].ran); step++) {
    if (step > MOST_STEPS) throw new Error(`not over after ${MOST_STEPS} steps`);
    const other = (1 - current) as Which;
    if (clients[current]!.ran) {
      current = other;
      continue;
    }
    const client = clients[current]!;
    const next = client.waiting[0];
    const point =
      next && 'method' in next.what
        ? { who: current, asked: next.what, number: client.asked + 1 }
        : undefined;
    if (point && !given && !clients[other]!.ran && turns.next(point) === other) {
      current = other;
      given = true;
      continue;
    }
    given = false;
    if (point) {
      client.asked++;
      await turns.before?.(point);
    }
    world.look();
    if (next && 'until' in next.what) await until(lab, next.what.until);
    client.waiting.shift()?.go();
    await settled();
    // Modules that are loaded for the first time take their own time.
    while (!client.ran && client.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const ran: [Ran, Ran] = [clients[0].ran!, clients[1].ran!];
  for (const one of ran) world.note(one);
  return ran;
}

async function begun(clients: readonly Client[]): Promise<void> {
  while (clients.some(({ waiting, ran }) => !ran && waiting.length === 0))
    await new Promise((resolve) => setTimeout(resolve, 1));
}

async function until(lab: Lab, time: number): Promise<void> {
  if (time > lab.clock.now()) await lab.sleep(time - lab.clock.now());
}

/** Turns by a list of choices: who begins, and who goes on before each change; where it says nothing more, who has the word keeps it. */
export function byChoices(choices: readonly Which[]): Turns & { made: Which[] } {
  const made: Which[] = [choices[0] ?? 0];
  return {
    begins: made[0]!,
    made,
    next({ who, asked }) {
      if (asked.method === 'GET') return who;
      const chosen = choices[made.length] ?? who;
      made.push(chosen);
      return chosen;
    },
  };
}
