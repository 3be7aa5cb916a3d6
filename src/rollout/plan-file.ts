// A plan that was reviewed, as a file: `diff --out`, and `install --plan`, which makes the plan anew from the same request and carries
// it out only if it is the same.
import { readFile, stat } from 'node:fs/promises';
import { EXIT, UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { agentChanges, type ChangeGroup } from '../plan/agent-changes.ts';
import type { RestartNeed } from '../plan/restarts.ts';
import type { Plan, PlanInput } from '../plan/types.ts';
import { writeWhole } from '../whole-file.ts';
import type { InstallRequest, Prepared } from './prepare.ts';

const FORMAT = 'dcos-calico-plan/1';
const LARGEST = 64 * 1024 * 1024;

export interface PlanFile {
  format: typeof FORMAT;
  /** Version of this program. */
  program: string;
  /** Where the cluster was. */
  url: string;
  /** ISO 8601: also when its options are said to have been set. */
  made: string;
  who: string;
  command: string;
  message: string;
  options: Options;
  recorded: Options;
  /** Further input of the plan, the agents that come last, and what each told of a restart. */
  input: Partial<PlanInput>;
  failed: string[];
  restarts: [string, RestartNeed][];
  /** What the agents would change, as they told it. */
  agents: ChangeGroup[];
  asked: boolean;
  plan: Plan;
}

/** What `install --plan` needs to make the same plan. */
export function planFileOf(
  { now, plan, options, recorded, hosts, failed, restarts }: Prepared,
  { who, command, message, plan: input = {} }: InstallRequest,
  { url, program }: { url: string; program: string },
): PlanFile {
  return {
    format: FORMAT,
    program,
    url,
    made: new Date(now).toISOString(),
    who,
    command,
    message,
    options,
    recorded,
    // Whatever is more than a yes or no belongs to one run: `skip`, `restart`.
    input: Object.fromEntries(Object.entries(input).filter(([, value]) => typeof value === 'boolean')),
    failed,
    restarts: [...restarts],
    agents: agentChanges(plan, hosts, options).groups,
    asked: hosts !== undefined,
    plan,
  };
}

/** Writes it, over an earlier plan only. */
export async function writePlanFile(path: string, file: PlanFile): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there && !(await readPlanFile(path).catch(() => undefined)))
    throw new UserError({
      code: 'file-in-the-way',
      what: `The plan was not written to ${path}`,
      why: 'there is a file of that name, and it is no plan',
      remedy: ['Name another file: --out FILE'],
      exit: EXIT.usage,
    });
  try {
    writeWhole(path, `${JSON.stringify(file, null, 2)}\n`, 'replace');
  } catch (error) {
    throw new UserError({
      code: 'cannot-write',
      what: `The plan was not written to ${path}`,
      why: (error as Error).message,
      exit: EXIT.usage,
    });
  }
}

/** Reads it. Throws `no-plan`, exit code 2, for anything else. */
export async function readPlanFile(path: string): Promise<PlanFile> {
  const no = (why: string) =>
    new UserError({
      code: 'no-plan',
      what: `${path} cannot be carried out`,
      why,
      remedy: [`dcos calico diff --out ${path}`],
      exit: EXIT.usage,
    });
  let text: string;
  try {
    if ((await stat(path)).size > LARGEST) throw no('it is too large to be a plan');
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw error instanceof UserError ? error : no((error as Error).message);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw no('it is not JSON');
  }
  const { format, made, options, recorded, plan } = (json ?? {}) as Partial<PlanFile>;
  if (format !== FORMAT) throw no('it was not made by dcos calico diff --out');
  const whole = [options, recorded, plan].every((part) => typeof part === 'object' && part !== null);
  if (!whole || Number.isNaN(Date.parse(String(made)))) throw no('a part of it is missing');
  return json as PlanFile;
}

/** Everything in which the cluster, or this program, is not as when the plan was made: sentences. */
export function planDifferences(before: PlanFile, now: Prepared, url: string, program: string): string[] {
  const found: string[] = [];
  if (before.url !== url) found.push(`It was made for ${before.url}, and this is ${url}`);
  if (before.program !== program)
    found.push(`It was made by version ${before.program} of this program, and this is ${program}`);
  if (now.plan.refusal) found.push(now.plan.refusal.what);
  found.push(...appDifferences(before.plan, now.plan), ...agentDifferences(before.plan, now.plan));
  if (before.asked && now.hosts) found.push(...changeDifferences(before, now));
  if (found.length === 0 && canonical(before.plan) !== canonical(now.plan))
    found.push(`The plan itself is another: ${differingFields(before.plan, now.plan).join(', ')}`);
  return found;
}

function appDifferences(before: Plan, now: Plan): string[] {
  return [...new Set([...Object.keys(before.versions), ...Object.keys(now.versions)])]
    .filter((id) => before.versions[id] !== now.versions[id])
    .sort()
    .map((id) => {
      if (now.versions[id] === undefined) return `${id} is gone`;
      return before.versions[id] === undefined ? `${id} is new` : `${id} was changed`;
    });
}

/** How each agent stands in a plan, by its id. */
function standings({ waves, ready, leftOut }: Plan): Map<string, { host: string; how: string }> {
  return new Map<string, { host: string; how: string }>([
    ...waves.flatMap(({ kind, agents }) =>
      agents.map(
        ({ id, host }) =>
          [id, { host, how: kind === 'retry' ? 'to be tried last' : 'to be changed' }] as const,
      ),
    ),
    ...ready.map(({ id, host }) => [id, { host, how: 'ready' }] as const),
    ...leftOut.map(({ agent: { id, host }, reason }) => [id, { host, how: `left out (${reason})` }] as const),
  ]);
}

function agentDifferences(before: Plan, now: Plan): string[] {
  const [old, current] = [standings(before), standings(now)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((id) => {
    const [was, is] = [old.get(id), current.get(id)];
    if (!was) return [`The agent ${is!.host} has joined`];
    if (!is) return [`The agent ${was.host} (${id}) is gone`];
    return was.how === is.how ? [] : [`The agent ${is.host} was ${was.how}, and is ${is.how}`];
  });
}

function changeDifferences(before: PlanFile, { plan, hosts, options }: Prepared): string[] {
  const byHost = (groups: readonly ChangeGroup[]) =>
    new Map(
      groups.flatMap(({ agents, ...changes }) => agents.map((host) => [host, JSON.stringify(changes)])),
    );
  const [old, current] = [byHost(before.agents), byHost(agentChanges(plan, hosts, options).groups)];
  return [...current].flatMap(([host, changes]) =>
    old.has(host) && old.get(host) !== changes
      ? [`On the agent ${host} something else would change than was reviewed`]
      : [],
  );
}

function differingFields(before: Plan, now: Plan): string[] {
  return (Object.keys(now) as (keyof Plan)[]).filter(
    (field) => canonical(before[field]) !== canonical(now[field]),
  );
}

/** A text that is equal for equal values: Marathon lists apps in another order in each answer. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, one) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

/** The plan is not carried out. Exit code 1, with every difference as an item. */
export function planIsStale(path: string, differences: readonly string[]): UserError {
  const most = 12;
  return new UserError({
    code: 'plan-is-stale',
    what: `The plan in ${path} was not carried out`,
    why: 'the cluster is not as it was when the plan was made',
    items: [
      ...differences.slice(0, most),
      ...(differences.length > most ? [`and ${differences.length - most} more`] : []),
    ],
    remedy: [`dcos calico diff --out ${path}     makes it anew, to be reviewed again`],
    data: { differences },
  });
}
