// An image out of a registry (Docker Registry HTTP API v2), as an archive for `docker load`, without any Docker on this machine.
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { ask, NotFetched, resolved, type Sources, toFile } from './sources.ts';
import type { TarEntry } from './tar.ts';

/** Agents of DC/OS. */
const PLATFORM = { os: 'linux', architecture: 'amd64' };
const LISTS = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];
const MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];

/** Docker Hub, which a name without a registry means. */
const HUB = 'registry-1.docker.io';

interface Descriptor {
  digest: string;
  mediaType: string;
  platform?: { os: string; architecture: string };
}

interface Manifest {
  schemaVersion: number;
  mediaType?: string;
  manifests?: Descriptor[];
  config?: Descriptor;
  layers?: Descriptor[];
}

export interface ImageName {
  registry: string;
  repository: string;
  /** `v2.6.12`, or `sha256:…`. */
  reference: string;
  /** What it is called in the bundle and in a registry of one's own: there an image has another digest. */
  tag: string;
}

/** As Docker reads a name: without a registry it is of Docker Hub's, and there without a user one of its own. */
export function imageName(image: string): ImageName {
  const [, name, tag, digest] = /^(.*?)(?::([\w][\w.-]*))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(image)!;
  const [first, ...rest] = name!.split('/');
  const named = rest.length > 0 && /[.:]|^localhost$/.test(first!);
  const repository = named ? rest.join('/') : name!.includes('/') ? name! : `library/${name}`;
  return {
    registry: named ? first! : HUB,
    repository,
    reference: digest ?? tag ?? 'latest',
    tag: tag ?? (digest ? 'bundle' : 'latest'),
  };
}

/** The name of an image's archive in the bundle: `quay.io/calico/node:v2.6.12` → `calico-node-v2.6.12.tar`. */
export function archiveName(image: string): string {
  const { repository, tag } = imageName(image);
  return `${repository}-${tag}`.replace(/[^\w.-]+/g, '-').concat('.tar');
}

/** What `docker load` calls it. */
export function loadedName(image: string): string {
  const { registry, repository, tag } = imageName(image);
  return registry === HUB
    ? `${repository.replace(/^library\//, '')}:${tag}`
    : `${registry}/${repository}:${tag}`;
}

const sha256 = (data: Buffer) => `sha256:${createHash('sha256').update(data).digest('hex')}`;

class Repository {
  readonly #name: ImageName;
  readonly #sources: Sources;
  #token = '';

  constructor(name: ImageName, sources: Sources) {
    this.#name = name;
    this.#sources = sources;
  }

