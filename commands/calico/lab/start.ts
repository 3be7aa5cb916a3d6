import { join } from 'node:path';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { UserError } from '../../../src/errors.ts';
import type { LabState } from '../../../src/lab/control/place.ts';
import type { Hello } from '../../../src/lab/control/start.ts';

export default class LabStart extends BaseCommand {
  static override summary = 'Start a practice cluster on this machine';
  static override description =
    'A cluster that answers the APIs of DC/OS and whose agents really run the step scripts, each in a directory of its own: ' +
    'no Docker, no root, nothing outside a temporary directory. With --simulated the agents are only modelled; with --hosts they ' +
    'are machines of their own (systemd-nspawn), with systemd, Docker and etcd from Debian, which needs Linux and root. ' +
    'It listens on this machine alone and ends with the shell that it was started from. Standard output has what that shell is to set.';
  static override flags = {
    private: Flags.integer({
      description: 'Private agents (default 5)',
      helpValue: 'N',
      min: 0,
      max: 200,
      exclusive: ['simulated'],
    }),
    public: Flags.integer({ description: 'Public agents (default 1)', helpValue: 'N', min: 0, max: 5000 }),
    dcos: Flags.string({
      description: 'Version of DC/OS to be',
      helpValue: 'VERSION',
      options: ['1.9', '1.10', '1.11', '1.12', '1.13', '2.0', '2.1', '2.2'],
      default: '2.0',
    }),
    'no-native-calico': Flags.boolean({
      description: "Without DC/OS's own Calico, as `calico_enabled: false` makes DC/OS 2.2",
      exclusive: ['hosts'],
    }),
    simulated: Flags.integer({
      description: 'Model this many agents, run nothing',
      helpValue: 'N',
      min: 0,
      max: 20_000,
    }),
    hosts: Flags.integer({
      description: 'Run this many real hosts, the last of them a public agent (Linux, as root)',
      helpValue: 'N',
      min: 1,
      max: 40,
      exclusive: ['simulated', 'private'],
    }),
    speed: Flags.integer({
      description: 'Seconds that pass in the simulated cluster in one real second',
      helpValue: 'X',
      min: 1,
      max: 10_000,
      dependsOn: ['simulated'],
    }),
    seed: Flags.integer({
      description: 'Make the same random choices as another lab with this seed',
      helpValue: 'N',
    }),
    faults: Flags.string({
      description: 'Do wrong what this file says: JSON with http (answers), agents (hosts), events (in time)',
      helpValue: 'FILE',
    }),
    surprise: Flags.string({
      description:
        'Have something in it that an operator may find: another cluster store in Docker, a full agent, a Docker that is stopped or too new, ' +
        'no etcd, the Calico of the Universe, a login that is over (may be given several times)',
      helpValue: 'WHAT',
      options: ['store', 'full', 'docker-stopped', 'docker-23', 'no-etcd', 'universe', 'old-login'],
      multiple: true,
      multipleNonGreedy: true,
      exclusive: ['simulated', 'hosts'],
    }),
    foreground: Flags.boolean({ description: 'Stay in front until Ctrl-C' }),
    // Set by this program for the lab's own process, which speaks to it over a channel.
    child: Flags.boolean({ hidden: true }),
    owner: Flags.integer({ description: 'Process to end with', helpValue: 'PID', hidden: true }),
  };
  static override examples = [
    { command: 'eval "$(dcos calico lab start)"', description: 'Start it, and point this shell at it' },
    { command: 'dcos calico lab start --dcos 1.12 --private 3', description: 'An older and smaller one' },
    {
      command: 'dcos calico lab start --simulated 1000 --speed 60',
      description: 'A large one, for rehearsals',
    },
    {
      command: 'eval "$(dcos calico lab start --surprise store --surprise full)"',
      description: 'One with something in the way',
    },
    { command: 'sudo dcos calico lab start --hosts 3', description: 'Three real hosts' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(LabStart);
    const [{ makeRoom, ownerOf, startDetached }, { specOf }, { labDirectory, readToken }] = await Promise.all(
      [
        import('../../../src/lab/control/start.ts'),
        import('../../../src/lab/control/spec.ts'),
        import('../../../src/lab/control/place.ts'),
      ],
    );
    if (flags.child) return this.#serve(flags.owner);
    const spec = specOf(flags);
    makeRoom();
    const owner = ownerOf(flags.owner);
    if (flags.foreground) return this.#serve(owner?.pid);
    const passed = [
      ...this.argv.filter((flag) => flag !== '--json'),
      ...(owner && flags.owner === undefined ? ['--owner', String(owner.pid)] : []),
    ];
    const state = await startDetached(passed, (line) => this.say(line));
    const directory = labDirectory();
    const agents = countsOf(spec.agents);
    await this.#show(state, readToken(directory), agents, flags.speed ?? 1);
    return documentOf(state, agents, directory);
  }

  /** Is the lab, until it is stopped. */
  async #serve(ownerPid: number | undefined): Promise<unknown> {
    const { flags } = await this.parse(LabStart);
    const [{ serveLab }, { specOf }, { labDirectory }, { ownerOf }] = await Promise.all([
      import('../../../src/lab/control/serve.ts'),
      import('../../../src/lab/control/spec.ts'),
      import('../../../src/lab/control/place.ts'),
      import('../../../src/lab/control/start.ts'),
    ]);
    const tell = (hello: Hello) => new Promise<void>((resolve) => process.send!(hello, () => resolve()));
    try {
      const spec = specOf(flags);
      const owner = ownerPid === undefined ? undefined : ownerOf(ownerPid);
      const say = (line: string) => (flags.child ? void tell({ saying: line }) : this.say(line));
      const serving = await serveLab(
        { ...spec, surprises: flags.surprise ?? [], hosts: { say } },
        labDirectory(),
        owner,
      );
      if (flags.child) await tell({ ready: serving.state });
      else {
        this.onInterrupt(async () => {
          serving.stop();
          await serving.stopped;
          return 'The lab has ended';
        });
        const agents = countsOf(spec.agents);
        await this.#show(serving.state, serving.lab.token, agents, flags.speed ?? 1);
        if (this.jsonEnabled()) this.logJson(documentOf(serving.state, agents, labDirectory()));
      }
      await serving.stopped;
    } catch (error) {
      if (!flags.child || !(error instanceof UserError)) throw error;
      await tell({ failed: error.problem });
    }
    return undefined;
  }

  async #show(state: LabState, token: string, agents: Counts, speed: number): Promise<void> {
    if (this.jsonEnabled()) return;
    const { exportLines, startedLines } = await import('../../../src/view/lab.ts');
    const started = { state, token, agents, speed, windows: process.platform === 'win32' };
    const { before, after } = startedLines(started, !this.out.interactive);
    this.say(before.join('\n'));
    this.print(
      exportLines(started)
        .map((line) => (this.out.interactive ? `  ${line}` : line))
        .join('\n'),
    );
    this.say(after.join('\n'));
  }
}

interface Counts {
  private: number;
  public: number;
}

function documentOf({ started: _, ...state }: LabState, agents: Counts, directory: string) {
  return { ...state, agents, tokenFile: join(directory, 'token') };
}

function countsOf(agents: unknown): Counts {
  if (!Array.isArray(agents)) return agents as Counts;
  const all = agents as { public: boolean }[];
  const ofPublic = all.filter((agent) => agent.public).length;
  return { private: all.length - ofPublic, public: ofPublic };
}
