// Options for tests: the defaults, some of them changed; and the largest that the schema allows.
import { defaultOptions } from '../../src/options/defaults.ts';
import { optionsSchema } from '../../src/options/schema.ts';
import type { Options } from '../../src/options/types.ts';

type Changes = { [Section in keyof Options]?: Partial<Options[Section]> };

export function optionsWith(changes: Changes = {}): Options {
  const options = defaultOptions();
  for (const [section, values] of Object.entries(changes)) {
    Object.assign(options[section as keyof Options], values);
  }
  return options;
}

interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
  maxItems?: number;
  maxLength?: number;
  maximum?: number;
  default?: unknown;
}

/** A value as long as the schema lets it be. Patterns are not looked at: characters that JSON need not escape. */
function largest(schema: Schema): unknown {
  if (schema.enum) return [...schema.enum].sort((a, b) => String(b).length - String(a).length)[0];
  if (schema.properties) {
    return Object.fromEntries(Object.entries(schema.properties).map(([key, each]) => [key, largest(each)]));
  }
  if (schema.items) return Array.from({ length: schema.maxItems ?? 0 }, () => largest(schema.items!));
  if (schema.type === 'string') return 'x'.repeat(schema.maxLength ?? 0);
  if (schema.type === 'boolean') return false;
  if (schema.type === 'number' || schema.type === 'integer') return schema.maximum;
  return schema.default;
}

export function largestOptions(): Options {
  return largest(optionsSchema as Schema) as Options;
}
