// An app as it was put → as Marathon keeps it, every default filled in (mesosphere/marathon 1.11.24: api/v2/AppNormalization.scala).
import type { AppCheck, AppConfig, AppHealthCheck, NewApp, PortDefinition } from './app.ts';
import { absolute, parentOf } from './groups.ts';
import type { MarathonVersion } from './versions.ts';

export type AppJson = Record<string, unknown>;

/** Service ports are assigned from here (`local_port_min` in /v2/info). */
const FIRST_SERVICE_PORT = 10_000;

function healthCheck(json: Record<string, unknown>): AppHealthCheck {
  const { command, path, port, portIndex } = json as Partial<AppHealthCheck>;
  return {
    ...(command ? { command: { value: command.value } } : {}),
    gracePeriodSeconds: (json.gracePeriodSeconds as number | undefined) ?? 300,
    intervalSeconds: (json.intervalSeconds as number | undefined) ?? 60,
    maxConsecutiveFailures: (json.maxConsecutiveFailures as number | undefined) ?? 3,
    ...(path !== undefined ? { path } : {}),
    ...(port !== undefined ? { port } : {}),
    ...(portIndex !== undefined ? { portIndex } : {}),
    protocol: (json.protocol as string | undefined) ?? 'HTTP',
    ipProtocol: (json.ipProtocol as string | undefined) ?? 'IPv4',
    timeoutSeconds: (json.timeoutSeconds as number | undefined) ?? 20,
    delaySeconds: (json.delaySeconds as number | undefined) ?? 15,
  };
}

function check(json: Record<string, unknown>): AppCheck {
  const { exec } = json as Partial<AppCheck>;
  return {
    ...(exec ? { exec: { command: { shell: exec.command.shell } } } : {}),
    intervalSeconds: (json.intervalSeconds as number | undefined) ?? 60,
    timeoutSeconds: (json.timeoutSeconds as number | undefined) ?? 20,
    delaySeconds: (json.delaySeconds as number | undefined) ?? 15,
  };
}

function portDefinition(json: Record<string, unknown>): PortDefinition {
  const { port, name, protocol, labels } = json as Partial<PortDefinition>;
  return {
    port: port ?? 0,
    ...(labels && Object.keys(labels).length > 0 ? { labels } : {}),
    ...(name !== undefined ? { name } : {}),
    protocol: protocol ?? 'tcp',
  };
}

function portDefinitions(json: AppJson): PortDefinition[] {
  const definitions = json.portDefinitions as Record<string, unknown>[] | undefined;
  if (definitions) return definitions.map(portDefinition);
  const ports = (json.ports as number[] | undefined) ?? [0];
  return ports.map((port, index) =>
    portDefinition(index === 0 && !json.ports ? { port, name: 'default' } : { port }),
  );
}

/** Fields in which `null` or nothing means that there is none. */
function optional(json: AppJson, version: MarathonVersion): Partial<AppConfig> {
  const result: Partial<AppConfig> = {};
  if (Array.isArray(json.acceptedResourceRoles)) result.acceptedResourceRoles = json.acceptedResourceRoles;
  if (Array.isArray(json.args) && json.args.length > 0) result.args = json.args;
  if (typeof json.cmd === 'string') result.cmd = json.cmd;
  if (json.container) result.container = json.container as Record<string, unknown>;
  if (typeof json.taskKillGracePeriodSeconds === 'number') {
    result.taskKillGracePeriodSeconds = json.taskKillGracePeriodSeconds;
  }
  if (typeof json.user === 'string') result.user = json.user;
  if (version.checks && json.check) result.check = check(json.check as Record<string, unknown>);
  return result;
}

/** `id` is where it is put; relative ids in it are below its group. */
export function normalize(
  json: AppJson,
  id: string,
  version: MarathonVersion,
  defaultRole: string | undefined,
): NewApp {
  const upgrade = (json.upgradeStrategy ?? {}) as Partial<AppConfig['upgradeStrategy']>;
  const unreachable = json.unreachableStrategy as AppConfig['unreachableStrategy'] | undefined;
  const numberOr = (name: string, otherwise: number): number =>
    (json[name] as number | undefined | null) ?? otherwise;
  const config: AppConfig = {
    ...optional(json, version),
    backoffFactor: numberOr('backoffFactor', 1.15),
    backoffSeconds: numberOr('backoffSeconds', 1),
    constraints: (json.constraints as string[][] | undefined) ?? [],
    cpus: numberOr('cpus', 1),
    dependencies: ((json.dependencies as string[] | undefined) ?? []).map((dependency) =>
      absolute(dependency, parentOf(id)),
    ),
    disk: numberOr('disk', 0),
    env: (json.env as Record<string, unknown> | undefined) ?? {},
    executor: (json.executor as string | undefined) ?? '',
    fetch: (json.fetch as unknown[] | undefined) ?? [],
    healthChecks: ((json.healthChecks as Record<string, unknown>[] | undefined) ?? []).map(healthCheck),
    labels: (json.labels as Record<string, string> | undefined) ?? {},
    maxLaunchDelaySeconds: numberOr('maxLaunchDelaySeconds', version.maxLaunchDelaySeconds),
    mem: numberOr('mem', 128),
    gpus: numberOr('gpus', 0),
    networks: (json.networks as Record<string, unknown>[] | undefined) ?? [{ mode: 'host' }],
    portDefinitions: portDefinitions(json),
    readinessChecks: (json.readinessChecks as unknown[] | undefined) ?? [],
    requirePorts: (json.requirePorts as boolean | undefined) ?? false,
    secrets: (json.secrets as Record<string, unknown> | undefined) ?? {},
    upgradeStrategy: {
      maximumOverCapacity: upgrade.maximumOverCapacity ?? 1,
      minimumHealthCapacity: upgrade.minimumHealthCapacity ?? 1,
    },
    killSelection: (json.killSelection as string | undefined) ?? 'YOUNGEST_FIRST',
    unreachableStrategy:
      typeof unreachable === 'string'
        ? 'disabled'
        : {
            inactiveAfterSeconds: unreachable?.inactiveAfterSeconds ?? 0,
            expungeAfterSeconds: unreachable?.expungeAfterSeconds ?? 0,
          },
  };
  if (version.roles) config.role = (json.role as string | undefined) ?? defaultRole ?? 'slave_public';
  return { id, instances: numberOr('instances', 1), config };
}

/** Gives each definition with port 0 a service port that no other app has (AssignDynamicServiceLogic.scala). */
export function withServicePorts(app: NewApp, taken: ReadonlySet<number>, before?: AppConfig): NewApp {
  const definitions = app.config.portDefinitions ?? [];
  if (!definitions.some(({ port }) => port === 0)) return app;
  const own = (before?.portDefinitions ?? []).map(({ port }) => port);
  const used = new Set([...taken, ...definitions.map(({ port }) => port)]);
  let candidate = FIRST_SERVICE_PORT;
  const assigned = definitions.map((definition, index) => {
    if (definition.port !== 0) return definition;
    const kept = own[index];
    if (kept !== undefined && kept >= FIRST_SERVICE_PORT && !definitions.some(({ port }) => port === kept)) {
      return { ...definition, port: kept };
    }
    while (used.has(candidate)) candidate++;
    used.add(candidate);
    return { ...definition, port: candidate };
  });
  return { ...app, config: { ...app.config, portDefinitions: assigned } };
}
