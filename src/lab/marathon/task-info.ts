// What Marathon has Mesos run for an app (mesosphere/marathon 1.11.24: mesosphere/mesos/TaskBuilder.scala, EnvironmentHelper.scala).
import type { Offer, TaskInfo } from '../types.ts';
import type { App } from './app.ts';
import type { MarathonVersion } from './versions.ts';

/** A double as Java writes it: `32.0`, `0.02`. */
function double(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function portsEnv(app: App, ports: readonly number[]): Record<string, string> {
  if (ports.length === 0) return {};
  const env: Record<string, string> = { PORT: String(ports[0]), PORTS: ports.join(',') };
  ports.forEach((port, index) => {
    const definition = app.config.portDefinitions![index]!;
    env[`PORT${index}`] = String(port);
    env[`PORT_${definition.port === 0 ? port : definition.port}`] = String(port);
    if (definition.name) env[`PORT_${definition.name.toUpperCase()}`] = String(port);
  });
  return env;
}

const MAX_VALUE = 512;

function labelsEnv(labels: Record<string, string>): Record<string, string> {
  const names: string[] = [];
  const values: Record<string, string> = {};
  for (const [key, value] of Object.entries(labels)) {
    if (key.length >= MAX_VALUE - 'MARATHON_APP_LABEL_'.length || value.length >= MAX_VALUE) continue;
    const name = key.replaceAll(/[^a-zA-Z0-9_]+/g, '_').toUpperCase();
    names.push(name);
    values[`MARATHON_APP_LABEL_${name}`] = value;
  }
  return { MARATHON_APP_LABELS: names.join(' '), ...values };
}

/** The environment of a task: what Marathon says, then what the app says, which wins. */
export function taskEnv(
  app: App,
  task: { id: string; host: string; ports: readonly number[] },
  version: MarathonVersion,
  enforceRole: boolean | undefined,
): Record<string, string> {
  const { cpus, mem, disk, gpus, labels } = app.config;
  const env: Record<string, string> = {
    MESOS_TASK_ID: task.id,
    MARATHON_APP_ID: app.id,
    MARATHON_APP_VERSION: app.version,
    MARATHON_APP_RESOURCE_CPUS: double(cpus),
    MARATHON_APP_RESOURCE_MEM: double(mem),
    MARATHON_APP_RESOURCE_DISK: double(disk),
    MARATHON_APP_RESOURCE_GPUS: String(gpus),
    ...labelsEnv(labels),
    ...portsEnv(app, task.ports),
    HOST: task.host,
  };
  if (version.roles && enforceRole !== undefined) {
    env.MARATHON_APP_ENFORCE_GROUP_ROLE = String(enforceRole).toUpperCase();
  }
  for (const [name, value] of Object.entries(app.config.env)) {
    if (typeof value === 'string') env[name] = value;
  }
  return env;
}

interface ContainerJson {
  type?: string;
  docker?: { image?: string; parameters?: { key: string; value: string }[] };
}

/** Labels of a container in Docker, as Calico's plugin reads them (`--label org.projectcalico.label.role=web`). */
const DOCKER_LABEL = /^org\.projectcalico\.label\.([^=]+)=(.*)$/;

/** What runs it, and on which network of its own. */
function attachment({ config: { container, networks } }: App): Pick<TaskInfo, 'container' | 'network'> {
  const { type, docker } = (container ?? {}) as ContainerJson;
  const [network] = networks as { mode?: string; name?: string; labels?: Record<string, string> }[];
  const parameters = (docker?.parameters ?? [])
    .map(({ key, value }) => (key === 'label' ? DOCKER_LABEL.exec(value) : null))
    .flatMap((found) => (found ? [[found[1]!, found[2]!] as const] : []));
  return {
    ...(container
      ? {
          container: {
            type: type === 'DOCKER' ? 'DOCKER' : 'MESOS',
            ...(docker?.image === undefined ? {} : { image: docker.image }),
          },
        }
      : {}),
    ...(network?.mode === 'container' && network.name !== undefined
      ? { network: { name: network.name, labels: { ...network.labels, ...Object.fromEntries(parameters) } } }
      : {}),
  };
}

export interface TaskOrder {
  id: string;
  app: App;
  offer: Offer;
  ports: number[];
  frameworkId: string;
  version: MarathonVersion;
  enforceRole: boolean | undefined;
}

export function taskInfo({ id, app, offer, ports, frameworkId, version, enforceRole }: TaskOrder): TaskInfo {
  const { config } = app;
  const [health] = config.healthChecks;
  const info: TaskInfo = {
    id,
    appId: app.id,
    frameworkId,
    agentId: offer.agentId,
    cmd: config.cmd ?? (config.args ?? []).join(' '),
    env: taskEnv(app, { id, host: offer.host, ports }, version, enforceRole),
    user: config.user ?? 'root',
    role: config.role ?? 'slave_public',
    cpus: config.cpus,
    mem: config.mem,
    disk: config.disk,
    ports: ports.map((port, index) => ({ port, name: config.portDefinitions![index]!.name ?? '' })),
    ...attachment(app),
    // Mesos' own default when the app says nothing (mesos 1.11: src/slave/flags.hpp, executor_shutdown_grace_period is 5 s;
    // the task's kill policy defaults to 3 s).
    killGraceSeconds: config.taskKillGracePeriodSeconds ?? 3,
  };
  if (health?.protocol === 'COMMAND' && health.command) {
    const { gracePeriodSeconds, intervalSeconds, timeoutSeconds, delaySeconds, maxConsecutiveFailures } =
      health;
    info.healthCheck = {
      command: health.command.value,
      gracePeriodSeconds,
      intervalSeconds,
      timeoutSeconds,
      delaySeconds,
      maxConsecutiveFailures,
    };
  }
  const { check } = config;
  if (check?.exec) {
    const { intervalSeconds, timeoutSeconds, delaySeconds } = check;
    info.check = { command: check.exec.command.shell, intervalSeconds, timeoutSeconds, delaySeconds };
  }
  return info;
}
