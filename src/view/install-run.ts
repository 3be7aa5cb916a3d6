// Shows an install as it goes: findings, plan, question, progress, end.
import type { Finding } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, type ExitCode, UserError } from '../errors.ts';
import { agentChanges } from '../plan/agent-changes.ts';
import { LEFT_ALONE_KINDS } from '../plan/left-alone.ts';
import type { Time } from '../rollout/carry-out.ts';
import type { Listener } from '../rollout/events.ts';
import { goingOn } from '../rollout/going-on.ts';
import { carryInstall, type InstallRequest, type Prepared, prepareInstall } from '../rollout/install.ts';
import { type PlanFile, planDifferences, planIsStale, readPlanFile } from '../rollout/plan-file.ts';
import type { RolloutState } from '../rollout/state.ts';
import { nothingToDo } from '../rollout/summary.ts';
import { inEarnest } from '../rollout/who.ts';
import { asking, NOTHING_CHANGED } from './asking.ts';
import { differencesText } from './differences.ts';
import { besidesThePlan, findingsText, WHEN_MENDED } from './findings.ts';
import { installDocument } from './install-json.ts';
import { warningLines } from './options.ts';
import { headline, planText } from './plan.ts';
import { tidy } from './preflight-run.ts';
import { plainProgress } from './progress-plain.ts';
import { nextLines } from './status.ts';
import { summaryText } from './summary.ts';
import type { Terminal } from './terminal.ts';

export interface InstallFlags {
  dryRun: boolean;
  yes: boolean;
  json: boolean;
  pauseAfterCanary: boolean;
  /** ms since 1970. */
  until?: number;
  /** Ask no agent beforehand. */
  apiOnly?: boolean;
  /** Agents that are read at most of those that were asked. */
  readAtMost?: number;
  /** A plan file: what was reviewed is carried out, or nothing is. */
  plan?: string;
  programVersion?: string;
  /** Who carries it on, for whoever looks from elsewhere. */
  who?: string;
}

export interface InstallView {
  out: Terminal;
  talk: Terminal;
  print(text: string): void;
  say(text: string): void;
  /** Asks; or throws where there is nobody to ask. */
  confirm(question: string): Promise<boolean>;
  /** What Ctrl-C leaves behind from now on. */
  onInterrupt(line: () => string | Promise<string>): void;
  /** Rows that are redrawn, where a person sits in front of them; loaded only then. */
  draw?: typeof import('./progress-listr.ts').drawnProgress;
  stream: NodeJS.WriteStream;
  /** Hears what is shown as well: a rehearsal reckons from it. */
  watch?: Listener;
  /** Where `--report` keeps what happens. */
  report?: import('../report/run-report.ts').RunReport;
}

/** How a report shows each outcome. */
const TONES = { done: 'good', stopped: 'bad', paused: 'attention', 'nothing to do': 'good' } as const;

export interface Ended {
  exit: ExitCode;
  document: unknown;
}

/** Runs an install and returns its exit code and its document. Throws UserError for what could not be done. */
export async function runInstall(
  cluster: Cluster,
  request: InstallRequest,
  flags: InstallFlags,
  time: Time,
  view: InstallView,
): Promise<Ended> {
  view.onInterrupt(() => NOTHING_CHANGED);
  const reviewed = flags.plan === undefined ? undefined : await readPlanFile(flags.plan);
  const preparation = await prepareInstall(
    cluster,
    {
      ...request,
      ...(flags.apiOnly ? {} : { ask: asking(cluster, time, view, flags.readAtMost) }),
      ...(reviewed ? { reviewed } : {}),
    },
    time.now(),
  );
  const again = inEarnest(request.command);
  if ('forbidden' in preparation) return stopped(undefined, preparation.forbidden, again, view);
  view.onInterrupt(() => NOTHING_CHANGED);
  await reportPlan(preparation.prepared, view);
  const prepared = asReviewed(cluster, preparation.prepared, reviewed, flags);
  const ended = await shown(prepared, { ...flags, again }, view);
  if (ended) {
    await tidy(cluster, prepared, time);
    return ended;
  }
  return carry(cluster, prepared, { ...flags, who: request.who }, time, view);
}

/** What comes of a plan is loaded only for whoever wants a report. */
async function reportPlan(prepared: Prepared, { report }: InstallView): Promise<void> {
  if (report) report.planned((await import('../report/planned.ts')).plannedInstall(prepared));
}

/** Throws `plan-is-stale` unless the plan is what was reviewed. */
function asReviewed(
  cluster: Cluster,
  prepared: Prepared,
  reviewed: PlanFile | undefined,
  flags: InstallFlags,
): Prepared {
  if (!reviewed) return prepared;
  const differences = planDifferences(reviewed, prepared, cluster.url, flags.programVersion ?? '');
  if (differences.length > 0) throw planIsStale(flags.plan!, differences);
  return { ...prepared, plan: prepared.carried ?? prepared.plan };
}

