// Who asks whom: each agent itself, and the next in the ring; each kind of container each kind.
import { CONNECTIVITY_PORT, type Kind } from '../steps/connectivity/definition.ts';
import type { Endpoint, Got, Pair, Participant } from './types.ts';

/** For n agents 2n pairs of agents, times the kinds squared: a mesh would be n² of them. */
export function pairsOf(agents: readonly Participant[], kinds: readonly Kind[]): Pair[] {
  return agents.flatMap(({ host }, index) => {
    const next = agents[(index + 1) % agents.length]!.host;
    const targets = next === host ? [host] : [host, next];
    return targets.flatMap((target) =>
      kinds.flatMap((from) =>
        kinds.map((to) => ({ from: { host, kind: from }, to: { host: target, kind: to } })),
      ),
    );
  });
}

export const endName = ({ host, kind }: { host: string; kind: Kind }) => `${host}/${kind}`;

/** The pairs of one asking kind as its app has them: only of ends that are there. */
export function targetsOf(
  kind: Kind,
  pairs: readonly Pair[],
  endpoints: ReadonlyMap<string, Endpoint>,
): string[] {
  return pairs.flatMap(({ from, to }) => {
    const address = endpoints.get(endName(to))?.address;
    return from.kind === kind && address !== undefined
      ? [`${from.host}|${endName(to)}|${address}:${CONNECTIVITY_PORT}`]
      : [];
  });
}

export interface Answers {
  /** The last round that was finished; 0: none. */
  round: number;
  /** By the name of the end that was asked. */
  got: ReadonlyMap<string, { got: Got; said: string }>;
}

/** What an asking task has written (src/steps/connectivity/ask.sh); it comes from a host, and is believed only as far as it fits. */
export function readAnswers(text: string): Answers {
  const got = new Map<string, { got: Got; said: string }>();
  let round = 0;
  for (const line of text.split('\n')) {
    const counted = /^round (\d{1,9})$/.exec(line);
    if (counted) round = Number(counted[1]);
    const answer = /^([\w.:-]+\/(?:mesos|docker)) (\d{1,3}) (.*)$/.exec(line);
    if (answer)
      got.set(answer[1]!, {
        got: gotOf(answer[1]!, Number(answer[2]), answer[3]!),
        said: answer[3]!.trim().slice(0, 200),
      });
  }
  return { round, got };
}

/** curl ends with 7 or 28, wget of busybox always with 1: their words tell what it was. */
function gotOf(asked: string, code: number, said: string): Got {
  if (code === 0) return said.trim() === asked ? 'ok' : 'other';
  if (/refused/i.test(said)) return 'refused';
  if (/unreachable|no route/i.test(said)) return 'unreachable';
  if (code === 28 || /timed? ?out/i.test(said)) return 'timeout';
  return 'failed';
}
