import { Args } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';

export default class OptionsValidate extends BaseCommand {
  static override summary = 'Check an options file';
  static override description =
    'Lists everything that is wrong with it at once, and what contradicts what, each with the way out. ' +
    'Takes files of the Universe package calico too. Needs no cluster and changes nothing.';
  static override args = {
    file: Args.string({ description: 'The file (JSON); - is standard input', required: true }),
  };
  static override examples = [
    { command: 'dcos calico options validate calico.json', description: 'Exit code 2 if it cannot be used' },
  ];

  async run(): Promise<unknown> {
    const { args } = await this.parse(OptionsValidate);
    const [{ loadOptions }, { fileLabel }, { validated }, { warningLines }] = await Promise.all([
      import('../../../src/options/load.ts'),
      import('../../../src/options/read.ts'),
      import('../../../src/view/options-validated.ts'),
      import('../../../src/view/options.ts'),
    ]);
    const loaded = await loadOptions({ file: args.file });
    const result = validated(fileLabel(args.file), loaded);
    if (!this.jsonEnabled()) for (const line of warningLines(loaded.warnings, this.talk)) this.say(line);
    this.print(result.text);
    if (!this.jsonEnabled()) for (const line of result.next) this.say(line);
    return result.document;
  }
}