/** Shows what would be done and asks; what it ended with, if it is not to be done. */
async function shown(
  prepared: Prepared,
  flags: InstallFlags & { again: string },
  view: InstallView,
): Promise<Ended | undefined> {
  const { plan, findings, options } = prepared;
  for (const line of warningLines(prepared.optionWarnings, view.talk)) view.say(line);
  if (plan.refusal) {
    if (plan.differences.length > 0) view.print(differencesText(plan.differences, view.out));
    const { code, what, why, remedy, exit } = plan.refusal;
    throw new UserError({ code, what, why, remedy, exit, data: installDocument(plan, findings) });
  }
  showFindings(findings, view);
  if (prepared.stopped) return stopped(prepared, findings, flags.again, view);
  const changes = prepared.hosts ? agentChanges(plan, prepared.hosts, options) : undefined;
  view.print(planText(plan, options, view.out, changes));
  if (plan.kind === 'nothing') return nothing(prepared, view);
  if (flags.dryRun) return dryRun(prepared, flags.again, view);
  if (!flags.yes && !(await view.confirm('Go ahead?'))) {
    view.say('Nothing was changed');
    view.report?.ended({ tone: 'idle', what: 'Nothing was changed: the answer was no', exit: EXIT.failed });
    return { exit: EXIT.failed, document: installDocument(plan, findings) };
  }
  return undefined;
}

/** What is in the way, or may be; what is only good to know has its own command. */
function showFindings(findings: readonly Finding[], view: InstallView): void {
  const worth = findings.filter(({ severity }) => severity !== 'informs');
  if (worth.length > 0) view.print(`${findingsText(worth, view.out)}\n`);
  const notes = besidesThePlan(findings).length - worth.length;
  if (notes > 0)
    view.say(`${notes} ${notes === 1 ? 'note' : 'notes'} of the preflight: dcos calico preflight`);
}

function stopped(
  prepared: Prepared | undefined,
  findings: readonly Finding[],
  again: string,
  view: InstallView,
): Ended {
  if (!prepared) view.print(findingsText(findings, view.out));
  const count = findings.filter(({ severity }) => severity === 'stops').length;
  const what = `Preflight stops it: ${count} ${count === 1 ? 'finding' : 'findings'} to mend first. Nothing was changed`;
  view.say(what);
  for (const line of nextLines([`${again}${WHEN_MENDED}`])) view.say(line);
  view.report?.ended({
    tone: 'bad',
    what,
    ...(prepared ? {} : { more: findings.map((finding) => `${finding.code}: ${finding.what}`) }),
    next: [again],
    exit: EXIT.preflightFailed,
  });
  return { exit: EXIT.preflightFailed, document: installDocument(prepared?.plan, findings) };
}

function nothing({ plan, findings }: Prepared, view: InstallView): Ended {
  const left = plan.leftOut.filter(({ kind }) => !LEFT_ALONE_KINDS.has(kind)).length;
  const summary = nothingToDo(left, plan.keptFor !== undefined);
  for (const line of nextLines(summary.next)) view.say(line);
  view.report?.ended({ tone: 'good', what: headline(plan), next: summary.next, exit: summary.exit });
  return { exit: summary.exit, document: installDocument(plan, findings, { summary }) };
}

/** As with `diff`: 7 says that something would change. */
function dryRun({ plan, findings }: Prepared, again: string, view: InstallView): Ended {
  view.say('Nothing was changed (--dry-run)');
  for (const line of nextLines([again])) view.say(line);
  view.report?.ended({
    tone: 'idle',
    what: 'Only planned: nothing was changed (--dry-run)',
    next: [again],
    exit: EXIT.changesPending,
  });
  return { exit: EXIT.changesPending, document: installDocument(plan, findings) };
}

async function carry(
  cluster: Cluster,
  prepared: Prepared,
  flags: InstallFlags,
  time: Time,
  view: InstallView,
): Promise<Ended> {
  const { plan, findings } = prepared;
  const draw = view.talk.interactive && !flags.json ? view.draw : undefined;
  const drawn = draw?.(plan.waves, view.stream, view.talk.colour);
  const show = drawn?.listener ?? plainProgress((line) => view.say(line));
  let seen: RolloutState | undefined;
  view.onInterrupt(() => {
    drawn?.abandon();
    return goingOn(seen);
  });
  try {
    const { status, summary } = await carryInstall(cluster, prepared, {
      time,
      listener: (event, state) => {
        seen = state;
        show(event, state);
        view.report?.take(event, state);
        view.watch?.(event, state);
      },
      pauseAfterCanary: flags.pauseAfterCanary,
      ...(flags.until === undefined ? {} : { until: flags.until }),
      ...(flags.who === undefined ? {} : { who: flags.who }),
    });
    await drawn?.close();
    view.print(summaryText(summary, view.out));
    for (const line of nextLines(summary.next)) view.say(line);
    view.report?.ended(
      {
        tone: summary.outcome === 'done' && summary.exit !== EXIT.done ? 'attention' : TONES[summary.outcome],
        what: summary.what,
        next: summary.next,
        exit: summary.exit,
      },
      status,
    );
    return { exit: summary.exit, document: installDocument(plan, findings, { summary, status }) };
  } finally {
    await drawn?.close();
  }
}
