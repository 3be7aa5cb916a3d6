// Where unit files are, what they say together with their drop-ins, and which are enabled.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import type { Machine } from '../machine.ts';
import { parseUnit, type Sections, words } from './unit-file.ts';

const PLACES = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system'];

export interface UnitFiles {
  fragment: string;
  dropIns: string[];
  text: string;
  sections: Sections;
  masked: boolean;
}

export class UnitStore {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Reads a unit from disk; undefined: there is none. */
  read(name: string): UnitFiles | undefined {
    let fragment = '';
    let text = '';
    let masked = false;
    for (const place of PLACES) {
      const path = this.#machine.path(join(place, name));
      try {
        if (lstatSync(path).isSymbolicLink() && readlinkSync(path) === '/dev/null') masked = true;
        text = readFileSync(path, 'utf8');
        fragment = join(place, name);
        break;
      } catch {}
    }
    if (!fragment) return undefined;
    const sections = parseUnit(text);
    const dropIns: string[] = [];
    const seen = new Set<string>();
    for (const place of PLACES) {
      const dir = join(place, `${name}.d`);
      if (!existsSync(this.#machine.path(dir))) continue;
      for (const file of readdirSync(this.#machine.path(dir)).sort()) {
        if (file.endsWith('.conf') && !seen.has(file)) {
          seen.add(file);
          dropIns.push(join(dir, file));
        }
      }
    }
    dropIns.sort((a, b) => basename(a).localeCompare(basename(b)));
    for (const path of dropIns) {
      const content = readFileSync(this.#machine.path(path), 'utf8');
      text += `\n${content}`;
      parseUnit(content, sections);
    }
    return { fragment, dropIns, text, sections, masked };
  }

  #links(sections: Sections): { dir: string; what: string }[] {
    const install = sections.Install ?? {};
    return [
      ...(install.WantedBy ?? []).flatMap((line) => words(line).map((what) => ({ dir: 'wants', what }))),
      ...(install.RequiredBy ?? []).flatMap((line) => words(line).map((what) => ({ dir: 'requires', what }))),
    ];
  }

  /** The links that `enable` makes or `disable` removes, as paths on the host. */
  linkPaths(name: string): string[] {
    const files = this.read(name);
    if (!files) return [];
    return this.#links(files.sections).map(({ dir, what }) => `/etc/systemd/system/${what}.${dir}/${name}`);
  }

  state(name: string): string {
    const files = this.read(name);
    if (!files) return '';
    if (files.masked) return 'masked';
    if (!this.#links(files.sections).length) return 'static';
    return this.wanted().has(name) ? 'enabled' : 'disabled';
  }

  /** Makes the links; returns those that were not there. */
  enable(name: string): { link: string; target: string }[] {
    const files = this.read(name)!;
    const made: { link: string; target: string }[] = [];
    for (const link of this.linkPaths(name)) {
      const path = this.#machine.path(link);
      mkdirSync(join(path, '..'), { recursive: true });
      if (lstatSync(path, { throwIfNoEntry: false })) continue;
      // With the root in front, so that the link leads somewhere on this machine too.
      symlinkSync(this.#machine.path(files.fragment), path);
      made.push({ link, target: files.fragment });
    }
    return made;
  }

  disable(name: string): string[] {
    const removed: string[] = [];
    for (const target of this.#wantsDirectories()) {
      const link = join(target, name);
      if (lstatSync(this.#machine.path(link), { throwIfNoEntry: false })) {
        rmSync(this.#machine.path(link));
        removed.push(link);
      }
    }
    return removed;
  }

  #wantsDirectories(): string[] {
    return readdirSync(this.#machine.path('/etc/systemd/system'))
      .filter((entry) => /\.(wants|requires)$/.test(entry))
      .map((entry) => join('/etc/systemd/system', entry));
  }

  /** Units that the start of this one pulls in by links: `NAME.wants/`. */
  wantedBy(name: string): string[] {
    const dir = this.#machine.path(join('/etc/systemd/system', `${name}.wants`));
    return existsSync(dir) ? readdirSync(dir).filter((entry) => !entry.startsWith('.')) : [];
  }

  /** Units that are started at boot. */
  wanted(): Set<string> {
    return new Set(this.#wantsDirectories().flatMap((dir) => readdirSync(this.#machine.path(dir))));
  }

  all(): string[] {
    const names = PLACES.flatMap((place) =>
      existsSync(this.#machine.path(place)) ? readdirSync(this.#machine.path(place)) : [],
    ).filter((name) => name.endsWith('.service') || name.endsWith('.socket') || name.endsWith('.timer'));
    return [...new Set(names)].sort();
  }
}
