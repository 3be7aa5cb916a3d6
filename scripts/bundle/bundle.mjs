// The program as it is shipped, in a folder that is complete in itself: `dcos-calico.cjs` starts, and answers by itself what needs no
// command (help, versions, misspelt commands); `program.cjs` has the commands; the manifest tells of them. CommonJS, the form
// that Node starts fastest.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { commands } from './commands.mjs';
import { leanAxios, leanInquirer, leanOclif } from './lean.mjs';

/** Large packages that few commands use, each a file of its own: what a file holds costs each command that reads it. */
const APART = ['ajv', 'fastify', 'inquirer', 'listr2'];
const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/** As a module, what one of them exports. */
function apart(root, name) {
  return {
    stdin: { contents: `module.exports = require('${name}');`, resolveDir: root },
    plugins: [leanInquirer],
  };
}

const elsewhere = {
  name: 'elsewhere',
  setup(builder) {
    builder.onResolve({ filter: new RegExp(`^(${APART.join('|')})$`) }, ({ path, importer, kind }) => {
      if (importer.includes('node_modules')) return undefined;
      // Node would look for the names of an `import()` in the text of the file, where there are none: that one is a `require` too.
      if (kind === 'dynamic-import') return { path, namespace: 'elsewhere' };
      return { path: `./${path}.cjs`, external: true };
    });
    builder.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => ({
      contents: `module.exports = require('./${path}.cjs');`,
    }));
    builder.onResolve({ filter: /^\.\//, namespace: 'elsewhere' }, ({ path }) => ({ path, external: true }));
  },
};

async function bundled({ root, pkg, minify }, outfile, what, define = {}) {
  const { metafile } = await build({
    plugins: [commands(root), leanAxios, leanOclif(pkg), elsewhere],
    ...what,
    outfile,
    // The bundle names the files that it has relative to here.
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // Node finds no names in a file whose exports are what another one returns; `require` does.
    supported: { 'dynamic-import': false },
    target: 'node24',
    loader: { '.sh': 'text', '.py': 'text' },
    external: ['pino-pretty', 'typescript', './program.cjs'],
    define: {
      'process.env.NODE_ENV': '"production"',
      // axios asks it for each request, to see whether agents can have proxies of their own. The list takes milliseconds to make; ours
      // have `proxyEnv` wherever there is a proxy.
      'process.allowedNodeEnvironmentFlags': 'undefined',
      ...define,
    },
    // A third fewer bytes to read at each start. Names stay, so that a reported stack trace can be read.
    minifyWhitespace: minify,
    minifySyntax: minify,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** V8 takes twice the memory for a text with one character beyond ASCII. esbuild escapes them but in regular expressions. */
function ascii(code) {
  return code.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Bundles the checkout `root` into the folder `dist`, which is made anew. Returns the packages whose code it has: `[{name, path}]`, by
 * path.
 */
export async function bundle({ root, dist, minify = false }) {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(
    join(dist, 'package.json'),
    `${JSON.stringify({ name: pkg.name, version: pkg.version, description: pkg.description, type: 'commonjs', oclif: pkg.oclif }, null, 2)}\n`,
  );
  const of = { root, pkg, minify };
  const inputs = [];
  const names = ['program', ...APART];
  const sum = createHash('sha256');
  for (const name of names) {
    const file = join(dist, `${name}.cjs`);
    const what = name === 'program' ? { entryPoints: [join(root, 'src/program.ts')] } : apart(root, name);
    inputs.push(...(await bundled(of, file, what)));
    if (minify) writeFileSync(file, ascii(readFileSync(file, 'utf8')));
    sum.update(readFileSync(file));
  }
  const main = { entryPoints: [join(root, 'src/main.ts')] };
  inputs.push(
    ...(await bundled(of, join(dist, 'dcos-calico.cjs'), main, {
      PROGRAM_SUM: JSON.stringify(sum.digest('hex').slice(0, 16)),
    })),
  );

  const { Config } = createRequire(import.meta.url)('@oclif/core');
  const config = await Config.load({ root: dist, ignoreManifest: true });
  const manifest = config.plugins.get(pkg.name).manifest;
  writeFileSync(join(dist, 'oclif.manifest.json'), `${JSON.stringify(manifest)}\n`);
  const paths = new Set(inputs.map((file) => file.match(PACKAGE)?.[0]).filter((path) => path !== undefined));
  return [...paths].sort().map((path) => ({ path, name: path.replace(/^.*node_modules\//, '') }));
}
