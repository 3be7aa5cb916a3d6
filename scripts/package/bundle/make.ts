// The bundle: everything that a cluster without internet fetches, in one archive that depends on its content alone.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from '../../../src/options/types.ts';
import { bundleOptions, FILES, fileNameOf, imagesOf, type Places, readme } from './contents.ts';
import { archiveName, fetchImage } from './registry.ts';
import { fetchFile, NotFetched, type Sources } from './sources.ts';
import { type TarEntry, writeTar } from './tar.ts';

export interface BundleRequest {
  /** What is fetched: files and images as these options name them. */
  options: Options;
  sources: Sources;
  places: Places;
  /** Of this program. */
  version: string;
  /** Folder that the archive is written to. */
  out: string;
  say(line: string): void;
}

export interface Bundle {
  /** Its name in `out`. */
  name: string;
  sha256: string;
  bytes: number;
}

/** Not everything could be fetched: a reason each. Nothing was written. */
export class Incomplete extends Error {
  readonly reasons: readonly string[];

  constructor(reasons: readonly string[]) {
    super(`${reasons.length} of the bundle's parts could not be fetched`);
    this.reasons = reasons;
  }
}

const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** @throws {Incomplete} */
export async function makeBundle(request: BundleRequest): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-bundle-'));
  try {
    return await new Making(request, folder).make();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Making {
  readonly #request: BundleRequest;
  readonly #folder: string;
  readonly #reasons: string[] = [];

  constructor(request: BundleRequest, folder: string) {
    this.#request = request;
    this.#folder = folder;
  }

  async make(): Promise<Bundle> {
    const { options, places, version, out, say } = this.#request;
    const sums = new Map<string, string>();
    const files: TarEntry[] = [];
    for (const name of FILES) {
      const { url, sha256 } = options.artifacts[name];
      const file = join(this.#folder, name);
      await this.#try(url, async () => {
        const fetched = await fetchFile(url, this.#request.sources, file, sha256);
        sums.set(name, fetched.sha256);
        files.push({ name: `files/${fileNameOf(url)}`, file });
        say(
          `${url}  ${mib(fetched.bytes)}  ${fetched.sha256}${sha256 ? '' : ' (measured: the options have no sum)'}`,
        );
      });
    }
    const images: TarEntry[] = [];
    for (const image of imagesOf(options)) {
      await this.#try(image, async () => {
        const parts = mkdtempSync(join(this.#folder, 'image-'));
        const file = join(this.#folder, archiveName(image));
        const { bytes } = writeTar(file, await fetchImage(image, this.#request.sources, parts));
        rmSync(parts, { recursive: true });
        images.push({ name: `images/${archiveName(image)}`, file });
        say(`${image}  ${mib(bytes)}`);
      });
    }
    if (this.#reasons.length > 0) throw new Incomplete(this.#reasons);
    const texts: TarEntry[] = [
      { name: 'README.txt', content: readme(version, options, places) },
      { name: 'calico.json', content: `${JSON.stringify(bundleOptions(options, places, sums), null, 2)}\n` },
    ];
    const all = [...texts, ...files, ...images].sort((a, b) => (a.name < b.name ? -1 : 1));
    const lines: string[] = [];
    for (const entry of all) lines.push(`${await sumOf(entry)}  ${entry.name}`);
    const inside = `dcos-calico-${version}-bundle`;
    const entries = [...all, { name: 'SHA256SUMS', content: `${lines.join('\n')}\n` }];
    mkdirSync(out, { recursive: true });
    const name = `${inside}.tar`;
    const written = writeTar(
      join(out, name),
      entries.map((entry) => ({ ...entry, name: `${inside}/${entry.name}` })),
    );
    return { name, ...written };
  }

  async #try(what: string, fetch: () => Promise<void>): Promise<void> {
    try {
      await fetch();
    } catch (error) {
      if (!(error instanceof NotFetched)) throw error;
      this.#reasons.push(error.message.includes(what) ? error.message : `${what}: ${error.message}`);
    }
  }
}

async function sumOf(entry: TarEntry): Promise<string> {
  const hash = createHash('sha256');
  if ('content' in entry) hash.update(entry.content);
  else for await (const chunk of createReadStream(entry.file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
