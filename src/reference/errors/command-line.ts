import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const exits = [EXIT.usage] as const;

export const COMMAND_LINE: ErrorSection = {
  title: 'The command line',
  about: 'Nothing was asked of the cluster and nothing was changed.',
  entries: {
    'unknown-command': {
      what: 'dcos calico has no command "WORD"',
      why: 'A command was mistyped, or is of another version.',
      todo: 'The nearest command is named. `dcos calico --help` lists all.',
      exits,
    },
    'calicoctl-command': {
      what: 'dcos calico has no command "get"',
      why: "The command is one of calicoctl's. DC/OS from 2.1 on has those as `dcos calico`, for the Calico that it brings; where its core plugin is beside this one, they reach it. This cluster's has none.",
      todo: 'calicoctl itself does it, on an agent or wherever etcd can be reached.',
      exits,
    },
    'unknown-flag': {
      what: 'dcos calico COMMAND has no flag FLAG',
      why: 'A flag was mistyped, or belongs to another command.',
      todo: 'The nearest flag is named. The help of the command lists all.',
      exits,
    },
    'unexpected-argument': {
      what: 'dcos calico COMMAND takes no further argument, and got "WORD"',
      why: 'There are more words than the command takes; often a value whose flag is missing.',
      todo: 'See the usage in the help of the command.',
      exits,
    },
    'missing-argument': {
      what: 'dcos calico COMMAND needs ARGUMENT',
      why: 'An argument that has no default was left out.',
      todo: 'See the usage in the help of the command.',
      exits,
    },
    'bad-argument': {
      what: '"WORD" is not possible here',
      why: 'The argument is one of a few words, such as the name of a step.',
      todo: 'The words that are possible and the nearest of them are named.',
      exits,
    },
    'bad-flag-value': {
      what: 'FLAG cannot be "VALUE"',
      why: 'The value is not of the kind that the flag takes: one of a few words, or a whole number within bounds.',
      todo: 'What is possible is named with the error.',
      exits,
    },
    'missing-flag-value': {
      what: 'FLAG needs a value',
      why: 'The flag stands at the end, or another flag follows it.',
      todo: 'Write `FLAG VALUE` or `FLAG=VALUE`.',
      exits,
    },
    'repeated-flag': {
      what: 'FLAG can be given once only',
      why: 'A flag that takes one value stands twice.',
      todo: 'Leave one out. Flags that may be given several times say so in the help.',
      exits,
    },
    flags: {
      what: 'FLAG is required, or does not go together with another one',
      why: 'Two flags exclude each other, or one needs another.',
      todo: 'The flags are named with the error.',
      exits,
    },
    usage: {
      what: 'The command line cannot be understood',
      why: 'It has a fault that has no code of its own.',
      todo: 'See the help of the command.',
      exits,
    },
    'bad-duration': {
      what: '"VALUE" is not a duration',
      why: 'A duration is numbers with s, m, h or d.',
      todo: 'Write it as `90s`, `10m` or `1h30m`.',
      exits,
    },
    'bad-time': {
      what: '--until VALUE cannot be used',
      why: 'It is neither a time of day, nor a duration, nor an ISO time, or it is past.',
      todo: 'Write `--until 22:00`, `--until 2h` or `--until 2026-11-24T22:00:00Z`.',
      exits,
    },
    'bad-canary': {
      what: '--canary VALUE cannot be used',
      why: 'It is neither a count, nor a percentage, nor addresses of agents.',
      todo: 'Write `--canary 2`, `--canary 5%` or `--canary 10.0.1.11,10.0.2.20`.',
      exits,
    },
    'bad-version': {
      what: '--for-dcos VALUE, or --for-docker VALUE, cannot be used',
      why: 'It is no version.',
      todo: 'Write `--for-dcos 2.1`, `--for-docker 23.0`.',
      exits,
    },
    'bad-plugin-address': {
      what: '--plugin URL cannot be used',
      why: "Mesos' fetcher would not take the address, or would not unpack what it fetches: that has to end in `.zip`, without a query behind it.",
      todo: 'Put the zip where agents can fetch it, and write `--plugin https://files.example/dcos-calico-linux-x64.zip`.',
      exits,
    },
    'no-such-check': {
      what: '--ignore CODE cannot be used',
      why: 'There is no check of that code.',
      todo: '`dcos calico preflight` shows the code of each finding.',
      exits,
    },
    'bad-service-name': {
      what: '"NAME" is not the name of a service',
      why: '`--marathon` takes the name of a service, not an address.',
      todo: '`dcos service list` lists the services.',
      exits,
    },
    'bad-setting': {
      what: 'The setting calico.timeout cannot be "VALUE"',
      why: 'It is a number of seconds from 1 to 3600.',
      todo: '`dcos config set calico.timeout 120`, or `dcos config unset calico.timeout`.',
      exits,
    },
    'not-confirmed': {
      what: 'SOMETHING must be confirmed, and there is nobody to ask',
      why: 'The command asks before it changes the cluster; there is no terminal, or `--json` was given.',
      todo: 'Add `--yes`, or look first with `--dry-run`.',
      exits,
    },
  },
};
