// Plays a command on the stage of a rehearsal: the same run, the same screens, and in the end what it came to.
import type { ExitCode } from '../errors.ts';
import { CourseRecorder } from '../rehearsal/course.ts';
import type { Inventory } from '../rehearsal/inventory.ts';
import { openStage, type StageSpec } from '../rehearsal/stage.ts';
import type { InstallRequest } from '../rollout/prepare.ts';
import type { UninstallRequest } from '../rollout/uninstall.ts';
import { type InstallFlags, type InstallView, runInstall } from './install-run.ts';
import { rehearsalHeading, rehearsalText } from './rehearsal.ts';
import { runUninstall, type UninstallFlags } from './uninstall-run.ts';

export type Rehearsed =
  | { command: 'install'; request: InstallRequest; flags: InstallFlags }
  | { command: 'uninstall'; request: Omit<UninstallRequest, 'ask'>; flags: UninstallFlags };

export interface RehearseRequest extends StageSpec {
  rehearsed: Rehearsed;
  /** `--fault`, as given. */
  chosen: readonly string[];
  /** Whether the inventory comes from a file. */
  saved: boolean;
  /** What it rests on, beyond the inventory's own. */
  notes: readonly string[];
}

export interface RehearseView extends Pick<InstallView, 'out' | 'talk' | 'print' | 'say' | 'stream'> {}

/** @returns the exit code with which the rehearsed command would end */
export async function runRehearsal(
  request: RehearseRequest,
  view: RehearseView,
): Promise<{ exit: ExitCode; document: unknown }> {
  const { inventory, seed, rehearsed, chosen, times } = request;
  view.say(`Rehearses on a lab in this process: ${rehearsalHeading(inventory, request.saved)}`);
  const stage = await openStage(request);
  try {
    const recorder = new CourseRecorder(stage.began, () => stage.time.now());
    const played: InstallView = {
      ...view,
      confirm: async () => true,
      // Ctrl-C ends the rehearsal, and the cluster was never concerned.
      onInterrupt: () => undefined,
      watch: recorder.listener,
    };
    // What is installed was let stand before the command began: its time of day moves with it.
    const later = stage.began - request.start;
    const { until } = rehearsed.flags;
    if (until !== undefined) rehearsed.flags.until = until + later;
    const ended =
      rehearsed.command === 'install'
        ? await runInstall(stage.cluster, rehearsed.request, rehearsed.flags, stage.time, played)
        : await runUninstall(stage.cluster, rehearsed.request, rehearsed.flags, stage.time, played);
    const course = recorder.course(inventory, stage.restarted());
    const notes = [...inventory.notes, ...request.notes, ...paceNotes(inventory)];
    const { missed } = stage;
    const namesKnown = inventory.dockerKnown;
    view.print(`\n${rehearsalText(course, { notes, seed, namesKnown, missed }, view.out)}`);
    return {
      exit: ended.exit,
      document: {
        rehearsed: rehearsed.request.command,
        ...cluster(inventory),
        seed,
        faults: chosen,
        stepTimes: { ...times.work, restart: times.restart },
        ...course,
        didNotHappen: missed,
        notes,
        exit: ended.exit,
        result: ended.document,
      },
    };
  } finally {
    await stage.stop();
  }
}

/** Agents from which on the start of their tasks is a matter of Marathon's pace. */
const MANY = 200;

/** The lab's Marathon starts tasks faster than one that was measured: of few it makes no difference. */
function paceNotes({ agents }: Inventory): string[] {
  if (agents.length < MANY) return [];
  return [
    "The lab's Marathon starts about 90 tasks a second; yours may start 12, as one on a small machine did, with which the plan above reckons",
  ];
}

function cluster({ url, dcos, marathon, read, agents }: Inventory) {
  return { cluster: { url, dcos, marathon, read, agents: agents.length } };
}
