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
