// A script that sets Calico up at an agent's first boot, for machine images and autoscaling groups: it runs the very commands that
// the steps' tasks run, with the environment that they would have, so that an install later finds everything as it wants it.
import type { Options } from '../../options/types.ts';
import { STEPS } from '../registry.ts';
import boot from './boot.sh';

const END = 'DCOS_CALICO_END_OF_STEP';

/** A script for any POSIX sh. No option is read as shell. `made`: where it is from, one line for its head. */
export function bootScript(options: Options, made: string): string {
  const steps = STEPS.filter((step) => step.isEnabled(options));
  const environments = steps.map((step) => {
    const name = functionOf(step.name);
    const lines = Object.entries(step.environment(options, 'present')).map(
      ([key, value]) => `  export ${key}=${quoted(value)}`,
    );
    return `environment_of_${name}() {\n${lines.join('\n')}\n}\n`;
  });
  const starts = steps.map(
    (step) => `start ${step.name} ${functionOf(step.name)} <<'${END}'\n${step.script.trimEnd()}\n${END}\n`,
  );
  return [
    '#!/bin/sh',
    "# Sets Calico up at this agent's first boot, and does nothing on an agent that has it.",
    `# ${made.replace(/[\r\n]/g, ' ')}`,
    '# To be run as root, after Docker and DC/OS have started. What stands between the marks are the commands of the steps,',
    '# as Marathon runs them; the exit code is 0 when all of them are ready.',
    '',
    boot.trimEnd(),
    '',
    ...environments,
    'begin',
    '',
    ...starts,
    'wait_for_all',
    '',
  ].join('\n');
}

const functionOf = (name: string) => name.replaceAll('-', '_');

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
