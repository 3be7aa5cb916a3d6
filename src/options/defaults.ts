import { optionsSchema } from './schema.ts';
import type { Options } from './types.ts';

interface Described {
  default?: unknown;
  properties?: Record<string, Described>;
}

function defaultOf(schema: Described): unknown {
  if (schema.default !== undefined) return structuredClone(schema.default);
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([key, property]) => [key, defaultOf(property)]),
  );
}

/** All options at their defaults: a new object each time, which the caller may change. */
export function defaultOptions(): Options {
  return defaultOf(optionsSchema as Described) as Options;
}
