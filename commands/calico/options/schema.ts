import { BaseCommand } from '../../../src/cli/base-command.ts';

export default class OptionsSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of an options file';
  static override description =
    'Every option with its description, default, and what it may be. Editors complete and check a file against it. Needs no cluster.';
  static override examples = [
    { command: 'dcos calico options schema > calico.schema.json', description: 'Keep it for an editor' },
  ];

  async run(): Promise<unknown> {
    await this.parse(OptionsSchema);
    const { optionsSchema } = await import('../../../src/options/schema.ts');
    this.print(JSON.stringify(optionsSchema, null, 2));
    return optionsSchema;
  }
}
