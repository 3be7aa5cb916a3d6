// The command that is rehearsed, as the operator would type it: the rehearsal's own flags are taken out.
import { commandLine } from '../rollout/who.ts';

const WITH_VALUE = ['--fault', '--seed', '--inventory', '--save-inventory', '--step-time', '--step-times'];
const ALONE = ['--uninstall', '--json', '--list-faults', '--verbose'];

/** `dcos calico install --options=calico.json`, from the words after `lab rehearse`. */
export function rehearsedCommand(argv: readonly string[], command: 'install' | 'uninstall'): string {
  const words: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at]!;
    if (WITH_VALUE.includes(word)) at++;
    else if (!ALONE.includes(word) && !/^-v+$/.test(word) && !WITH_VALUE.includes(word.split('=')[0]!))
      words.push(word);
  }
  return commandLine([command, ...words]);
}
