// Bundles the program into `dist/`, which is complete in itself: one CommonJS file (the form Node starts fastest),
// the `package.json` and the manifest that oclif reads. Commands are getters, so that only the one that runs is evaluated.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// DIST: another place to build to.
const dist = process.env.DIST ? resolve(process.env.DIST) : join(root, 'dist');
const commandsDir = join(root, 'commands');

/** The command files below `commands/`, as `{id: 'calico:install', path}`. */
function commandFiles() {
  return readdirSync(commandsDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const id = relative(commandsDir, path)
        .replace(/\.ts$/, '')
        .split(/[\\/]/)
        .join(':')
        .replace(/:index$/, '');
      return { id, path };
    })
    .sort((a, b) => a.id.localeCompare(b.id));
}

const commands = {
  name: 'commands',
  setup(builder) {
    builder.onResolve({ filter: /^virtual:commands$/ }, (args) => ({
      path: args.path,
      namespace: 'commands',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'commands' }, () => ({
      contents: `export const COMMANDS = {\n${commandFiles()
        .map(
          ({ id, path }) =>
            `  get ${JSON.stringify(id)}() { return require(${JSON.stringify(path)}).default; },`,
        )
        .join('\n')}\n};\n`,
      resolveDir: root,
    }));
  },
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ name: pkg.name, version: pkg.version, description: pkg.description, type: 'commonjs', oclif: pkg.oclif }, null, 2)}\n`,
);
await build({
  entryPoints: [join(root, 'src/main.ts')],
  outfile: join(dist, 'dcos-calico.cjs'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  loader: { '.sh': 'text', '.py': 'text' },
  plugins: [commands],
  external: ['pino-pretty', 'typescript'],
  define: { 'process.env.NODE_ENV': '"production"' },
  banner: { js: '#!/usr/bin/env node' },
  legalComments: 'none',
  logLevel: 'warning',
});

const { Config } = createRequire(import.meta.url)('@oclif/core');
const config = await Config.load({ root: dist, ignoreManifest: true });
const manifest = config.plugins.get(pkg.name).manifest;
writeFileSync(join(dist, 'oclif.manifest.json'), `${JSON.stringify(manifest)}\n`);
