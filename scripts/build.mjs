// Bundles the program into `dist/`. DIST: another place to build to.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle/bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
await bundle({ root, dist: process.env.DIST ? resolve(process.env.DIST) : join(root, 'dist') });
