// A picture of a host, to hold that nothing, or only this, has changed.
import assert from 'node:assert/strict';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import program from './picture.py';

export type Picture = Record<string, string>;

export async function pictureOf(machine: Machine): Promise<Picture> {
  const { code, stdout, stderr } = await machine.run(['/usr/bin/python3', '-'], { input: program });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as Picture;
}

/** Every difference by name, as `before → after`. `except`: names of what may differ. */
export function differences(before: Picture, after: Picture, ...except: RegExp[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
    if (before[name] === after[name] || except.some((each) => each.test(name))) continue;
    found[name] = `${before[name] ?? 'not there'} → ${after[name] ?? 'not there'}`;
  }
  return found;
}

export function assertUnchanged(before: Picture, after: Picture, ...except: RegExp[]): void {
  assert.deepEqual(differences(before, after, ...except), {});
}
