// Apps and groups as Marathon keeps them: immutable, with the version that Marathon itself gave them.

export interface PortDefinition {
  port: number;
  protocol: string;
  name?: string;
  labels?: Record<string, string>;
}

export interface AppHealthCheck {
  protocol: string;
  command?: { value: string };
  path?: string;
  port?: number;
  portIndex?: number;
  gracePeriodSeconds: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  delaySeconds: number;
  maxConsecutiveFailures: number;
  ipProtocol: string;
}

export interface AppCheck {
  exec?: { command: { shell: string } };
  intervalSeconds: number;
  timeoutSeconds: number;
  delaySeconds: number;
}

/** What an operator puts, with every default filled in. Fields that are left out are absent from answers, too. */
export interface AppConfig {
  acceptedResourceRoles?: string[];
  args?: string[];
  backoffFactor: number;
  backoffSeconds: number;
  cmd?: string;
  constraints: string[][];
  container?: Record<string, unknown>;
  cpus: number;
  dependencies: string[];
  disk: number;
  env: Record<string, unknown>;
  executor: string;
  fetch: unknown[];
  healthChecks: AppHealthCheck[];
  check?: AppCheck;
  labels: Record<string, string>;
  maxLaunchDelaySeconds: number;
  mem: number;
  gpus: number;
  networks: Record<string, unknown>[];
  portDefinitions?: PortDefinition[];
  readinessChecks: unknown[];
  requirePorts: boolean;
  secrets: Record<string, unknown>;
  taskKillGracePeriodSeconds?: number;
  upgradeStrategy: { maximumOverCapacity: number; minimumHealthCapacity: number };
  user?: string;
  killSelection: string;
  unreachableStrategy: 'disabled' | { inactiveAfterSeconds: number; expungeAfterSeconds: number };
  role?: string;
}

export interface App {
  id: string;
  instances: number;
  config: AppConfig;
  /** Equal for equal configurations. */
  key: string;
  version: string;
  lastScalingAt: string;
  lastConfigChangeAt: string;
  /** A restart was asked for: it gets a new version although nothing changed. */
  restart?: true;
}

/** An app before Marathon has given it a version. */
export interface NewApp {
  id: string;
  instances: number;
  config: AppConfig;
}

/** JSON with its keys in order. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`);
  return `{${entries.join(',')}}`;
}

const NO_VERSION = '1970-01-01T00:00:00.000Z';

export function unversioned({ id, instances, config }: NewApp): App {
  return {
    id,
    instances,
    config,
    key: canonical(config),
    version: NO_VERSION,
    lastScalingAt: NO_VERSION,
    lastConfigChangeAt: NO_VERSION,
  };
}

/** The group `/` and all below it, at one version: all groups of a tree carry the version of its last change. */
export interface Group {
  id: string;
  apps: ReadonlyMap<string, App>;
  groups: ReadonlyMap<string, Group>;
  dependencies: readonly string[];
  enforceRole?: boolean;
}

export interface Root {
  version: string;
  group: Group;
}

export const EMPTY_ROOT: Root = {
  version: NO_VERSION,
  group: { id: '/', apps: new Map(), groups: new Map(), dependencies: [] },
};
