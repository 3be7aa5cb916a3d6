// Exchanges recorded from the real systems (recordings/README.md). Mend the lab, never a recording.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Recording {
  /** File name without its ending: `015-install`. */
  name: string;
  request: {
    method: string;
    path: string;
    body?: unknown;
    headers?: Record<string, string>;
    server?: string;
  };
  response: { status: number; headers: Record<string, string>; body: unknown };
  note?: string;
}

const folder = join(import.meta.dirname, 'recordings');

/** All recordings of one system (`marathon-1.11.24`, `marathon-1.7.216`, `mesos-1.11.1`, `etcd-3.4.23`), in their order. */
export function recordings(system: string, below = ''): Recording[] {
  return readdirSync(join(folder, system, below))
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      ...(JSON.parse(readFileSync(join(folder, system, below, file), 'utf8')) as Omit<Recording, 'name'>),
    }));
}
