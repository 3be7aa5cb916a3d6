// `/calico/options`: an app with 0 instances that holds the whole options, once, with who set them, when and why.
import type { AppDefinition, MarathonApp } from '../dcos/types.ts';
import { ALL_OPTIONS, setAt, valueAt } from '../options/paths.ts';
import type { Options } from '../options/types.ts';
import { frame } from './frame.ts';
import { hostsIn, hostsText } from './hosts-text.ts';

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
  /** Agents (addresses) that were given a turn, and so have Calico until it was taken off them; undefined: no record was kept. */
  covered?: string[];
  /** What was installed before, newest first: what `plan undo` goes back to. */
  previous?: EarlierOptions[];
}

/** Options that were in force once, with who set them. */
export type EarlierOptions = Omit<InstalledOptions, 'owed' | 'covered' | 'previous'>;

const COVERED = 'DCOS_CALICO_COVERED';

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
      ...(installed.covered ? { [COVERED]: hostsText(installed.covered) } : {}),
      ...(installed.previous && installed.previous.length > 0
        ? { DCOS_CALICO_PREVIOUS: JSON.stringify(installed.previous.slice(0, MOST_EARLIER)) }
        : {}),
    },
  };
}

/**
 * What `/calico/options` holds, with the defaults of options that the version which wrote it did not know; undefined if it holds no
 * options that can be read (edited by hand).
 */
export function readOptionsApp(app: Pick<MarathonApp, 'env'>): InstalledOptions | undefined {
  const env = app.env ?? {};
  const options = whole(parsed(env.DCOS_CALICO_OPTIONS));
  if (!options) return undefined;
  const previous = earlier(parsed(env.DCOS_CALICO_PREVIOUS));
  return {
    options,
    who: env.DCOS_CALICO_WHO ?? '',
    when: env.DCOS_CALICO_WHEN ?? '',
    command: env.DCOS_CALICO_COMMAND ?? '',
    message: env.DCOS_CALICO_MESSAGE ?? '',
    owed: (env.DCOS_CALICO_OWED ?? '').split(' ').filter(Boolean),
    ...(env[COVERED] === undefined ? {} : { covered: hostsIn(env[COVERED]) }),
    ...(previous.length > 0 ? { previous } : {}),
  };
}

/** Every version has written these: where one is gone, somebody has damaged the options, and defaults would be a guess. */
const SECTIONS = ['rollout', 'etcd', 'docker', 'cni', 'libnetwork', 'node', 'artifacts', 'registry'];

/** Whoever reads installed options counts on each of them: one that is missing is one of a later version. Changes `value`. */
function whole(value: unknown): Options | undefined {
  if (!isObject(value) || !SECTIONS.every((section) => isObject(value[section]))) return undefined;
  for (const { path, schema } of ALL_OPTIONS) {
    const above = valueAt(value, path.slice(0, path.lastIndexOf('.')));
    if (above !== undefined && !isObject(above)) return undefined;
    const found = valueAt(value, path);
    if (found === undefined) setAt(value, path, structuredClone(schema.default));
    else if (Array.isArray(schema.default) && !Array.isArray(found)) return undefined;
  }
  return value as unknown as Options;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
  return value.flatMap((one) => {
    const options = whole(one?.options);
    return options ? [{ ...one, options }] : [];
  });
}
