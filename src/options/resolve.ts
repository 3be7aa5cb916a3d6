// Which value counts: a flag, the options file, what is installed, the default, in this order.
import { contradictions } from './contradictions.ts';
import { defaultOptions } from './defaults.ts';
import { ALL_OPTIONS, type PartialOptions, setAt, valueAt } from './paths.ts';
import { inOrder, type OptionProblem } from './problems.ts';
import type { Options } from './types.ts';

export type OptionSource = 'flag' | 'file' | 'installed' | 'default';

export interface Resolved {
  options: Options;
  /** Where each option's value is from, by its path. */
  sources: Record<string, OptionSource>;
  /** Contradictions: with one of these, the options cannot be used. */
  errors: OptionProblem[];
  warnings: OptionProblem[];
}

export interface Layers {
  flags?: PartialOptions;
  file?: PartialOptions;
  installed?: PartialOptions;
}

/** Puts the layers, each valid by itself, on top of each other. Changes none of them. */
export function resolveOptions({ flags = {}, file = {}, installed = {} }: Layers): Resolved {
  const layers: [OptionSource, PartialOptions][] = [
    ['flag', flags],
    ['file', file],
    ['installed', installed],
    ['default', defaultOptions()],
  ];
  const options = defaultOptions();
  const sources: Record<string, OptionSource> = {};
  for (const { path } of ALL_OPTIONS) {
    const index = layers.findIndex(([, layer]) => valueAt(layer, path) !== undefined);
    const [source, layer] = layers[index]!;
    setAt(options, path, structuredClone(valueAt(layer, path)));
    sources[path] = source;
  }
  // `agent` may be left out; one form from here on, so that equal peers are equal texts in a task's environment.
  options.node['bgp-peers'] = options.node['bgp-peers'].map((peer) => ({
    peer: peer.peer,
    'as-number': peer['as-number'],
    agent: peer.agent ?? '',
  }));
  dropForeignSums(options, sources, layers);
  const found = inOrder(
    contradictions(options, (path) => sources[path] === 'flag' || sources[path] === 'file'),
  );
  return {
    options,
    sources,
    errors: found.filter(({ level }) => level === 'error'),
    warnings: found.filter(({ level }) => level === 'warning'),
  };
}

/** A sum belongs to the URL of its own layer: with another URL from above it, it is the sum of another file. */
function dropForeignSums(
  options: Options,
  sources: Record<string, OptionSource>,
  layers: [OptionSource, PartialOptions][],
): void {
  const order = layers.map(([source]) => source);
  for (const name of ['etcd', 'calico', 'calico-ipam', 'calicoctl'] as const) {
    const [url, sum] = [`artifacts.${name}.url`, `artifacts.${name}.sha256`];
    const from = order.indexOf(sources[url]!);
    const sumFrom = order.indexOf(sources[sum]!);
    if (from >= sumFrom) continue;
    const itsUrl = layers
      .slice(sumFrom)
      .map(([, layer]) => valueAt(layer, url))
      .find((value) => value !== undefined);
    if (itsUrl === options.artifacts[name].url) continue;
    options.artifacts[name].sha256 = '';
    sources[sum] = sources[url]!;
  }
}
