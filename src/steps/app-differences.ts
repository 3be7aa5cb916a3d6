// Is the app that Marathon has the one we put? Marathon adds its defaults, and orders sets as it likes.
import type { AppDefinition, MarathonApp } from '../dcos/types.ts';

export interface AppDifference {
  /** `cmd`, `env.DCOS_CALICO_MODE`, `constraints`. */
  field: string;
  read: unknown;
  wanted: unknown;
}

/** What Marathon 1.4 to 1.11 say of an app that did not say it (recorded). */
const DEFAULTS: Record<string, unknown> = {
  args: null,
  constraints: [],
  container: null,
  dependencies: [],
  executor: '',
  executorResources: null,
  fetch: [],
  healthChecks: [],
  gpus: 0,
  ipAddress: null,
  killSelection: 'YOUNGEST_FIRST',
  labels: {},
  networks: [{ mode: 'host' }],
  portDefinitions: [],
  readinessChecks: [],
  requirePorts: false,
  residency: null,
  secrets: {},
  storeUrls: [],
  taskRateLimit: null,
  tty: null,
  uris: [],
};

/** Not part of a definition, or derived from one: versions, counts, tasks; `ports` repeats `portDefinitions` on old ones. */
const NOT_COMPARED = new Set([
  'id',
  'instances',
  'version',
  'versionInfo',
  'tasksStaged',
  'tasksRunning',
  'tasksHealthy',
  'tasksUnhealthy',
  'tasks',
  'taskStats',
  'tasksStats',
  'deployments',
  'lastTaskFailure',
  'readinessCheckResults',
  'ports',
]);

/** Marathon keeps these as sets. */
const UNORDERED = new Set(['constraints', 'acceptedResourceRoles']);

/** A text that is equal for equal values, whatever the order of their keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, of]) => `${JSON.stringify(key)}:${canonical(of)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Parts of lists that Marathon completes: the same defaults added to both sides. */
function completed(field: string, value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const add = (defaults: object) => value.map((item) => ({ ...defaults, ...item }));
  if (field === 'healthChecks') return add({ delaySeconds: 15, ipProtocol: 'IPv4' });
  if (field === 'portDefinitions') return add({ labels: {}, protocol: 'tcp' });
  if (UNORDERED.has(field)) return value.map(canonical).sort();
  return value;
}

/**
 * The fields in which `read`, an app as Marathon answers it, is not `wanted`; none: the same. `instances` is left out: it is
 * scale, not definition. `role` of a Marathon that knows it counts only where `wanted` says one.
 */
export function appDifferences(read: MarathonApp, wanted: AppDefinition): AppDifference[] {
  const differences: AppDifference[] = [];
  const theirs = read as unknown as Record<string, unknown>;
  const ours = wanted as unknown as Record<string, unknown>;
  for (const field of [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort()) {
    if (NOT_COMPARED.has(field)) continue;
    if (field === 'role' && ours.role === undefined) continue;
    if (field === 'env') {
      differences.push(...envDifferences(read.env ?? {}, wanted.env));
      continue;
    }
    const expected = field in ours ? ours[field] : DEFAULTS[field];
    const found = field in theirs ? theirs[field] : DEFAULTS[field];
    if (canonical(completed(field, found)) !== canonical(completed(field, expected))) {
      differences.push({ field, read: found, wanted: expected });
    }
  }
  return differences;
}

function envDifferences(read: Record<string, string>, wanted: Record<string, string>): AppDifference[] {
  return [...new Set([...Object.keys(read), ...Object.keys(wanted)])]
    .sort()
    .filter((name) => read[name] !== wanted[name])
    .map((name) => ({ field: `env.${name}`, read: read[name], wanted: wanted[name] }));
}
