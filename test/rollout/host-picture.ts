// All that counts of a sandbox host, as one comparable thing: its files, and the model behind its commands.
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Host } from '../../src/lab/sandbox/host.ts';

export type Picture = Record<string, string>;

/** What tasks of anybody leave, and what is the sandbox's own. */
const NOT_OURS = /^\/(\.host|var\/lib\/mesos|proc)(\/|$)/;

/** Files by path with mode and content, links, containers, the engine's store, units and the kernel's state. */
export function pictureOf(host: Host): Picture {
  const found: Picture = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(host.path(path)).sort()) {
      const each = `${path === '/' ? '' : path}/${name}`;
      if (NOT_OURS.test(each)) continue;
      const stat = lstatSync(host.path(each));
      const mode = (stat.mode & 0o7777).toString(8);
      if (stat.isSymbolicLink()) found[each] = `-> ${readlinkSync(host.path(each))}`;
      else if (stat.isDirectory()) {
        found[each] = `directory ${mode}`;
        walk(each);
      } else if (stat.isFile()) found[each] = `${mode} ${readFileSync(host.path(each), 'latin1')}`;
      else found[each] = 'socket';
    }
  };
  walk('/');
  const { engine, systemd, kernel } = host.machine;
  found['model: containers'] = JSON.stringify(
    engine.containers.map(({ options, running }) => [options.name, running, options.labels]).sort(),
  );
  found['model: store'] = JSON.stringify([engine.shown.store, engine.store]);
  found['model: units'] = JSON.stringify(
    [...systemd.units.values()]
      .filter(({ active }) => active !== 'inactive')
      .map(({ name, active }) => [name, active])
      .sort(),
  );
  found['model: kernel'] = JSON.stringify([
    kernel.tables,
    [...kernel.ipsets.keys()].sort(),
    kernel.routes,
    kernel.links,
  ]);
  return found;
}

/** Where two pictures differ: a whole one is too much to read. */
export function differing(
  found: Picture,
  wanted: Picture,
): Record<string, [found?: string, wanted?: string]> {
  const keys = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].sort();
  return Object.fromEntries(
    keys
      .filter((key) => found[key] !== wanted[key])
      .map((key) => [key, [found[key]?.slice(0, 400), wanted[key]?.slice(0, 400)]]),
  );
}