  /** Asks below `/v2/NAME/`, with the token that the registry names, anonymously. */
  async get(path: string, accept: readonly string[] = []): Promise<Response> {
    const { registry, repository } = this.#name;
    const url = resolved(`https://${registry}/v2/${repository}/${path}`, this.#sources);
    const headers = () => ({
      ...(accept.length > 0 ? { Accept: accept.join(', ') } : {}),
      ...(this.#token ? { Authorization: `Bearer ${this.#token}` } : {}),
    });
    const first = await ask(url, headers());
    if (first.status !== 401) return first;
    await this.#login(first.headers.get('www-authenticate') ?? '', url);
    const second = await ask(url, headers());
    if (second.status === 401)
      throw new NotFetched(`${url}: it wants a login, and there is none for everybody`);
    return second;
  }

  async #login(challenge: string, url: string): Promise<void> {
    const realm = /realm="([^"]+)"/.exec(challenge)?.[1];
    if (!/^bearer /i.test(challenge) || !realm)
      throw new NotFetched(`${url}: it wants a login (${challenge || 'it does not say which'})`);
    const at = new URL(resolved(realm, this.#sources));
    for (const key of ['service', 'scope']) {
      const value = new RegExp(`${key}="([^"]+)"`).exec(challenge)?.[1];
      if (value) at.searchParams.set(key, value);
    }
    const answer = await ask(at.href);
    const { token, access_token } = (await answer.json().catch(() => ({}))) as Record<string, string>;
    this.#token = token ?? access_token ?? '';
    if (!this.#token) throw new NotFetched(`${at.origin}${at.pathname}: it gives nobody a token for ${url}`);
  }

  async manifest(reference: string, expected = ''): Promise<Manifest> {
    const answer = await this.get(`manifests/${reference}`, [...LISTS, ...MANIFESTS]);
    const content = Buffer.from(await answer.arrayBuffer());
    const wanted = expected || (reference.startsWith('sha256:') ? reference : '');
    if (wanted && sha256(content) !== wanted)
      throw new NotFetched(`${answer.url}: its digest is ${sha256(content)}, not ${wanted}`);
    let manifest: Manifest;
    try {
      manifest = JSON.parse(content.toString()) as Manifest;
    } catch {
      throw new NotFetched(`${answer.url}: it is no manifest`);
    }
    if (manifest.manifests) {
      const ours = manifest.manifests.find(
        ({ platform }) => platform?.os === PLATFORM.os && platform.architecture === PLATFORM.architecture,
      );
      if (!ours)
        throw new NotFetched(`${answer.url}: there is none for ${PLATFORM.os} on ${PLATFORM.architecture}`);
      return this.manifest(ours.digest, ours.digest);
    }
    if (manifest.schemaVersion !== 2 || !manifest.config || !manifest.layers)
      throw new NotFetched(
        `${answer.url}: it is a manifest of version ${manifest.schemaVersion}, and 2 is needed`,
      );
    return manifest;
  }
}

/**
 * Fetches an image into `folder`, every part held against its digest, and gives the entries of its archive: for the same image always
 * the same.
 *
 * @throws {NotFetched}
 */
export async function fetchImage(image: string, sources: Sources, folder: string): Promise<TarEntry[]> {
  const name = imageName(image);
  const repository = new Repository(name, sources);
  const manifest = await repository.manifest(name.reference);
  const blob = async ({ digest }: Descriptor): Promise<string> => {
    const file = join(folder, digest.replace(':', '-'));
    const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
    if (!hex) throw new NotFetched(`${image}: its manifest names the part ${digest}`);
    await toFile(await repository.get(`blobs/${digest}`), file, hex);
    return file;
  };
  const config = await blob(manifest.config!);
  const configName = `${manifest.config!.digest.slice('sha256:'.length)}.json`;
  const { rootfs } = JSON.parse(readFileSync(config, 'utf8')) as { rootfs?: { diff_ids?: string[] } };
  const diffs = rootfs?.diff_ids ?? [];
  if (diffs.length !== manifest.layers!.length)
    throw new NotFetched(
      `${image}: its configuration has ${diffs.length} layers, its manifest ${manifest.layers!.length}`,
    );
  const layers: TarEntry[] = [];
  for (const [index, layer] of manifest.layers!.entries()) {
    const file = await blob(layer);
    if ((await contentDigest(file)) !== diffs[index])
      throw new NotFetched(
        `${image}: layer ${index + 1} unpacks to another digest than its configuration has`,
      );
    const entry = `${layer.digest.slice('sha256:'.length)}.tar`;
    // The same layer, an empty one for instance, may stand in an image twice.
    if (!layers.some(({ name }) => name === entry)) layers.push({ name: entry, file });
  }
  const names = manifest.layers!.map(({ digest }) => `${digest.slice('sha256:'.length)}.tar`);
  const index = [{ Config: configName, RepoTags: [loadedName(image)], Layers: names }];
  return [
    { name: configName, file: config },
    ...layers.sort((a, b) => (a.name < b.name ? -1 : 1)),
    { name: 'manifest.json', content: `${JSON.stringify(index)}\n` },
  ];
}

/** Of what is in a layer; registries keep it gzipped, `docker load` takes it either way. */
async function contentDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  const take = new Writable({
    write(chunk: Buffer, _, done) {
      hash.update(chunk);
      done();
    },
  });
  const head = createReadStream(file, { end: 1 });
  const start: Buffer[] = [];
  for await (const chunk of head) start.push(chunk as Buffer);
  const packed = Buffer.concat(start).equals(Buffer.from([0x1f, 0x8b]));
  if (packed) await pipeline(createReadStream(file), createGunzip(), take);
  else await pipeline(createReadStream(file), take);
  return `sha256:${hash.digest('hex')}`;
}
