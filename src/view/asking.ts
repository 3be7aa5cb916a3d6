// Asking the agents, as the operator hears of it: before it is done, how it goes, and what stays if it is cut off.
import type { Cluster } from '../dcos/cluster.ts';
import type { Time } from '../rollout/carry-out.ts';
import { abandonPreflight } from '../rollout/preflight-app.ts';
import type { AskSettings } from '../rollout/prepare.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

export interface AskingView {
  out: Terminal;
  /** Where `say` goes, if that is not as wide. */
  talk?: Terminal;
  say(text: string): void;
  /** What Ctrl-C does, and the line that it leaves behind. */
  onInterrupt(action: () => string | Promise<string>): void;
}

export const NOTHING_CHANGED = 'Interrupted: nothing was changed';

/** `20:31:05`, UTC as all times of this program. */
const clock = (now: number) => new Date(now).toISOString().slice(11, 19);

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

/** How the agents are asked: announced, and taken back on Ctrl-C. */
export function asking(cluster: Cluster, time: Time, view: AskingView, readAtMost?: number): AskSettings {
  let heard = 0;
  return {
    time,
    ...(readAtMost === undefined ? {} : { readAtMost }),
    announce: (count) => {
      view.onInterrupt(async () =>
        (await abandonPreflight(cluster))
          ? `${NOTHING_CHANGED}, and the tasks that asked the agents are taken away`
          : `${NOTHING_CHANGED}; the app /calico/ops/preflight may still be there: it changes nothing, and the next run takes it away`,
      );
      const text = `Asking ${agents(count)}: a short task on each looks, changes nothing and goes again (--api-only does without)`;
      view.say(wrap(text, (view.talk ?? view.out).width).join('\n'));
    },
    heard: (answered, of) => {
      // A line each time that a quarter more has answered: enough to see that it goes on, on 5 agents as on 5,000.
      if (answered < of && answered - heard < of / 4) return;
      if (answered === heard) return;
      heard = answered;
      view.say(`${clock(time.now())}  ${answered} of ${agents(of)} answered`);
    },
  };
}
