import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { MARATHON_FLAG, OPTIONS_FLAGS } from '../../../src/cli/flags.ts';
import { setAt, valueAt } from '../../../src/options/paths.ts';

export default class OptionsShow extends BaseCommand {
  static override summary = 'Show the options in force, and where each value is from';
  static override description =
    'What counts is a --set, then the file of --options, then what is installed on the cluster, then the default. ' +
    'With --json the result is an options file. Changes nothing.';
  static override flags = {
    ...OPTIONS_FLAGS,
    defaults: Flags.boolean({
      description: 'Show the defaults alone',
      exclusive: ['options', 'set', 'changed'],
    }),
    changed: Flags.boolean({ description: 'Show only options that are not at their default' }),
    offline: Flags.boolean({ description: 'Leave out what is installed on the cluster' }),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    { command: 'dcos calico options show --changed', description: 'What is installed, where it differs' },
    {
      command: 'dcos calico options show --defaults --json > calico.json',
      description: 'A file to start from',
    },
    {
      command: 'dcos calico options show --options calico.json --set node.ipip=always',
      description: 'What an install would take',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(OptionsShow);
    const [{ loadOptions }, view] = await Promise.all([
      import('../../../src/options/load.ts'),
      import('../../../src/view/options.ts'),
    ]);
    const asks = !flags.offline && !flags.defaults && Boolean(process.env.DCOS_URL);
    const installed = asks ? await this.#installed(flags.marathon) : undefined;
    const loaded = await loadOptions({ file: flags.options, set: flags.set, installed: installed?.options });
    const paths = view.pathsToShow(loaded.options, flags);
    if (!this.jsonEnabled()) for (const line of view.warningLines(loaded.warnings, this.talk)) this.say(line);
    if (paths.length === 0) this.print('All options are at their defaults');
    else this.print(view.optionsTable(loaded, paths, this.out).join('\n'));
    const document = {};
    for (const path of paths) setAt(document, path, valueAt(loaded.options, path));
    return document;
  }

  async #installed(marathon: string) {
    const { installedOptions } = await import('../../../src/cli/installed-options.ts');
    const installed = await installedOptions(await this.connect({ marathon }));
    if (!installed) this.say('Calico is not installed on this cluster');
    return installed;
  }
}
