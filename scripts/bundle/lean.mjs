// What packages load at every start and this program never uses is left out of the bundle, or loaded when it is first used. Each
// cut names why nothing is lost by it, and throws when the package no longer looks as it did.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Modules that axios asks for, as the program's own requests (src/dcos/http.ts) leave them. */
const AXIOS = {
  // Adapters of browsers: in Node the first says of itself that it is none, and the second comes after `http`.
  './xhr.js': 'export default false;',
  './fetch.js': 'export const getFetch = () => null;',
  // Every request brings its own transport, and redirects are followed by src/dcos/redirects.ts.
  'follow-redirects': 'export default {};',
  // Proxies are the agents' own (`proxyEnv` in src/dcos/transport.ts): axios is told of none.
  'https-proxy-agent': 'export default class {}',
  // Nothing is sent but JSON.
  'form-data': 'export default null;',
};
/** Parts of Node that only some requests need, and that are costly: `https` alone is most of an empty program's start. */
const LATER = ['https', 'http2', 'crypto'];

/** Replaces one place in a file that has it exactly once. */
function replaced(path, text, from, to) {
  if (text.split(from).length !== 2) throw new Error(`${path} does not have once: ${from}`);
  return text.replace(from, () => to);
}

// In Node, merely to ask for FormData loads all of its own HTTP client: twice an empty program's start.
const FORM_DATA = "const FormDataCtor = typeof G.FormData !== 'undefined' ? G.FormData : undefined;";

export const leanAxios = {
  name: 'lean-axios',
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      if (!/[\\/]node_modules[\\/]axios[\\/]/.test(importer)) return undefined;
      if (path in AXIOS) return { path, namespace: 'lean-axios' };
      if (LATER.includes(path)) return { path, namespace: 'later' };
      return undefined;
    });
    builder.onLoad({ filter: /.*/, namespace: 'lean-axios' }, ({ path }) => ({ contents: AXIOS[path] }));
    builder.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
      contents: `export default new Proxy({}, { get: (_, name) => require('node:${path}')[name] });`,
    }));
    builder.onLoad({ filter: /[\\/]node_modules[\\/]axios[\\/]lib[\\/]utils\.js$/ }, ({ path }) => ({
      contents: replaced(path, readFileSync(path, 'utf8'), FORM_DATA, 'const FormDataCtor = undefined;'),
    }));
  },
};

/** inquirer can open an editor; the wizard does not, and the tables of all character sets that it brings are half a megabyte. */
export const leanInquirer = {
  name: 'lean-inquirer',
  setup(builder) {
    builder.onResolve({ filter: /^@inquirer\/external-editor$/ }, ({ path }) => ({
      path,
      namespace: 'lean-inquirer',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'lean-inquirer' }, () => ({
      contents: "export const editAsync = () => { throw new Error('The wizard opens no editor'); };",
    }));
  },
};

// As TypeScript writes `import {a} from 'b'`: `const b_1 = require("b")`, and `b_1.a` wherever it is used.
const IMPORT = /^(?:const|var) (\w+_\d+) = ((?:__importDefault\()?require\("[^"]+"\)\)?);$/gm;

/** The same module, in which each import is loaded where it is first used. */
function loadingLater(text) {
  const names = [];
  // `new a_1.B(…)` would otherwise take the loading for the constructor.
  const apart = text.replace(/\bnew (\w+_\d+(?:\.\w+)+)/g, 'new ($1)');
  const head = apart.replace(IMPORT, (_, name, load) => {
    names.push(name);
    return `let $${name}; const $load_${name} = () => ($${name} ??= ${load});`;
  });
  return names.reduce(
    (all, name) => all.replace(new RegExp(`(?<![\\w$])${name}(?!\\w)`, 'g'), `$load_${name}()`),
    head,
  );
}

/** `@oclif/core` as far as commands use it, with the exit codes that `package.json` names; all of it would be 180 modules. */
export const leanOclif = ({ oclif }) => ({
  name: 'lean-oclif',
  setup(builder) {
    builder.onResolve({ filter: /^@oclif\/core$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'lean-oclif',
      pluginData: { resolveDir },
    }));
    const cache = join(dirname(createRequire(import.meta.url).resolve('@oclif/core')), 'cache.js');
    const contents = `
      import Cache from ${JSON.stringify(cache)};
      Cache.getInstance().set('exitCodes', ${JSON.stringify(oclif.exitCodes)});
      export { Command } from '@oclif/core/command';
      export { Config } from '@oclif/core/config';
      export * as Args from '@oclif/core/args';
      export * as Flags from '@oclif/core/flags';
    `;
    builder.onLoad({ filter: /.*/, namespace: 'lean-oclif' }, ({ pluginData }) => ({
      contents,
      resolveDir: pluginData.resolveDir,
    }));
    builder.onLoad({ filter: /[\\/]node_modules[\\/]@oclif[\\/]core[\\/]lib[\\/].*\.js$/ }, ({ path }) => ({
      contents: loadingLater(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
});
