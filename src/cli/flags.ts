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
