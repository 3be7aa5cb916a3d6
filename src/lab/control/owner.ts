// Who started the lab: it ends when they do.
import { isSame, type ProcessFacts, processFacts } from './processes.ts';

/** What stands between a shell and this program: the DC/OS CLI, Node, npm, and the shells that npm runs scripts in. */
const BETWEEN = /^(dcos|dcos-calico|node|npm|npx|MainThread)(\.exe)?$|^(npm|npx) /;
const SHELL = /^-?(sh|bash|dash|zsh|ksh|fish)$/;

/** The nearest process above `pid` that is a person's or a script's own: a shell, mostly. */
export function findOwner(
  pid: number,
  facts: (pid: number) => ProcessFacts | undefined = processFacts,
): ProcessFacts | undefined {
  let current = facts(pid);
  while (current && current.parent > 1) {
    const parent = facts(current.parent);
    if (!parent || !isBetween(parent, facts)) return parent;
    current = parent;
  }
  return undefined;
}

function isBetween(one: ProcessFacts, facts: (pid: number) => ProcessFacts | undefined): boolean {
  if (BETWEEN.test(one.name)) return true;
  if (!SHELL.test(one.name)) return false;
  const above = facts(one.parent);
  if (!above) return false;
  // A fork of the shell for `$(…)` or `(…)` is gone as soon as that is done: it has its parent's command line.
  if (above.name === one.name && above.command === one.command) return true;
  return BETWEEN.test(above.name) && /\bnp[mx]\b/.test(above.command) && / -c /.test(one.command);
}

/** Calls `gone` once the process has ended. */
export function watchOwner(owner: { pid: number; started: string }, gone: () => void): { stop(): void } {
  const timer = setInterval(() => {
    if (isSame(owner.pid, owner.started)) return;
    clearInterval(timer);
    gone();
  }, 1000);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
