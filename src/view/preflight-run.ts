// A preflight as it is run: announced, shown and ended; and nothing of it stays.
import { stops } from '../checks/run.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import type { Time } from '../rollout/carry-out.ts';
import { removeEmptyGroups, removeLeftHelpers } from '../rollout/preflight-app.ts';
import { type InstallRequest, type Prepared, prepareInstall } from '../rollout/prepare.ts';
import { type AskingView, asking, NOTHING_CHANGED } from './asking.ts';
import { findingsText, verdictText, WHEN_MENDED } from './findings.ts';
import { warningLines } from './options.ts';
import { preflightDocument } from './preflight-json.ts';
import { nextLines } from './status.ts';
import { wrap } from './wrap.ts';

export interface LookFlags {
  apiOnly: boolean;
  readAtMost?: number;
}

export interface LookView extends AskingView {
  print(text: string): void;
}

export interface Ended {
  exit: ExitCode;
  document: unknown;
}

/** What it prepares is never carried out: the groups that came into being with asking go again. */
export async function prepareOnly(
  cluster: Cluster,
  request: InstallRequest,
  flags: LookFlags,
  time: Time,
  view: LookView,
) {
  view.onInterrupt(() => NOTHING_CHANGED);
  const ask = flags.apiOnly ? undefined : asking(cluster, time, view, flags.readAtMost);
  const preparation = await prepareInstall(cluster, { ...request, ...(ask ? { ask } : {}) }, time.now());
  if ('prepared' in preparation) await tidy(cluster, preparation.prepared, time);
  return preparation;
}

/** Takes away what asking left on a cluster that had nothing of ours, and what a run that was killed while it asked has left. */
export async function tidy(cluster: Cluster, { hosts, read }: Prepared, time: Time): Promise<void> {
  const { group } = read.snapshot;
  const asked = hosts !== undefined;
  await removeLeftHelpers(cluster, group, { asked, now: time.now() }).catch(() => undefined);
  if (hosts && group === undefined) await removeEmptyGroups(cluster, time).catch(() => undefined);
}

export async function runPreflight(
  cluster: Cluster,
  request: InstallRequest,
  flags: LookFlags,
  time: Time,
  view: LookView,
): Promise<Ended> {
  const preparation = await prepareOnly(cluster, { ...request, always: true }, flags, time, view);
  const prepared = 'prepared' in preparation ? preparation.prepared : undefined;
  const findings = 'prepared' in preparation ? preparation.prepared.findings : preparation.forbidden;
  for (const line of warningLines(prepared?.optionWarnings ?? [], view.out)) view.say(line);
  if (findings.length > 0) view.print(`${findingsText(findings, view.out)}\n`);
  const verdict = `Preflight: ${verdictText(findings)}; ${askedText(prepared)}. Nothing was changed`;
  view.print(wrap(verdict, view.out.width).join('\n'));
  const failed = stops(findings);
  for (const line of nextLines(nextOf(request.command, failed, prepared))) view.say(line);
  return {
    exit: failed ? EXIT.preflightFailed : EXIT.done,
    document: preflightDocument(findings, prepared),
  };
}

/** The same options again; where nothing is installed, the wizard asks for them. */
function nextOf(command: string, failed: boolean, prepared: Prepared | undefined): string[] {
  if (failed) return [`${command || 'dcos calico preflight'}${WHEN_MENDED}`];
  if (prepared?.plan.kind === 'nothing') return ['dcos calico status'];
  const as = (name: string) =>
    command
      .replace(/^dcos calico preflight(?= |$)/, `dcos calico ${name}`)
      .replace(/ --(for-dcos|for-docker)[= ]\S+/g, '')
      .replace(/ --json(?= |$)/, '');
  const fresh = prepared !== undefined && prepared.read.snapshot.installed === undefined;
  const asks = fresh && !/ (--options|--set)[= ]/.test(command);
  return [...(asks ? ['dcos calico configure'] : []), as('diff'), as('install')];
}

function askedText(prepared: Prepared | undefined): string {
  const hosts = prepared?.hosts;
  if (!hosts) return 'no agent was asked';
  const told = hosts.told.length;
  const all = told + hosts.silent.length + hosts.unread.length;
  return told === all
    ? `${all === 1 ? 'the 1 agent' : `all ${all} agents`} to be changed ${all === 1 ? 'was' : 'were'} asked`
    : `${told} of ${all} agents to be changed were read`;
}
