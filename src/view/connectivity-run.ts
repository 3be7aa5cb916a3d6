// Shows a test of the network as it goes: what will run, the question, how it goes, what came of it.

import { AT_MOST_MS } from '../connectivity/limits.ts';
import { type PreparedConnectivity, prepareConnectivity } from '../connectivity/prepare.ts';
import {
  type ConnectivityEvent,
  type ConnectivityResult,
  cleanConnectivity,
  testConnectivity,
} from '../connectivity/run.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT } from '../errors.ts';
import type { Time } from '../rollout/carry-out.ts';
import { CONNECTIVITY_GROUP } from '../steps/connectivity/definition.ts';
import { NOTHING_CHANGED } from './asking.ts';
import { announcement, isWell, nextOf, resultText } from './connectivity.ts';
import type { Ended, InstallView } from './install-run.ts';
import { nextLines } from './status.ts';

export interface ConnectivityFlags {
  agents?: readonly string[] | number;
  image?: string;
  yes: boolean;
  dryRun: boolean;
  /** Only what an earlier run has left is taken away. */
  cleanUp: boolean;
}

type View = Pick<InstallView, 'out' | 'print' | 'say' | 'confirm' | 'onInterrupt'>;

const clock = (now: number) => new Date(now).toISOString().slice(11, 19);

export async function runConnectivity(
  cluster: Cluster,
  flags: ConnectivityFlags,
  time: Time,
  view: View,
): Promise<Ended> {
  view.onInterrupt(() => NOTHING_CHANGED);
  const prepared = await prepareConnectivity(cluster, flags);
  if (flags.cleanUp) return cleaned(cluster, prepared, time, view);
  view.print(announcement(prepared, view.out));
  if (flags.dryRun) {
    view.say('Nothing was run (--dry-run)');
    return { exit: EXIT.changesPending, document: connectivityDocument(prepared) };
  }
  if (!flags.yes && !(await view.confirm('Go ahead?'))) {
    view.say('Nothing was run');
    return { exit: EXIT.failed, document: connectivityDocument(prepared) };
  }
  const result = await testConnectivity(prepared, {
    ...prepared,
    cluster,
    time,
    begins: (abandon) => onInterrupt(abandon, time, view),
    hear: hearing(time, (line) => view.say(line)),
  });
  view.print(`\n${resultText(result, prepared.kinds, view.out)}`);
  leftBehind(result.cleanedUp, view);
  for (const line of nextLines(nextOf(result))) view.say(line);
  return {
    exit: isWell(result) && result.cleanedUp ? EXIT.done : EXIT.failed,
    document: connectivityDocument(prepared, result),
  };
}

async function cleaned(
  cluster: Cluster,
  prepared: PreparedConnectivity,
  time: Time,
  view: View,
): Promise<Ended> {
  const done = await cleanConnectivity(prepared, {
    ...prepared,
    cluster,
    time,
    begins: (abandon) => onInterrupt(abandon, time, view),
    hear: hearing(time, (line) => view.say(line)),
  });
  if (done) view.print('Nothing of a test of the network is on the cluster');
  leftBehind(done, view);
  return { exit: done ? EXIT.done : EXIT.failed, document: { cleanedUp: done } };
}

function leftBehind(cleanedUp: boolean, view: View): void {
  if (cleanedUp) return;
  view.say(`Warning: the group ${CONNECTIVITY_GROUP} is still being ended`);
  view.say('dcos calico connectivity test --clean-up     takes away what is left');
}

/** What the task on the agent has told Calico goes with that task, whoever ends it. */
function onInterrupt(abandon: () => Promise<boolean>, time: Time, view: View): void {
  const begun = time.now();
  view.onInterrupt(async () =>
    (await abandon())
      ? 'Interrupted: the tasks of the test end now, and take what they told Calico along'
      : `Interrupted: the group ${CONNECTIVITY_GROUP} may still be there; what it told Calico goes by itself at ${clock(begun + AT_MOST_MS)} UTC, the rest with: dcos calico connectivity test --clean-up`,
  );
}

/** Each line once: a count is said again only when it has changed. */
function hearing(time: Time, say: (line: string) => void): (event: ConnectivityEvent) => void {
  let last = '';
  return (event) => {
    const line = words(event);
    if (line === last) return;
    last = line;
    say(`${clock(time.now())}  ${line}`);
  };
}

function words(event: ConnectivityEvent): string {
  switch (event.type) {
    case 'leftovers':
      return 'An earlier test has left something: it is taken away first';
    case 'prepared':
      return 'Calico knows the containers of the test';
    case 'endpoints':
      return `${event.there} of ${event.of} containers are on the network`;
    case 'connections':
      return event.phase === 'open'
        ? `${event.passed} of ${event.of} connections reach`
        : `With a policy that denies: ${event.passed} of ${event.of} connections as they should be`;
    case 'cleaning':
      return 'Taking everything away again';
  }
}

/** The one document of `--json`; its schema is schemas/connectivity.json. */
export function connectivityDocument(
  { agents, kinds, image, of, options }: PreparedConnectivity,
  result?: ConnectivityResult,
) {
  return {
    agents: agents.map(({ id, host, type }) => ({ id, host, type })),
    of,
    kinds,
    network: options.cni['network-name'],
    image,
    ...(result
      ? {
          passed: isWell(result),
          endpoints: result.endpoints,
          connections: result.connections,
          broken: result.broken,
          cleanedUp: result.cleanedUp,
        }
      : {}),
  };
}
