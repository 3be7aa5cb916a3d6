// Options by path: `node.ipip`, `artifacts.etcd.url`. A list is one value, whatever is in it.
import { optionsSchema } from './schema.ts';
import type { Constraints } from './schema-types.ts';
import type { Options } from './types.ts';

/** Options of which any may be missing: a file, flags, what an older version has written. */
export type PartialOptions = { [S in keyof Options]?: PartialSection<Options[S]> };
type PartialSection<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] ? T[K] : T[K] extends object ? Partial<T[K]> : T[K];
};

export interface SchemaNode extends Constraints {
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  'x-allowed'?: string;
}

export interface OptionAt {
  path: string;
  schema: SchemaNode;
}

function below(prefix: string, schema: SchemaNode): OptionAt[] {
  if (schema.default !== undefined) return [{ path: prefix, schema }];
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) =>
    below(prefix ? `${prefix}.${key}` : key, property as SchemaNode),
  );
}

/** Every option, in the order of the schema. */
export const ALL_OPTIONS: readonly OptionAt[] = below('', optionsSchema as unknown as SchemaNode);

const BY_PATH = new Map(ALL_OPTIONS.map((option) => [option.path, option]));

export function optionAt(path: string): OptionAt | undefined {
  return BY_PATH.get(path);
}

/** The value at a path, or undefined. Looks at own keys only. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const key of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** Sets the value at the path of an option, making the objects on the way. */
export function setAt(object: object, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  let target = object as Record<string, unknown>;
  for (const key of keys) {
    if (!Object.hasOwn(target, key)) target[key] = {};
    target = target[key] as Record<string, unknown>;
  }
  target[last] = value;
}

/** The part of the schema that describes a value by its JSON pointer (`/node/bgp-peers/0/peer`), and the option that it belongs to. */
export function schemaOf(pointer: string): { node: SchemaNode | undefined; option: string } {
  let node: SchemaNode | undefined = optionsSchema as unknown as SchemaNode;
  const option: string[] = [];
  for (const key of pointer.split('/').slice(1)) {
    if (!node) break;
    if (node.properties && Object.hasOwn(node.properties, key)) {
      if (node.default === undefined && !node.items) option.push(key);
      node = node.properties[key] as SchemaNode;
    } else {
      const list: Constraints | undefined = node.items ? node : node.anyOf?.find((branch) => branch.items);
      node = list?.items as SchemaNode | undefined;
    }
  }
  return { node, option: option.join('.') };
}
