import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { LOOK_FLAGS, MARATHON_FLAG, OPTIONS_FLAGS } from '../../../src/cli/flags.ts';
import { EXIT } from '../../../src/errors.ts';

export default class LabRehearse extends BaseCommand {
  static override summary = 'Play an install on a copy of your cluster, in virtual time';
  static override description =
    'Reads the agents of the cluster (every request is a read), makes a lab of simulated agents from them in this process, and plays ' +
    'the install there: the same checks, plan and rollout, with modelled step times and the faults that you choose. Hours pass in seconds. ' +
    'Says how long it takes, who is disturbed, where it stops and what you would type then. Options are those of install: on a ' +
    'cluster that has Calico it plays the change. The exit code is the one with which the rehearsed command would end.';
  static override flags = {
    ...OPTIONS_FLAGS,
    ...LOOK_FLAGS,
    inventory: Flags.string({
      description: 'Rehearse on the agents of this file; no cluster is asked',
      helpValue: 'FILE',
      exclusive: ['save-inventory'],
    }),
    'save-inventory': Flags.string({
      description: 'Keep what was read of the cluster in this file as well',
      helpValue: 'FILE',
    }),
    fault: Flags.string({
      description: 'Let this go wrong; --list-faults shows what can',
      helpValue: 'KIND[@AGENTS][+TIME]',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'list-faults': Flags.boolean({ description: 'List the faults that can be chosen, and do nothing else' }),
    'step-time': Flags.string({
      description: 'Let this step work so many seconds; restart is what a restart of Docker adds',
      helpValue: 'STEP=LEAST-MOST',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'step-times': Flags.string({
      description: 'Read step times from this file: {"node": [20, 90], …}',
      helpValue: 'FILE',
    }),
    seed: Flags.integer({
      description: 'Make the same random choices as another rehearsal with this seed',
      helpValue: 'N',
      default: 1,
    }),
    uninstall: Flags.boolean({
      description: 'Rehearse an uninstall instead',
      exclusive: ['options', 'set', 'exclude', 'ignore', 'canary', 'pause-after-canary', 'leave'],
    }),
    canary: Flags.string({ description: 'As with install', helpValue: 'N|PERCENT|AGENT,…' }),
    'pause-after-canary': Flags.boolean({ description: 'As with install' }),
    'no-restart': Flags.boolean({ description: 'As with install' }),
    leave: Flags.boolean({ description: 'As with install' }),
    until: Flags.string({ description: 'As with install', helpValue: 'TIME' }),
    marathon: MARATHON_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.preflightFailed];
  static override examples = [
    {
      command: 'dcos calico lab rehearse --options=calico.json',
      description: 'The install, if all goes well',
    },
    {
      command: 'dcos calico lab rehearse --fault docker-restart@5% --fault node-fails@2',
      description: 'One agent in twenty needs its Docker restarted, two fail',
    },
    {
      command: 'dcos calico lab rehearse --inventory agents.json --fault failover+10m',
      description: 'Where no cluster is attached, from a saved inventory',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(LabRehearse);
    const [{ faultList, staged }, { stepTimes }] = await Promise.all([
      import('../../../src/rehearsal/fault-flags.ts'),
      import('../../../src/rehearsal/step-times.ts'),
    ]);
    if (flags['list-faults']) {
      const { faultListText } = await import('../../../src/view/rehearsal-faults.ts');
      this.print(faultListText(faultList(), this.out));
      return { faults: faultList() };
    }
    const now = Date.now();
    const [{ inventoryFor, rehearsedOf }, { readStepTimes }, { runRehearsal }] = await Promise.all([
      import('../../../src/cli/rehearse-request.ts'),
      import('../../../src/rehearsal/step-times-file.ts'),
      import('../../../src/view/rehearse-run.ts'),
    ]);
    const file = flags['step-times'] === undefined ? {} : await readStepTimes(flags['step-times']);
    const times = stepTimes(flags['step-time'] ?? [], file);
    const rehearsed = await rehearsedOf(flags, this.argv, {
      json: this.jsonEnabled(),
      now,
      version: this.config.version,
    });
    const connect = () => this.connect({ marathon: flags.marathon });
    const { inventory, notes } = await inventoryFor(flags, rehearsed, connect, now);
    const chosen = flags.fault ?? [];
    this.onInterrupt(() => 'Interrupted: it was a rehearsal, and nothing was changed');
    const ended = await runRehearsal(
      {
        inventory,
        faults: staged(chosen, inventory, flags.seed),
        times,
        seed: flags.seed,
        start: now,
        rehearsed,
        chosen,
        saved: flags.inventory !== undefined,
        notes,
      },
      {
        out: this.out,
        talk: this.talk,
        print: (text) => this.print(text),
        say: (text) => this.say(text),
        stream: process.stderr,
      },
    );
    return this.finish(ended.exit, ended.document);
  }
}
