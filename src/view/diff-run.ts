// A diff as it is run: what an install would change, and the plan file that an install can carry out.
import { hopeless } from '../checks/run.ts';
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, UserError } from '../errors.ts';
import { agentChanges } from '../plan/agent-changes.ts';
import type { Time } from '../rollout/carry-out.ts';
import { planFileOf, writePlanFile } from '../rollout/plan-file.ts';
import type { InstallRequest } from '../rollout/prepare.ts';
import { inEarnest } from '../rollout/who.ts';
import { diffDocument } from './diff-json.ts';
import { findingsText, WHEN_MENDED } from './findings.ts';
import { installDocument } from './install-json.ts';
import { warningLines } from './options.ts';
import { planText } from './plan.ts';
import { type Ended, type LookFlags, type LookView, prepareOnly } from './preflight-run.ts';
import { nextLines } from './status.ts';
import { wrap } from './wrap.ts';

export interface DiffFlags extends LookFlags {
  /** Where the plan is written. */
  out?: string;
  programVersion: string;
}

/** Throws for what stops the plan itself, as `install` does. */
export async function runDiff(
  cluster: Cluster,
  request: InstallRequest,
  flags: DiffFlags,
  time: Time,
  view: LookView,
): Promise<Ended> {
  const preparation = await prepareOnly(cluster, request, flags, time, view);
  if ('forbidden' in preparation) {
    view.print(findingsText(preparation.forbidden, view.out));
    return { exit: EXIT.preflightFailed, document: installDocument(undefined, preparation.forbidden) };
  }
  const { prepared } = preparation;
  const { plan, findings, options, hosts } = prepared;
  for (const line of warningLines(prepared.optionWarnings, view.out)) view.say(line);
  if (plan.refusal) {
    const { code, what, why, remedy, exit } = plan.refusal;
    throw new UserError({ code, what, why, remedy, exit, data: installDocument(plan, findings) });
  }
  const changes = agentChanges(plan, hosts, options);
  const nothing = plan.kind === 'nothing';
  const stopping = findings.filter(({ severity, waived }) => severity === 'stops' && !waived);
  if (stopping.length > 0) view.print(`${findingsText(stopping, view.out)}\n`);
  if (hopeless(findings)) {
    view.say('Nothing was changed, and nothing could be');
    return { exit: EXIT.preflightFailed, document: diffDocument(prepared, changes) };
  }
  view.print(planText(plan, options, view.out, changes));
  if (stopping.length > 0)
    view.print(
      wrap(
        'An install stops at what stands above, and changes nothing; all findings: dcos calico preflight',
        view.out.width,
      ).join('\n'),
    );
  const file = planFileOf(prepared, request, {
    url: cluster.url,
    program: flags.programVersion,
  });
  if (flags.out !== undefined) {
    await writePlanFile(flags.out, file);
    view.say(`The plan is in ${flags.out}; it is carried out as it is, or not at all`);
  }
  view.say('Nothing was changed');
  const next =
    flags.out === undefined ? inEarnest(request.command) : `dcos calico install --plan ${flags.out}`;
  const mended = stopping.length > 0 ? WHEN_MENDED : '';
  for (const line of nextLines(nothing ? ['dcos calico status'] : [`${next}${mended}`])) view.say(line);
  return {
    exit: nothing ? EXIT.done : EXIT.changesPending,
    document: diffDocument(prepared, changes),
  };
}
