// The first look at the cluster, and the options that are there before any question.
import { hopeless, preflight } from '../checks/run.ts';
import type { Finding } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, UserError } from '../errors.ts';
import { defaultOptions } from '../options/defaults.ts';
import { parseSettings } from '../options/flags.ts';
import { loadOptions } from '../options/load.ts';
import { ALL_OPTIONS, type PartialOptions, setAt, valueAt } from '../options/paths.ts';
import { type OptionProblem, oneLine } from '../options/problems.ts';
import type { OptionSource } from '../options/resolve.ts';
import { validateDocument } from '../options/validate.ts';
import { agentType, compareHosts } from '../plan/agent-type.ts';
import { eligibility } from '../plan/eligibility.ts';
import { makePlan } from '../plan/plan.ts';
import { factsFor, type Read, readAll } from '../rollout/facts.ts';
import { ENDPOINTS_NEEDS } from '../steps/endpoints/definition.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { resolved } from '../wizard/layers.ts';
import type { Base, Found } from '../wizard/types.ts';

export interface LookRequest {
  /** The options file that will be written; read as a start where it exists. */
  file: string;
  fileIsThere: boolean;
  set: readonly string[];
  /** Start nothing on the cluster. */
  apiOnly: boolean;
}

export interface Looked {
  read: Read;
  found: Found;
  base: Base;
  installed: InstalledOptions | undefined;
  /** Of preflight, what stops an install and what it warns of. */
  findings: Finding[];
  warnings: OptionProblem[];
}

/** Reads only. Throws UserError where there is nothing to configure, or a file or flag cannot be used. */
export async function look(cluster: Cluster, request: LookRequest): Promise<Looked> {
  const flags = await settingsOf(request.set);
  const file = request.fileIsThere ? await loadOptions({ file: request.file }) : undefined;
  const all = await readAll(cluster);
  if ('forbidden' in all) throw forbidden(all.forbidden);
  const { read } = all;
  const { snapshot } = read;
  const before = snapshot.installed && (await loadOptions({ installed: snapshot.installed.options }));
  const base: Base = {
    flags,
    file: file ? from(file, 'file') : {},
    fileName: request.file,
    installed: before && from(before, 'installed'),
  };
  const record = await recordOf(cluster, read, base);
  const found: Found = {
    dcosVersion: read.dcos.version,
    marathonVersion: snapshot.info.version,
    agents: snapshot.agents,
    unfit: [],
    packages: read.packages,
    record,
    testFrom: request.apiOnly ? undefined : testAgent(read),
  };
  const { options } = resolved(found, base, {});
  const plan = makePlan({
    options,
    installed: snapshot.installed,
    agents: snapshot.agents,
    group: snapshot.group,
    deployments: [],
    marathon: { version: snapshot.info.version, carrier: snapshot.carrier },
    who: '',
    command: '',
    message: '',
    now: 0,
  });
  const findings = preflight(await factsFor(cluster, read, options, plan));
  const never = hopeless(findings);
  if (never) throw nothingToConfigure(never);
  return {
    read,
    found: {
      ...found,
      unfit: plan.leftOut.map(({ agent, kind, reason }) => ({ host: agent.host, kind, reason })),
    },
    base,
    installed: snapshot.installed,
    findings: findings.filter(({ severity, code }) => severity !== 'informs' && !ASKED.includes(code)),
    warnings: file?.warnings ?? [],
  };
}

/** What the questions are about themselves: etcd, the size of the mesh, the pool. */
const ASKED = ['CAL1005', 'CAL1006', 'CAL1010', 'CAL1011'];

function nothingToConfigure({ what, remedy, code }: Finding): UserError {
  return new UserError({
    code: 'nothing-to-configure',
    what: 'There is nothing to configure on this cluster',
    why: `${what} (${code})`,
    remedy: [...remedy, 'Nothing was changed, and no file was written.'],
    exit: EXIT.preflightFailed,
  });
}

function forbidden(findings: readonly Finding[]): UserError {
  return new UserError({
    code: 'forbidden',
    what: 'The cluster cannot be looked at',
    why: 'this login lacks a permission',
    items: findings.map(({ what }) => what),
    remedy: findings.flatMap(({ remedy }) => remedy),
    exit: EXIT.preflightFailed,
  });
}

/** Those options alone that one source said. */
function from(
  { options, sources }: { options: object; sources: Record<string, OptionSource> },
  source: OptionSource,
): PartialOptions {
  const layer: PartialOptions = {};
  for (const { path } of ALL_OPTIONS)
    if (sources[path] === source) setAt(layer, path, valueAt(options, path));
  return layer;
}

async function settingsOf(set: readonly string[]): Promise<PartialOptions> {
  const { options, problems } = parseSettings(set);
  const wrong = [...problems, ...(await validateDocument(options))];
  if (wrong.length === 0) return options;
  throw new UserError({
    code: 'options-invalid',
    what: 'What --set says cannot be used',
    items: wrong.map(oneLine),
    remedy: ['dcos calico options schema  prints what each option may be'],
    data: { problems: wrong },
    exit: EXIT.usage,
  });
}

const DISCOVERY = 'etcd.etcd-discovery-url';

/** The record that the options name, or the first one that a package named etcd publishes under a name of its own. */
async function recordOf(cluster: Cluster, read: Read, base: Base): Promise<Found['record']> {
  const said = [base.flags, base.file, base.installed ?? {}]
    .map((layer) => valueAt(layer, DISCOVERY))
    .find((value) => typeof value === 'string');
  const packages = 'value' in read.packages ? read.packages.value : [];
  const frameworks = packages
    .filter(({ name }) => name === 'etcd')
    .map(({ id }) => `${id.split('/').at(-1)}.mesos`);
  const domains = said === undefined ? [...new Set(['etcd.mesos', ...frameworks])] : [String(said)];
  let first: Found['record'] | undefined;
  for (const domain of domains) {
    const members = await membersOf(cluster, domain);
    if ('value' in members && members.value.length > 0) return { domain, members };
    first ??= { domain, members };
  }
  return first!;
}

async function membersOf(cluster: Cluster, domain: string): Promise<Found['record']['members']> {
  try {
    const records = await cluster.dns.srv(`_etcd-server._tcp.${domain}`);
    return { value: records.map(({ host, port }) => ({ host, port })) };
  } catch (error) {
    // A login that is over ends everything; what cannot be read otherwise is asked instead.
    if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
    return { unknown: error.problem.what };
  }
}

/** A private agent with room: on a public one the task would need another role than a new group may have. */
function testAgent({ snapshot: { agents } }: Read): string | undefined {
  const options = defaultOptions();
  return agents
    .filter((agent) => agentType(agent) === 'private')
    .filter((agent) => eligibility(agent, [ENDPOINTS_NEEDS], options).eligible)
    .map(({ hostname }) => hostname)
    .sort(compareHosts)[0];
}
