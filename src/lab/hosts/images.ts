// What the hosts download in the place of Calico's releases: two images, two plugins, and Debian's etcd.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { tar } from '../artifacts/tar.ts';
import birdcl from './images/birdcl.py';
import calicoNode from './images/calico-node.py';
import cniIpam from './images/cni-ipam.sh';
import cniPlugin from './images/cni-plugin.sh';
import etcd from './images/etcd.py';
import libnetwork from './images/libnetwork.py';

/** A file of the lab's web server. */
export interface Served {
  path: string;
  content: Buffer;
  headers?: Record<string, string>;
}

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

interface Layer {
  packed: Buffer;
  /** SHA-256 of the tar archive itself. */
  diffId: string;
}

function pack(content: Buffer): Layer {
  return { packed: gzipSync(content), diffId: sha256(content) };
}

/** An image as a registry serves it (Docker Registry HTTP API v2, image manifest v2 schema 2). */
function image(
  repository: string,
  tags: readonly string[],
  entrypoint: string[],
  layers: readonly Layer[],
): Served[] {
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      created: '2026-01-01T00:00:00Z',
      config: {
        Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
        Entrypoint: entrypoint,
      },
      rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
      history: layers.map(() => ({ created: '2026-01-01T00:00:00Z', created_by: 'lab' })),
    }),
  );
  const blob = (data: Buffer, mediaType: string) => ({
    mediaType,
    size: data.length,
    digest: `sha256:${sha256(data)}`,
  });
  const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: blob(config, 'application/vnd.docker.container.image.v1+json'),
      layers: layers.map(({ packed }) => blob(packed, 'application/vnd.docker.image.rootfs.diff.tar.gzip')),
    }),
  );
  const digest = `sha256:${sha256(manifest)}`;
  const headers = { 'content-type': MANIFEST, 'docker-content-digest': digest };
  return [
    ...[...tags, digest].map((reference) => ({
      path: `/v2/${repository}/manifests/${reference}`,
      content: manifest,
      headers,
    })),
    ...[config, ...layers.map(({ packed }) => packed)].map((data) => ({
      path: `/v2/${repository}/blobs/sha256:${sha256(data)}`,
      content: data,
    })),
  ];
}

function script(path: string, ...parts: string[]) {
  return { path, content: Buffer.from(`#!/usr/bin/python3\n${parts.join('\n')}`), mode: 0o755 };
}

/** Tags that there are of each image: one is the default of the options, the other somebody's own choice. */
export const TAGS = { node: ['v2.6.12', 'v2.6.11'], libnetwork: ['v1.1.3', 'v1.1.1'] };

/** Everything at its default URL; `base`: the hosts' root file system. */
export function downloads(base: string): Served[] {
  const programs: Layer = {
    packed: readFileSync(join(base, 'var/lib/lab/programs.tar.gz')),
    diffId: readFileSync(join(base, 'var/lib/lab/programs.diff-id'), 'utf8').trim(),
  };
  const node = pack(
    tar([script('usr/local/bin/calico-node', etcd, calicoNode), script('usr/bin/birdcl', birdcl)]),
  );
  const plugin = pack(tar([script('libnetwork-plugin', etcd, libnetwork)]));
  const release = 'https://github.com/projectcalico/cni-plugin/releases/download/v1.11.8';
  const cni = (name: string, content: string): Served => ({
    path: new URL(`${release}/${name}`).pathname,
    content: Buffer.from(content),
  });
  return [
    {
      path: '/v2/',
      content: Buffer.from('{}'),
      headers: { 'content-type': 'application/json', 'docker-distribution-api-version': 'registry/2.0' },
    },
    ...image('calico/node', TAGS.node, ['/usr/local/bin/calico-node'], [programs, node]),
    ...image('calico/libnetwork-plugin', TAGS.libnetwork, ['/libnetwork-plugin'], [programs, plugin]),
    cni('calico', cniPlugin),
    cni('calico-ipam', cniIpam),
    etcdArchive(base),
  ];
}

/** Debian's etcd in the form of a release; its proxy mode is what the step needs. */
function etcdArchive(base: string): Served {
  const folder = 'etcd-v3.3.27-linux-amd64';
  const content = tar([
    { path: `${folder}/etcd`, content: readFileSync(join(base, 'usr/bin/etcd')), mode: 0o755 },
  ]);
  return {
    path: `/etcd-io/etcd/releases/download/v3.3.27/${folder}.tar.gz`,
    content: gzipSync(content, { level: 1 }),
  };
}
