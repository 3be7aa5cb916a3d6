// Flags that several commands share.
import { Flags } from '@oclif/core';

/** `--marathon NAME`, for commands that speak to Marathon. */
export const MARATHON_FLAG = Flags.string({
  description: 'Use another Marathon than the one named marathon',
  helpValue: 'NAME',
  default: 'marathon',
});

/** `--yes`, for commands that ask. */
export const YES_FLAG = Flags.boolean({ char: 'y', description: 'Ask nothing, take yes for an answer' });

/** `--until TIME`, read as ms since 1970. */
export const UNTIL_FLAG = Flags.custom<number>({
  description: 'Begin no agent after TIME (22:00, 2h, an ISO time)',
  helpValue: 'TIME',
  parse: async (text) => (await import('../rollout/flags.ts')).untilTime(text, Date.now()),
})();

/** `--agent AGENT,…`, for what each command does to those alone. */
export function agentFlag(description: string) {
  return Flags.string({ description, helpValue: 'AGENT,…', multiple: true, multipleNonGreedy: true });
}

export const MESSAGE_FLAG = Flags.string({
  char: 'm',
  description: 'Why, for the record',
  helpValue: 'TEXT',
});

/** `--options FILE` and `--set OPTION=VALUE`, for commands that take options. */
export const OPTIONS_FLAGS = {
  options: Flags.string({
    description: 'Read options from this file (JSON); - is standard input',
    helpValue: 'FILE',
  }),
  set: Flags.string({
    description: 'Set one option; wins over the file',
    helpValue: 'OPTION=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
};

/** What `preflight`, `diff` and `install` have in common: which agents are left alone, who is asked, and what does not stop. */
export const LOOK_FLAGS = {
  exclude: agentFlag('Leave this agent alone'),
  ignore: Flags.string({
    description: 'Do not stop for what this check finds; it is told all the same',
    helpValue: 'CODE,…',
    multiple: true,
    multipleNonGreedy: true,
  }),
  'api-only': Flags.boolean({ description: 'Ask the APIs alone: start no task that looks at the agents' }),
  ask: Flags.integer({
    description: 'Read the answers of at most so many agents; those with something to tell first',
    helpValue: 'N',
    default: 1000,
    min: 1,
  }),
};

export const REPORT_FLAG = Flags.string({
  description:
    'Write a page for a change ticket: what was planned, what happened, what it disturbed, the state then',
  helpValue: 'FILE.html',
});
