// A task's command as Marathon gets it: the shell part that all share, the Python written to the sandbox, the step's own shell part.
import agreed from './host/agreed.py';
import claims from './host/claims.py';
import commands from './host/commands.py';
import core from './host/core.py';
import files from './host/files.py';
import leave from './host/leave.sh';
import report from './host/report.py';
import { lean } from './lean.ts';
import prelude from './prelude.sh';

/** What every step's program begins with. */
const SHARED = [core, commands, files, agreed, claims, report];

const END = 'DCOS_CALICO_END_OF_PROGRAM';

/**
 * The text of a `cmd`. `parts` are Python texts, run as one program after what all share.
 * It holds no option: those come by the environment, so that no value can ever be read as shell or Python.
 */
export function assemble(name: string, script: string, ...parts: string[]): string {
  const program = lean([...SHARED, ...parts].join('\n'));
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
