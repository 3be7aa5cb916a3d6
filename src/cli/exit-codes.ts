import { EXIT, type ExitCode } from '../errors.ts';

/** What each exit code means, as help and the reference print it. */
export const EXIT_MEANINGS: Record<ExitCode, string> = {
  [EXIT.done]: 'done, or healthy',
  [EXIT.failed]: 'failed, or a rollout was stopped by a failed agent',
  [EXIT.usage]: 'wrong usage or options',
  [EXIT.notReady]: 'all that was asked is done, but some agents are not ready',
  [EXIT.paused]: 'paused',
  [EXIT.stillGoingOn]: '--wait ended, still going on',
  [EXIT.changesPending]: 'changes pending',
  [EXIT.preflightFailed]: 'preflight failed',
  [EXIT.bug]: 'a bug in dcos calico',
  [EXIT.interrupted]: 'interrupted',
};

/** Those that every command can end with. */
export const COMMON_EXITS: readonly ExitCode[] = [
  EXIT.done,
  EXIT.failed,
  EXIT.usage,
  EXIT.bug,
  EXIT.interrupted,
];
