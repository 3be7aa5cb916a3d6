// Apps as answers have them.
import { float } from '../http.ts';
import type { App } from './app.ts';
import type { MarathonVersion } from './versions.ts';

type Json = Record<string, unknown>;

/** Lists and maps that are left out when empty (`omitEmpty` in app.raml). */
function filled(name: string, value: unknown[] | Record<string, unknown> | undefined): Json {
  const size = Array.isArray(value) ? value.length : Object.keys(value ?? {}).length;
  return size > 0 ? { [name]: value } : {};
}

function defined(name: string, value: unknown): Json {
  return value === undefined ? {} : { [name]: value };
}

/** Marathon 1.4: all fields always (api/v2/json/Formats.scala, AppDefWrites). */
function renderOld(app: App): Json {
  const { config } = app;
  return {
    id: app.id,
    cmd: config.cmd ?? null,
    args: config.args ?? null,
    user: config.user ?? null,
    env: config.env,
    instances: app.instances,
    cpus: config.cpus,
    mem: config.mem,
    disk: config.disk,
    gpus: config.gpus,
    executor: config.executor,
    constraints: config.constraints,
    uris: [],
    fetch: config.fetch,
    storeUrls: [],
    backoffSeconds: config.backoffSeconds,
    backoffFactor: config.backoffFactor,
    maxLaunchDelaySeconds: config.maxLaunchDelaySeconds,
    container: config.container ?? null,
    healthChecks: config.healthChecks,
    readinessChecks: config.readinessChecks,
    dependencies: config.dependencies,
    upgradeStrategy: config.upgradeStrategy,
    labels: config.labels,
    ipAddress: null,
    version: app.version,
    residency: null,
    secrets: config.secrets,
    taskKillGracePeriodSeconds: config.taskKillGracePeriodSeconds ?? null,
    unreachableStrategy: config.unreachableStrategy,
    killSelection: config.killSelection,
    ...defined('acceptedResourceRoles', config.acceptedResourceRoles),
    ports: (config.portDefinitions ?? []).map(({ port }) => port),
    portDefinitions: config.portDefinitions,
    requirePorts: config.requirePorts,
    versionInfo: { lastScalingAt: app.lastScalingAt, lastConfigChangeAt: app.lastConfigChangeAt },
  };
}

export function renderApp(app: App, version: MarathonVersion): Json {
  if (!version.networks) return renderOld(app);
  const { config } = app;
  const number = version.roles ? float : (value: number): unknown => value;
  return {
    id: app.id,
    ...defined('acceptedResourceRoles', config.acceptedResourceRoles),
    ...defined('args', config.args),
    backoffFactor: config.backoffFactor,
    backoffSeconds: config.backoffSeconds,
    ...defined('cmd', config.cmd),
    ...filled('constraints', config.constraints),
    ...defined('container', config.container),
    cpus: number(config.cpus),
    ...filled('dependencies', config.dependencies),
    disk: number(config.disk),
    ...filled('env', config.env),
    executor: config.executor,
    ...filled('fetch', config.fetch),
    ...filled('healthChecks', config.healthChecks),
    ...defined('check', config.check),
    instances: app.instances,
    labels: config.labels,
    maxLaunchDelaySeconds: config.maxLaunchDelaySeconds,
    mem: number(config.mem),
    gpus: config.gpus,
    networks: config.networks,
    portDefinitions: config.portDefinitions,
    ...filled('readinessChecks', config.readinessChecks),
    requirePorts: config.requirePorts,
    ...filled('secrets', config.secrets),
    ...defined('taskKillGracePeriodSeconds', config.taskKillGracePeriodSeconds),
    upgradeStrategy: {
      maximumOverCapacity: number(config.upgradeStrategy.maximumOverCapacity),
      minimumHealthCapacity: number(config.upgradeStrategy.minimumHealthCapacity),
    },
    ...defined('user', config.user),
    version: app.version,
    versionInfo: { lastScalingAt: app.lastScalingAt, lastConfigChangeAt: app.lastConfigChangeAt },
    killSelection: config.killSelection,
    unreachableStrategy: config.unreachableStrategy,
    ...(version.roles ? { role: config.role } : {}),
  };
}
