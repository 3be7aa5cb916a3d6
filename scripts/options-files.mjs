// Writes what is made from the schema of the options: the published schema and the reference page. A test holds them fresh.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { optionsReference } from '../src/options/reference.ts';
import { optionsSchema } from '../src/options/schema.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
for (const folder of ['schemas', 'docs']) mkdirSync(join(root, folder), { recursive: true });
writeFileSync(join(root, 'schemas/options.json'), `${JSON.stringify(optionsSchema, null, 2)}\n`);
writeFileSync(join(root, 'docs/options.md'), optionsReference());
