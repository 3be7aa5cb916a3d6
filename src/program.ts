// The commands: a file of its own beside the program's entry, loaded when one of them is run (src/cli/run.ts).
export { COMMANDS } from 'virtual:commands';
export { runCommand } from './cli/commands.ts';
