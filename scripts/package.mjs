// `npm run package [-- PLATFORM …]`: one zip a platform for `dcos plugin add`, with a runtime inside, and their SHA-256 sums.
// The same sources give the same bytes. OUT: where to (packages/). --unpacked: folders in the place of zips, for the bench.
// --bundle: besides, everything that a cluster without internet fetches (docs/air-gapped.md); --bundle-only: nothing else.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle/bundle.mjs';
import { allMaterials, billOfMaterials } from './package/bill-of-materials.mjs';
import { deflateHard } from './package/deflate.mjs';
import { executableFiles } from './package/executable.mjs';
import { licences } from './package/licences.mjs';
import { RUNTIMES, runtime } from './package/runtimes.mjs';
import { zip } from './package/zip.mjs';

const root = resolve(import.meta.dirname, '..');
const out = resolve(process.env.OUT ?? join(root, 'packages'));
const cache = join(root, 'node_modules/.cache/dcos-calico-runtimes');
/** What `dcos` users on the slowest links can be asked to fetch. */
const LARGEST_BYTES = 45_000_000;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    unpacked: { type: 'boolean' },
    bundle: { type: 'boolean' },
    'bundle-only': { type: 'boolean' },
    source: { type: 'string', multiple: true },
    mirror: { type: 'string' },
    registry: { type: 'string' },
    options: { type: 'string' },
  },
});
const unknown = positionals.filter((name) => !(name in RUNTIMES));
if (unknown.length) {
  process.stderr.write(
    `No such platform: ${unknown.join(', ')}. There are: ${Object.keys(RUNTIMES).join(', ')}\n`,
  );
  process.exit(2);
}
const platforms = positionals.length ? positionals : Object.keys(RUNTIMES);

/** The program, built in a folder of its own: others may build `dist` at the same time. */
async function program() {
  const dist = mkdtempSync(join(tmpdir(), 'dcos-calico-package-'));
  try {
    const packages = await bundle({ root, dist, minify: true });
    const files = readdirSync(dist).map((name) => ({
      name: `lib/${name}`,
      content: readFileSync(join(dist, name)),
    }));
    return { packages, files };
  } finally {
    rmSync(dist, { recursive: true, force: true });
  }
}

function completion() {
  return readdirSync(join(root, 'completion'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      name: path.slice(root.length + 1).replaceAll('\\', '/'),
      content: readFileSync(path),
    }));
}

function pluginToml(platform) {
  const text = readFileSync(join(root, 'plugin.toml'), 'utf8');
  return platform.startsWith('win32') ? text.replace('"bin/dcos-calico"', '"bin/dcos-calico.exe"') : text;
}

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
const sums = [];
/** Keeps the sums of what was not made this time. */
function writeSums() {
  const file = join(out, 'SHA256SUMS');
  const made = new Set(sums.map((line) => line.slice(66)));
  const before = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  const all = [
    ...before.filter((line) => !made.has(line.slice(66)) && existsSync(join(out, line.slice(66)))),
    ...sums,
  ];
  writeFileSync(file, `${all.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('\n')}\n`);
}

if (values.bundle || values['bundle-only']) {
  const { bundleCommand } = await import('./package/bundle/command.ts');
  const made = await bundleCommand(values, { version, out });
  if (!made) process.exit(1);
  sums.push(`${made.sha256}  ${made.name}`);
  process.stdout.write(`${made.name}  ${(made.bytes / 2 ** 20).toFixed(1)} MiB\n`);
  if (values['bundle-only']) {
    writeSums();
    process.exit(0);
  }
}

const packHard = (content) => deflateHard(content, join(cache, 'packed'));

function write(platform, archive) {
  const name = `dcos-calico-${version}-${platform}.zip`;
  if (archive.length > LARGEST_BYTES)
    throw new Error(`${name} has ${archive.length} bytes; ${LARGEST_BYTES} are the most`);
  writeFileSync(join(out, name), archive);
  sums.push(`${createHash('sha256').update(archive).digest('hex')}  ${name}`);
  process.stdout.write(`${name}  ${(archive.length / 1e6).toFixed(1)} MB\n`);
}

const { packages, files } = await program();
const materials = allMaterials(root);
// The Windows package has no licence text; it is the same for all.
const licence = runtime(root, 'linux-x64', cache).file('LICENSE').toString();
mkdirSync(out, { recursive: true });

const waiting = [];
for (const platform of platforms) {
  const node = runtime(root, platform, cache);
  const names = new Set([...packages.map(({ name }) => name), node.name]);
  const contents = [
    { name: 'plugin.toml', content: Buffer.from(pluginToml(platform)) },
    ...executableFiles(platform, node),
    ...files,
    ...completion(),
    {
      name: 'LICENCES.txt',
      content: Buffer.from(licences(root, packages, { version: node.version, licence })),
    },
    { name: 'sbom.cdx.json', content: Buffer.from(billOfMaterials(materials, names)) },
  ];
  if (values.unpacked) {
    for (const { name, content, executable } of contents) {
      const file = join(out, platform, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: executable ? 0o755 : 0o644 });
    }
    continue;
  }
  const archive = await zip(contents);
  // Node for macOS is signed, so nothing can be taken out of it: it is packed again, for minutes, a fifteenth smaller.
  if (archive.length <= LARGEST_BYTES) write(platform, archive);
  else waiting.push(zip(contents, packHard).then((smaller) => write(platform, smaller)));
}
await Promise.all(waiting);
if (!values.unpacked) writeSums();
