// `/calico/options`: an app with 0 instances that holds the whole options, once, with who set them, when and why.
import type { AppDefinition, MarathonApp } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { frame } from './frame.ts';

export interface InstalledOptions {
  options: Options;
  /** Who put them: the user of the token, as far as it says. */
  who: string;
  /** ISO 8601, UTC. */
  when: string;
  /** The command line, without the token. */
  command: string;
  /** `--message`. */
  message: string;
  /** Agents (addresses) that Calico is still to be taken off. */
  owed: string[];
  /** What was installed before, newest first: what `plan undo` goes back to. */
  previous?: EarlierOptions[];
}

/** Options that were in force once, with who set them. */
export type EarlierOptions = Omit<InstalledOptions, 'owed' | 'previous'>;

/** So far back can be gone; each is some 4 KB, and Marathon keeps the whole app in one node of ZooKeeper. */
const MOST_EARLIER = 5;

export function optionsDefinition(installed: InstalledOptions & { marathonVersion: string }): AppDefinition {
  return {
    ...frame(installed.marathonVersion),
    id: 'options',
    // Never runs: an app needs a command.
    cmd: 'sleep 100000',
    instances: 0,
    cpus: 0.02,
    mem: 32,
    constraints: [],
    healthChecks: [],
    env: {
      DCOS_CALICO_OPTIONS: JSON.stringify(installed.options),
      DCOS_CALICO_WHO: installed.who,
      DCOS_CALICO_WHEN: installed.when,
      DCOS_CALICO_COMMAND: installed.command,
      DCOS_CALICO_MESSAGE: installed.message,
      DCOS_CALICO_OWED: installed.owed.join(' '),
      ...(installed.previous && installed.previous.length > 0
        ? { DCOS_CALICO_PREVIOUS: JSON.stringify(installed.previous.slice(0, MOST_EARLIER)) }
        : {}),
    },
  };
}

/** What `/calico/options` holds; undefined if it holds no options that can be read (edited by hand). */
export function readOptionsApp(app: Pick<MarathonApp, 'env'>): InstalledOptions | undefined {
  const env = app.env ?? {};
  const options = parsed(env.DCOS_CALICO_OPTIONS);
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return undefined;
  const previous = earlier(parsed(env.DCOS_CALICO_PREVIOUS));
  return {
    options: options as Options,
    who: env.DCOS_CALICO_WHO ?? '',
    when: env.DCOS_CALICO_WHEN ?? '',
    command: env.DCOS_CALICO_COMMAND ?? '',
    message: env.DCOS_CALICO_MESSAGE ?? '',
    owed: (env.DCOS_CALICO_OWED ?? '').split(' ').filter(Boolean),
    ...(previous.length > 0 ? { previous } : {}),
  };
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function earlier(value: unknown): EarlierOptions[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (one): one is EarlierOptions => typeof one?.options === 'object' && one.options !== null,
  );
}
