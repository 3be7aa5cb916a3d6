// Small programs in the place of the real artifacts: the same names and forms, a few hundred bytes each.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { gzipSync } from 'node:zlib';
import calicoctl from './calicoctl.py';
import { tar } from './tar.ts';

export interface StandIn {
  /** The last part of its URL. */
  file: string;
  content: Buffer;
  /** Hexadecimal. */
  sha256: string;
}

function script(...lines: string[]): Buffer {
  return Buffer.from(
    `#!/bin/sh\n# Stands in for the real program in a practice cluster.\n${lines.join('\n')}\n`,
  );
}

function etcdArchive(version: string, name: string): Buffer {
  const program = script(
    'case "$1" in',
    `  --version | -version) printf 'etcd Version: ${version}\\nGit SHA: 000000000\\nGo Version: go1.9.3\\nGo OS/Arch: linux/amd64\\n' ;;`,
    "  *) echo 'etcd: the practice cluster models this program; it is not run' >&2; exit 1 ;;",
    'esac',
  );
  const folder = name.replace(/\.tar\.gz$/, '');
  const archive = tar([
    { path: `${folder}/README.md`, content: Buffer.from('# etcd\n'), mode: 0o644 },
    { path: `${folder}/etcd`, content: program, mode: 0o755 },
    { path: `${folder}/etcdctl`, content: script(`echo 'etcdctl version: ${version}'`), mode: 0o755 },
  ]);
  const packed = gzipSync(archive, { level: 9 });
  // The operating system in gzip's header differs from machine to machine, and with it the checksum.
  packed[9] = 255;
  return packed;
}

/** What stands at a URL of an artifact; undefined: the real server would not know it either. */
export function standIn(url: string): StandIn | undefined {
  const file = basename(url.replace(/[?#].*$/, ''));
  const etcd = /^etcd-v(\d+\.\d+\.\d+)-linux-amd64\.tar\.gz$/.exec(file);
  let content: Buffer;
  if (etcd) content = etcdArchive(etcd[1]!, file);
  // The bytes do not depend on the release, so that a mirror, whose URLs have none, gives the same.
  else if (file === 'calico' || file === 'calico-ipam') {
    content = script(
      `[ "$1" = -v ] && { echo ${file} stand-in; exit 0; }`,
      `echo '{"cniVersion":"0.1.0","ip4":{"ip":"192.168.0.1/32"}}'`,
    );
  } else if (file === 'calicoctl' || file === 'calicoctl-linux-amd64') {
    content = script(`exec python3 -ISc '${calicoctl.trim()}' "$@"`);
  } else return undefined;
  return { file, content, sha256: createHash('sha256').update(content).digest('hex') };
}
