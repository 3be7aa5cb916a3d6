// Shows an uninstall as it goes: what is still on Calico, plan, question, progress, end.
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, UserError } from '../errors.ts';
import type { UninstallPlan } from '../plan/uninstall.ts';
import type { AgentsPlan } from '../plan/uninstall-agents.ts';
import { isInUse, type Workloads, workloadsOf } from '../plan/workloads.ts';
import type { Time } from '../rollout/carry-out.ts';
import { askAboutNetworks, askData } from '../rollout/data-app.ts';
import { goingOn } from '../rollout/going-on.ts';
import type { RolloutState } from '../rollout/state.ts';
import { type PreparedUninstall, prepareUninstall, type UninstallRequest } from '../rollout/uninstall.ts';
import { carryUninstall, type UninstallEnd } from '../rollout/uninstall-carry.ts';
import { type UninstallSummary, uninstallSummary } from '../rollout/uninstall-summary.ts';
import type { CalicoData } from '../steps/data/report.ts';
import { asking, NOTHING_CHANGED } from './asking.ts';
import type { Ended, InstallView } from './install-run.ts';
import { plainProgress } from './progress-plain.ts';
import { nextLines } from './status.ts';
import { uninstallDocument } from './uninstall-json.ts';
import { uninstallText, withNetworks } from './uninstall-plan.ts';
import { leftovers } from './uninstall-steps.ts';
import { uninstallSummaryText } from './uninstall-summary.ts';

export interface UninstallFlags {
  dryRun: boolean;
  yes: boolean;
  json: boolean;
  force: boolean;
  forgetAgents: boolean;
  deleteNetworks: boolean;
  deleteData: boolean;
  /** Ask no agent beforehand. */
  apiOnly: boolean;
  /** ms since 1970. */
  until?: number;
}

/** Runs an uninstall and returns its exit code and its document. Throws UserError for what could not be done. */
export async function runUninstall(
  cluster: Cluster,
  request: Omit<UninstallRequest, 'ask'>,
  flags: UninstallFlags,
  time: Time,
  view: InstallView,
): Promise<Ended> {
  view.onInterrupt(() => NOTHING_CHANGED);
  const ask = flags.apiOnly ? {} : { ask: asking(cluster, time, view) };
  const preparation = await prepareUninstall(cluster, { ...request, ...ask }, time.now());
  if ('nothing' in preparation) return notInstalled(view);
  if ('refusal' in preparation) throw new UserError({ ...preparation.refusal });
  const { prepared } = preparation;
  const { plan } = prepared;
  if (plan.refusal) throw new UserError({ ...plan.refusal, data: uninstallDocument(plan, undefined) });
  const workloads = plan.kind === 'uninstall' ? await look(cluster, prepared, flags, time, view) : undefined;
  view.onInterrupt(() => NOTHING_CHANGED);
  const shown = { ...flags, restart: request.restart, workloads };
  view.print(uninstallText(plan, shown, view.out));
  if (view.report) view.report.planned((await import('../report/planned.ts')).plannedUninstall(plan, shown));
  if (workloads && isInUse(workloads) && !flags.force)
    throw inUse(workloads, uninstallDocument(plan, workloads));
  if (plan.kind === 'owed' && !flags.forgetAgents) return onlyOwed(prepared, view);
  if (flags.dryRun) {
    view.say('Nothing was changed (--dry-run)');
    for (const line of nextLines([again(plan)])) view.say(line);
    view.report?.ended({
      tone: 'idle',
      what: 'Only planned: nothing was changed (--dry-run)',
      next: [again(plan)],
      exit: EXIT.changesPending,
    });
    return { exit: EXIT.changesPending, document: uninstallDocument(plan, workloads) };
  }
  if (!flags.yes && !(await view.confirm('Take Calico off?'))) {
    view.say('Nothing was changed');
    view.report?.ended({ tone: 'idle', what: 'Nothing was changed: the answer was no', exit: EXIT.failed });
    return { exit: EXIT.failed, document: uninstallDocument(plan, workloads) };
  }
  const end = await carry(cluster, prepared, flags, time, view);
  const summary = uninstallSummary(plan, end);
  const remains = summary.outcome === 'forgotten' ? leftovers(plan.steps, plan.options) : undefined;
  view.print(uninstallSummaryText(summary, remains, view.out));
  for (const line of nextLines(summary.next)) view.say(line);
  reportEnd(summary, view, remains);
  const document = uninstallDocument(plan, workloads, { ...summary, ...(remains ? { remains } : {}) });
  return { exit: summary.exit, document };
}

/** How a report shows each outcome. */
const TONES = {
  done: 'good',
  'nothing to do': 'good',
  owed: 'attention',
  forgotten: 'attention',
  paused: 'attention',
  stopped: 'bad',
} as const;

function reportEnd(
  { outcome, what, owed, next, exit }: UninstallSummary,
  { report }: InstallView,
  remains: readonly string[] = [],
): void {
  const more = [
    ...owed.map(({ host, reason }) => `${host} still has Calico: ${reason}`),
    ...(remains.length > 0 ? [`What stays on each of them: ${remains.join('; ')}`] : []),
  ];
  report?.ended({ tone: TONES[outcome], what, more, next, exit });
}

/** The command that goes on with it. */
function again(plan: UninstallPlan | AgentsPlan): string {
  return `dcos calico uninstall${'named' in plan ? ` --agent ${plan.named.join(',')}` : ''}`;
}

