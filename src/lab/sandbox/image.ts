// What is in an image, as far as tasks of this program use one: busybox' commands, without anything of the host.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from './host.ts';
import { putShared, putTool } from './pool.ts';
import type { Tools } from './tools.ts';

/** Answered by the lab, as they are about the container's network. */
const STOOD_IN = ['ip', 'nc', 'wget'];

/** Puts them there with the first container; returns its PATH. */
export function installImage(host: Host, tools: Tools): string {
  const folder = join(host.root, '.host/image');
  if (existsSync(folder)) return folder;
  mkdirSync(folder, { mode: 0o755 });
  for (const name of STOOD_IN) putShared(tools, 'standin.sh', join(folder, name));
  for (const name of tools.real.keys()) putTool(tools, name, join(folder, name));
  return folder;
}
