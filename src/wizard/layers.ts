// Options from what there was before the questions, what was found and what was answered.
import { type PartialOptions, setAt, valueAt } from '../options/paths.ts';
import { type Resolved, resolveOptions } from '../options/resolve.ts';
import type { Base, Found } from './types.ts';

export type Settings = Record<string, unknown>;

const DISCOVERY = 'etcd.etcd-discovery-url';

/** Members of the record that was found; none where there is no record or it could not be asked. */
export function members({ record }: Found): { host: string; port: number }[] {
  return 'value' in record.members ? record.members.value : [];
}

/** What need not be asked because it was found: an etcd of another name than the default. */
function impliedBy(found: Found, { file, installed = {} }: Base): Settings {
  const said = [file, installed].some((layer) => valueAt(layer, DISCOVERY) !== undefined);
  return members(found).length > 0 && !said ? { [DISCOVERY]: found.record.domain } : {};
}

/** The layer between `--set` and what is installed: the file, what was found, and the answers over both. */
export function answeredLayer(found: Found, base: Base, settings: Settings): PartialOptions {
  const layer = structuredClone(base.file);
  for (const [path, value] of Object.entries({ ...impliedBy(found, base), ...settings }))
    setAt(layer, path, value);
  return layer;
}

/** The options that count, and what contradicts what in them. */
export function resolved(found: Found, base: Base, settings: Settings): Resolved {
  return resolveOptions({
    flags: base.flags,
    file: answeredLayer(found, base, settings),
    ...(base.installed ? { installed: base.installed } : {}),
  });
}