function notInstalled(view: InstallView): Ended {
  const summary: UninstallSummary = {
    outcome: 'nothing to do',
    exit: EXIT.done,
    what: 'Calico is not installed on this cluster',
    owed: [],
    next: [],
  };
  view.print(summary.what);
  reportEnd(summary, view);
  return { exit: EXIT.done, document: uninstallDocument(undefined, undefined, summary) };
}

/** Whom nobody can reach: that is all there is to say. */
function onlyOwed({ plan }: PreparedUninstall, view: InstallView): Ended {
  const why = new Map(plan.outOfReach.map(({ agent, reason }) => [agent.host, reason]));
  const next = [again(plan), `${again(plan)} --forget-agents`];
  for (const line of nextLines(next)) view.say(line);
  const owed = plan.owed.map((host) => ({ host, reason: why.get(host) ?? 'Mesos does not list it' }));
  const summary = {
    outcome: 'owed' as const,
    exit: EXIT.notReady,
    what: 'Nothing could be done',
    owed,
    next,
  };
  reportEnd(summary, view);
  return { exit: EXIT.notReady, document: uninstallDocument(plan, undefined, summary) };
}

/** What is on Calico's networks; what cannot be looked at is said, and stops nothing. */
async function look(
  cluster: Cluster,
  prepared: PreparedUninstall,
  { apiOnly }: UninstallFlags,
  time: Time,
  view: InstallView,
): Promise<Workloads> {
  const { options, steps } = prepared.plan;
  const named = 'named' in prepared.plan ? new Set(prepared.plan.named) : undefined;
  // Where the instances of an app are is not the apps' to say: of single agents their endpoints tell.
  const networked = named ? [] : await cluster.marathon.networked();
  const unknown: string[] = [];
  let data: CalicoData | undefined;
  if (apiOnly) unknown.push("Docker's networks and Calico's endpoints, as no agent was asked (--api-only)");
  else if (steps.includes('node')) {
    view.say(
      'Asking one agent what Docker and Calico keep in etcd: a short task looks and is taken away again',
    );
    try {
      const asked = { cluster, snapshot: prepared.snapshot, options, prefer: stillWithIt(prepared.plan) };
      data = await askAboutNetworks({ ...asked, task: { do: 'look' }, time });
      if (data.networksUnseen) unknown.push(`Docker's networks: ${data.networksUnseen}`);
    } catch (error) {
      if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
      unknown.push(`Docker's networks and Calico's endpoints: ${error.problem.why ?? error.problem.what}`);
    }
  }
  const found = workloadsOf(networked, options.cni['network-name'], data, unknown);
  return named
    ? { ...found, networks: [], endpoints: found.endpoints.filter(({ host }) => named.has(host)) }
    : found;
}

function inUse({ apps, endpoints }: Workloads, data: Record<string, unknown>): UserError {
  const named = apps.slice(0, 3).map(({ id }) => id);
  const count = endpoints.reduce((sum, one) => sum + one.count, 0);
  const what = [
    ...(apps.length > 0
      ? [`${apps.length} of Marathon (${named.join(', ')}${apps.length > 3 ? ', …' : ''})`]
      : []),
    ...(count > 0 ? [`${count} of Calico's endpoints`] : []),
  ];
  return new UserError({
    code: 'workloads-on-calico',
    what: "Workloads are still on Calico's networks, and would lose their network",
    why: what.join(', and '),
    remedy: [
      'Move them to another network, or stop them, and run the same command again.',
      'dcos calico uninstall --force-with-workloads     takes Calico off all the same',
    ],
    data,
  });
}

/** Addresses of the agents from which it is yet to be taken off: their Docker has the store, and so the networks that all have. */
const stillWithIt = ({ waves }: UninstallPlan | AgentsPlan) =>
  waves.flatMap(({ agents }) => agents.map(({ host }) => host));

async function carry(
  cluster: Cluster,
  prepared: PreparedUninstall,
  flags: UninstallFlags,
  time: Time,
  view: InstallView,
): Promise<UninstallEnd> {
  const { plan, snapshot } = prepared;
  const tidy = async (task: 'delete networks' | 'delete data') => {
    const asked = { cluster, snapshot, options: plan.options, prefer: stillWithIt(plan) };
    const ask = task === 'delete networks' ? askAboutNetworks : askData;
    await ask({ ...asked, task: { do: task }, time });
    const said =
      task === 'delete data' ? 'Removed what Calico kept in etcd' : "Removed Docker's networks of Calico";
    view.say(said);
    view.report?.tell(said);
  };
  if (flags.deleteNetworks && plan.waves.length > 0 && withNetworks(plan.steps))
    await tidy('delete networks');
  const draw = view.talk.interactive && !flags.json ? view.draw : undefined;
  const drawn = draw?.(plan.waves, view.stream, view.talk.colour);
  const show = drawn?.listener ?? plainProgress((line) => view.say(line));
  let seen: RolloutState | undefined;
  view.onInterrupt(() => {
    drawn?.abandon();
    return goingOn(seen, again(plan));
  });
  try {
    return await carryUninstall(cluster, prepared, {
      time,
      listener: (event, state) => {
        seen = state;
        show(event, state);
        view.watch?.(event, state);
        view.report?.take(event, state);
      },
      pauseAfterCanary: false,
      forgetAgents: flags.forgetAgents,
      ...(flags.deleteData ? { beforeDrop: () => tidy('delete data') } : {}),
      ...(flags.until === undefined ? {} : { until: flags.until }),
    });
  } finally {
    await drawn?.close();
  }
}
