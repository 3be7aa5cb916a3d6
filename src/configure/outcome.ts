// What comes of the answers: the file, what an install with it would do, and the commands.
import { stops } from '../checks/run.ts';
import type { Finding } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { Plan } from '../plan/types.ts';
import { prepareInstall } from '../rollout/install.ts';
import { commandLine } from '../rollout/who.ts';
import { fileText, type Result, resultOf } from '../wizard/result.ts';
import type { EndpointTest } from '../wizard/types.ts';
import type { Walked } from '../wizard/walk.ts';

export interface Outcome {
  result: Result;
  plan: Plan | undefined;
  findings: readonly Finding[];
  commands: { withFile: string; withoutFile: string };
  /** The file's text. */
  text: string;
  /** Whether an install could go on now. */
  installs: boolean;
  /** Commands to type next. */
  next: string[];
  test: EndpointTest | undefined;
}

/** Looks at the cluster once more, with the options as they would be. Reads only. */
export async function outcomeOf(
  cluster: Cluster,
  walked: Walked,
  { file, marathon }: { file: string; marathon: string },
  now: number,
): Promise<Outcome> {
  const result = resultOf(walked);
  const words = marathon === 'marathon' ? [] : ['--marathon', marathon];
  const commands = {
    withFile: commandLine(['install', '--options', file, ...words]),
    withoutFile: commandLine(['install', ...result.settings.flatMap((text) => ['--set', text]), ...words]),
  };
  const request = { sources: { flags: result.document }, who: '', command: '', message: '' };
  const found = await prepareInstall(cluster, request, now);
  const prepared = 'prepared' in found ? found.prepared : undefined;
  const findings = 'prepared' in found ? found.prepared.findings : found.forbidden;
  const plan = prepared?.plan;
  const stopped = stops(findings) || plan === undefined || plan.kind === 'refused' || plan.kind === 'nothing';
  return {
    result,
    plan,
    findings,
    commands,
    text: fileText(result.document),
    installs: !stopped,
    next: [...result.before, commands.withFile],
    test: walked.end.test,
  };
}

/** The one document of `configure --json`; its schema is schemas/configure.json. */
export function configureDocument(outcome: Outcome, file: string, written: boolean) {
  const { result, plan, findings, commands, test, next } = outcome;
  return {
    file,
    written,
    options: result.document,
    answers: result.answers,
    differences: result.differences.map(({ path, before, after }) => ({
      path,
      default: before,
      value: after,
    })),
    warnings: result.warnings.map(({ path, what, remedy }) => ({
      path,
      what,
      ...(remedy ? { remedy } : {}),
    })),
    ...(test ? { endpoints: test } : {}),
    ...(plan
      ? {
          plan: {
            kind: plan.kind,
            ...(plan.refusal ? { refusal: { code: plan.refusal.code, what: plan.refusal.what } } : {}),
            agents: plan.numbers.hostsChanged,
            waves: plan.waves.length,
            leftOut: plan.leftOut.length,
            tasksStarted: plan.numbers.tasksStarted,
            tasksReplaced: plan.numbers.tasksReplaced,
            seconds: plan.numbers.seconds,
          },
        }
      : {}),
    findings,
    command: commands.withFile,
    commandWithoutFile: commands.withoutFile,
    next,
  };
}
