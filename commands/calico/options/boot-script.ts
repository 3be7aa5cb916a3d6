import { BaseCommand } from '../../../src/cli/base-command.ts';
import { MARATHON_FLAG, OPTIONS_FLAGS } from '../../../src/cli/flags.ts';

export default class OptionsBootScript extends BaseCommand {
  static override summary = 'Print a script that sets Calico up at the first boot of an agent';
  static override description =
    'For machine images and autoscaling groups: an agent that runs it at its first boot has Calico before any task of DC/OS is ' +
    'there, and the next install finds everything as it wants it. It holds the options that are installed on the cluster, unless ' +
    'others are given, and the commands of the steps as Marathon runs them. Changes nothing.';
  static override flags = { ...OPTIONS_FLAGS, marathon: MARATHON_FLAG };
  static override examples = [
    {
      command: 'dcos calico options boot-script > boot.sh',
      description: 'With the options that are installed on the cluster',
    },
    {
      command: 'dcos calico options boot-script --options calico.json > boot.sh',
      description: 'With those of a file',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(OptionsBootScript);
    const [{ loadOptions }, { bootScript }, view] = await Promise.all([
      import('../../../src/options/load.ts'),
      import('../../../src/steps/boot/boot-script.ts'),
      import('../../../src/view/options.ts'),
    ]);
    const installed = process.env.DCOS_URL ? await this.#installed(flags.marathon) : undefined;
    const loaded = await loadOptions({ file: flags.options, set: flags.set, installed: installed?.options });
    for (const line of view.warningLines(loaded.warnings, this.talk)) this.say(line);
    const of = installed ? `on ${process.env.DCOS_URL!.replace(/\/\/[^/@]*@/, '//')}` : 'and the defaults';
    const made = `Made by dcos calico ${this.config.version} from the options given ${of}.`;
    const script = bootScript(loaded.options, made);
    this.print(script);
    return { script };
  }

  async #installed(marathon: string) {
    const { installedOptions } = await import('../../../src/cli/installed-options.ts');
    const installed = await installedOptions(await this.connect({ marathon }));
    if (!installed)
      this.say('Calico is not installed on this cluster: the defaults are used where nothing is given');
    return installed;
  }
}
