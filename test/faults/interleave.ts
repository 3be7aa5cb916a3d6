// Two clients at once, one step at a time: every request and every pause of either waits until a schedule lets it go on.
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
  ran: Ran | undefined;

  constructor(lab: Lab, words: Words, who: string) {
    const stop = (what: Waiting['what']) =>
      new Promise<void>((go) => {
        this.waiting.push({ what, go });
      });
    const cluster = new DirectCluster(lab, lab.tokens.issue(who), { before: stop });
    const time: Time = {
      now: () => lab.clock.now(),
      sleep: (ms) => stop({ until: lab.clock.now() + ms }),
    };
    void run(cluster, words, { time, who: `${who}@laptop` }).then((ran) => {
      this.ran = ran;
    });
  }

  /** Whether its next step changes something. */
  get writes(): boolean {
    const what = this.waiting[0]?.what;
    return what !== undefined && 'method' in what && what.method !== 'GET';
  }
}

/** Everything that is ready to run has run. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

export interface Schedule {
  /** Whose turn it is at each point where there is a choice: at the beginning, and before every change. */
  choices: (0 | 1)[];
}

export interface Interleaved {
  ran: [Ran, Ran];
  /** The choices that there were, those of the schedule first. */
  choices: (0 | 1)[];
}

/** The longest that two commands may take together, in steps. */
const MOST_STEPS = 4000;

/**
 * Runs both to their ends. A client goes on until it is about to change something: what it read until then is what it rests on, and
 * whether the other one comes in between is the schedule's to say. Where that says nothing more, who has the word keeps it.
 */
export async function interleave(
  world: World,
  words: [Words, Words],
  { choices }: Schedule,
): Promise<Interleaved> {
  const { lab } = world;
  const clients = [new Client(lab, words[0], 'anna'), new Client(lab, words[1], 'bob')] as const;
  const made: (0 | 1)[] = [];
  let current: 0 | 1 = 0;
  const choose = () => {
    const [a, b] = clients;
    if (a.ran || b.ran) current = a.ran ? 1 : 0;
    else {
      current = choices[made.length] ?? current;
      made.push(current);
    }
  };
  await begun(clients);
  choose();
  for (let step = 0; !(clients[0].ran && clients[1].ran); step++) {
    if (step > MOST_STEPS) throw new Error(`not over after ${MOST_STEPS} steps`);
    const client = clients[current]!;
    if (client.ran) {
      choose();
      continue;
    }
    const next = client.waiting.shift();
    if (next) {
      world.look();
      if ('until' in next.what) await until(lab, next.what.until);
      next.go();
    }
    await settled();
    // Modules that are loaded for the first time take their own time.
    while (!client.ran && client.waiting.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    if (client.ran || client.writes) choose();
  }
  const ran: [Ran, Ran] = [clients[0].ran!, clients[1].ran!];
  for (const one of ran) world.note(one);
  return { ran, choices: made };
}

async function begun(clients: readonly Client[]): Promise<void> {
  while (clients.some(({ waiting, ran }) => !ran && waiting.length === 0))
    await new Promise((resolve) => setTimeout(resolve, 1));
}

async function until(lab: Lab, time: number): Promise<void> {
  if (time > lab.clock.now()) await lab.sleep(time - lab.clock.now());
}
