// The flags of `lab rehearse` as the command that is rehearsed.
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { loadOptions, type OptionSources } from '../options/load.ts';
import { readOptionsFile } from '../options/read.ts';
import type { Options } from '../options/types.ts';
import { withEtcdRecord } from '../rehearsal/etcd-records.ts';
import type { Inventory } from '../rehearsal/inventory.ts';
import { loadInventory, saveInventory } from '../rehearsal/inventory-file.ts';
import { readInventory } from '../rehearsal/read-inventory.ts';
import { rehearsedCommand } from '../rehearsal/rehearsed-command.ts';
import { canaryFlag, lookFlags, untilTime } from '../rollout/flags.ts';
import { readOptionsApp } from '../steps/app-definition.ts';
import type { Rehearsed } from '../view/rehearse-run.ts';

export interface RehearseFlags {
  options?: string;
  set?: string[];
  exclude?: string[];
  ignore?: string[];
  'api-only': boolean;
  ask: number;
  uninstall: boolean;
  canary?: string;
  'pause-after-canary': boolean;
  'no-restart': boolean;
  leave: boolean;
  until?: string;
  inventory?: string;
  'save-inventory'?: string;
}

const WHO = 'a rehearsal';

/** @param now milliseconds since 1970. Throws UserError for flags that cannot be used. */
export async function rehearsedOf(
  flags: RehearseFlags,
  argv: readonly string[],
  { json, now, version }: { json: boolean; now: number; version: string },
): Promise<Rehearsed> {
  const until = flags.until === undefined ? {} : { until: untilTime(flags.until, now) };
  const name = flags.uninstall ? 'uninstall' : 'install';
  const said = { who: WHO, command: rehearsedCommand(argv, name), message: '' };
  const common = { dryRun: false, yes: true, json, apiOnly: flags['api-only'], ...until };
  if (flags.uninstall) {
    const off = { force: false, forgetAgents: false, deleteNetworks: false, deleteData: false };
    const request = { restart: !flags['no-restart'], ...said };
    return { command: 'uninstall', request, flags: { ...common, ...off } };
  }
  return {
    command: 'install',
    request: {
      sources: await sourcesOf(flags),
      ...(flags.canary === undefined ? {} : { canary: canaryFlag(flags.canary) }),
      ...said,
      plan: { noRestart: flags['no-restart'], leave: flags.leave },
    },
    flags: {
      ...common,
      pauseAfterCanary: flags['pause-after-canary'],
      readAtMost: flags.ask,
      programVersion: version,
      who: WHO,
    },
  };
}

/** Standard input can be read once, and the options are looked at more often. */
async function sourcesOf(flags: RehearseFlags): Promise<OptionSources> {
  const given = { set: flags.set ?? [], flags: lookFlags(flags) };
  if (flags.options !== '-') return flags.options === undefined ? given : { ...given, file: flags.options };
  const text = await readOptionsFile('-');
  return {
    ...given,
    file: '-',
    stdin: {
      async *[Symbol.asyncIterator]() {
        yield text;
      },
    },
  };
}

/** The options as far as they can be told; what is wrong with them is the rehearsed command's to say. */
async function optionsOf(rehearsed: Rehearsed, installed?: Options): Promise<Options | undefined> {
  if (rehearsed.command === 'uninstall') return undefined;
  try {
    return await loadOptions({ ...rehearsed.request.sources, ...(installed ? { installed } : {}) }).then(
      ({ options }) => options,
    );
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** From the file, or from the cluster (and then into a file, if one is named). */
export async function inventoryFor(
  flags: Pick<RehearseFlags, 'inventory' | 'save-inventory'>,
  rehearsed: Rehearsed,
  connect: () => Promise<Cluster>,
  now: number,
): Promise<{ inventory: Inventory; notes: string[] }> {
  const inventory =
    flags.inventory === undefined
      ? await fromCluster(await connect(), rehearsed, now)
      : await loadInventory(flags.inventory);
  const path = flags['save-inventory'];
  if (path !== undefined) await saveInventory(path, inventory);
  const installed = inventory.installed && readOptionsApp({ env: inventory.installed });
  const options = await optionsOf(rehearsed, installed?.options);
  return options ? withEtcdRecord(inventory, options) : { inventory, notes: [] };
}

async function fromCluster(cluster: Cluster, rehearsed: Rehearsed, now: number): Promise<Inventory> {
  const options = await optionsOf(rehearsed);
  return readInventory(cluster, options ? [options.etcd['etcd-discovery-url']] : [], now);
}
