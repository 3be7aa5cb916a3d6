// `virtual:commands`: every file below `commands/` by its id, as a getter, so that only the command that runs is evaluated.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The command files below `folder`, as `{id: 'calico:install', path}`. */
function commandFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const id = relative(folder, path)
        .replace(/\.ts$/, '')
        .split(/[\\/]/)
        .join(':')
        .replace(/:index$/, '');
      return { id, path };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}

/** esbuild's plugin for the commands of the checkout `root`. */
export function commands(root) {
  return {
    name: 'commands',
    setup(builder) {
      builder.onResolve({ filter: /^virtual:commands$/ }, (args) => ({
        path: args.path,
        namespace: 'commands',
      }));
      builder.onLoad({ filter: /.*/, namespace: 'commands' }, () => ({
        contents: `export const COMMANDS = {\n${commandFiles(join(root, 'commands'))
          .map(
            ({ id, path }) =>
              `  get ${JSON.stringify(id)}() { return require(${JSON.stringify(path)}).default; },`,
          )
          .join('\n')}\n};\n`,
        resolveDir: root,
      }));
    },
  };
}
