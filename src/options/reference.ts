// The reference page of the options, made from the schema.
import type { SchemaNode } from './paths.ts';
import { optionsSchema } from './schema.ts';
import { UNIVERSE_GROUPS } from './universe-names.ts';
import { allowedInWords } from './validate.ts';

const INTRODUCTION = `# Options

<!-- Made from src/options/schema.ts by scripts/options-files.mjs. A test fails when it is stale. -->

An options file is one JSON object of sections. Every key may be left out. What counts is, in this order: a flag
(\`--set node.ipip=always\`), the file of \`--options\`, what is installed on the cluster, the default.

- \`dcos calico options show --defaults --json > calico.json\` writes a file to start from.
- \`dcos calico options validate calico.json\` lists everything that is wrong with a file, at once.
- \`dcos calico options schema\` prints the JSON Schema, which is also in [schemas/options.json](../schemas/options.json).

No option holds a secret: options are kept in clear text in Marathon. Files with keys and passwords stay on the agents, and
options name their paths. A URL with a user or password in it is refused.
`;

/** The page `docs/options.md`. */
export function optionsReference(): string {
  const sections = Object.entries(optionsSchema.properties).map(([name, section]) => {
    const options = Object.entries(section.properties as Record<string, SchemaNode>).map(([key, option]) =>
      entry(`${name}.${key}`, option),
    );
    return `## ${name}: ${section.title}\n\n${section.description}\n\n${options.join('\n')}`;
  });
  return `${INTRODUCTION}\n${sections.join('\n')}\n${universe()}`;
}

function entry(path: string, option: SchemaNode): string {
  if (option.properties && option.default === undefined) {
    const inner = Object.entries(option.properties).map(([key, property]) =>
      entry(`${path}.${key}`, property as SchemaNode),
    );
    return `### ${path}\n\n${option.description}\n\n${inner.join('\n')}`;
  }
  const lines = [
    `- Default: ${code(option.default)}`,
    `- Allowed: ${allowedInWords(option) ?? 'any'}`,
    ...(option.examples?.length ? [`- Examples: ${option.examples.map(code).join(', ')}`] : []),
  ];
  return `### ${path}\n\n${option.title}. ${option.description}\n\n${lines.join('\n')}\n`;
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;

function universe(): string {
  const groups = Object.entries(UNIVERSE_GROUPS).map(([group, options]) => {
    const rows = Object.entries(options).map(([name, fate]) => {
      const becomes =
        'because' in fate
          ? `not used, because ${fate.because}`
          : fate.to.map((path) => `\`${path}\``).join(', ');
      return `| \`${name}\` | ${becomes} |`;
    });
    return `### ${group}\n\n| option | becomes |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  return `## Files of the Universe package

An options file of the Universe package \`calico\` (v0.1.0 to v0.4.0) is taken as it is, whole or mixed with the names above. Its
options that have no counterpart are listed when the file is read. To write such a file anew in the names used here:
\`dcos calico options show --offline --options OLD.json --changed --json > calico.json\`. The group \`etcd\` of v0.1.0 and v0.2.0 has one option,
\`etcd-discovery-url\`, of the same name here.

${groups.join('\n')}`;
}
