// A task's command as Marathon gets it: the shell part that all share, the Python written to the sandbox, the step's own shell part.
import core from './host/core.py';
import leave from './host/leave.sh';
import { lean } from './lean.ts';
import prelude from './prelude.sh';

const END = 'DCOS_CALICO_END_OF_PROGRAM';

/**
 * The text of a `cmd`. `parts` are Python texts, run as one program after the core.
 * It holds no option: those come by the environment, so that no value can ever be read as shell or Python.
 */
export function assemble(name: string, script: string, ...parts: string[]): string {
  const program = lean([core, ...parts].join('\n'));
  return [
    prelude.trimEnd(),
    `step=${name}`,
    `cat >./step.py <<'${END}'`,
    program.trimEnd(),
    END,
    leave.trimEnd(),
    script.trimEnd(),
    '',
  ].join('\n');
}
