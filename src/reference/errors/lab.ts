import { EXIT } from '../../errors.ts';
import type { ErrorSection } from './types.ts';

const failed = [EXIT.failed] as const;

export const LAB: ErrorSection = {
  title: 'The practice cluster',
  about: 'It runs on this machine alone; no cluster is concerned.',
  entries: {
    'rehearsal-fault': {
      what: '--fault … cannot be used',
      why: 'There is no fault of that name, no agent of that address, or a time or share where it has none.',
      todo: '`dcos calico lab rehearse --list-faults`.',
      exits: [EXIT.usage],
    },
    'rehearsal-step-time': {
      what: '--step-time … cannot be used',
      why: 'It is not a step with seconds, least and most.',
      todo: '`--step-time node=20-90`.',
      exits: [EXIT.usage],
    },
    'rehearsal-inventory': {
      what: 'FILE cannot be rehearsed',
      why: 'It is not an inventory, or a part of it is missing; nothing of it is guessed.',
      todo: '`dcos calico lab rehearse --save-inventory FILE` where the cluster is attached.',
      exits: [EXIT.usage],
    },
    'rehearsal-version': {
      what: 'DC/OS … cannot be rehearsed',
      why: 'The lab cannot be that version.',
      todo: 'The error names those that it can be.',
      exits: [EXIT.usage],
    },
    'rehearsal-installed': {
      what: 'What is installed cannot be rehearsed',
      why: 'The options that `/calico/options` holds cannot be read: somebody has edited them.',
      todo: '`dcos calico status`.',
      exits: failed,
    },
    'lab-runs': {
      what: 'The lab was not started',
      why: 'One is running already.',
      todo: '`dcos calico lab status`, `dcos calico lab stop`.',
      exits: failed,
    },
    'lab-hosts-count': {
      what: 'N of M hosts cannot be public agents',
      why: '`--public` is more than `--hosts`.',
      todo: '`dcos calico lab start --help`.',
      exits: [EXIT.usage],
    },
    'lab-died': {
      what: 'The lab was not started',
      why: 'Its process ended at once.',
      todo: '`dcos calico lab start --foreground` shows why.',
      exits: failed,
    },
    'lab-silent': {
      what: 'The lab at URL does not answer',
      why: 'Its process hangs, or was stopped.',
      todo: '`dcos calico lab stop`.',
      exits: failed,
    },
    'lab-stays': {
      what: 'The lab did not end',
      why: 'Its process lives on.',
      todo: 'End that process; its number is named.',
      exits: failed,
    },
    'lab-directory': {
      what: 'The lab cannot use DIRECTORY',
      why: 'Something is there that no lab has put there, or it belongs to another user.',
      todo: 'Move it away, or set `DCOS_CALICO_LAB_DIR` to another path.',
      exits: failed,
    },
    'lab-surprises': {
      what: 'The lab has too few agents for so many surprises',
      why: 'Each surprise that is about an agent takes a private agent of its own.',
      todo: '`dcos calico lab start --private N`.',
      exits: [EXIT.usage],
    },
    'lab-faults': {
      what: 'The faults in FILE cannot be used',
      why: 'The file is not JSON, or has a key or a kind of fault that there is not.',
      todo: 'What is possible is named with the error.',
      exits: [EXIT.usage],
    },
    'lab-hosts-impossible': {
      what: 'Hosts cannot be run on this machine',
      why: 'Real hosts as systemd-nspawn machines need Linux, root and some programs; what is missing is named.',
      todo: 'Install it, or use the ordinary lab, which needs none of it.',
      exits: failed,
    },
    'lab-hosts-run': {
      what: 'Hosts cannot be started',
      why: 'A lab of hosts is running on this machine already.',
      todo: '`dcos calico lab stop`.',
      exits: failed,
    },
    'lab-hosts-network': {
      what: 'Hosts cannot be started',
      why: 'This machine has routes into all networks that the hosts could have.',
      todo: 'Take one of them away.',
      exits: failed,
    },
    'lab-hosts-port': {
      what: 'Hosts cannot be started',
      why: 'Something on this machine listens on a port of all addresses that the hosts need.',
      todo: 'Stop it; how to find it is said with the error.',
      exits: failed,
    },
    'lab-host-boot': {
      what: 'The host ADDRESS did not start',
      why: 'Its systemd did not come up; its last words are shown.',
      todo: 'Start the lab again; report it if it stays so.',
      exits: failed,
    },
    'lab-rootfs': {
      what: 'The root file system of the hosts could not be made',
      why: 'The packages could not be fetched.',
      todo: 'See that this machine reaches a Debian mirror, then try again.',
      exits: failed,
    },
  },
};
