// Containers and images, as the engine keeps them.

export interface RunOptions {
  name: string;
  image: string;
  command: string[];
  env: string[];
  binds: string[];
  labels: Record<string, string>;
  network: string;
  privileged: boolean;
  restart: string;
  remove: boolean;
  memory: number;
  cpuShares: number;
}

export interface Container {
  id: string;
  options: RunOptions;
  created: number;
  started: number;
  finished: number;
  running: boolean;
  exitCode: number;
  restartCount: number;
  error: string;
  pid: number;
  logs: { stream: 'stdout' | 'stderr'; line: string; at: number }[];
  /** Ends what the container does. */
  halt?: () => void;
  waiters: (() => void)[];
}

export interface Image {
  id: string;
  reference: string;
}

/** A request that the engine refuses, with its own words. */
export class DockerError extends Error {}

/** `calico/node` → `calico/node:latest`. */
export function fullReference(reference: string): string {
  if (reference.includes('@')) return reference;
  const last = reference.slice(reference.lastIndexOf('/') + 1);
  return last.includes(':') ? reference : `${reference}:latest`;
}
