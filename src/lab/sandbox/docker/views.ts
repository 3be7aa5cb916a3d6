// What docker says of its engine, containers and images: the objects behind `info`, `version`, `inspect` and `ps`.
import type { Machine } from '../machine.ts';
import type { Container, Image } from './container.ts';
import type { Engine } from './engine.ts';
import { apiVersion, major } from './version.ts';

const KERNEL = '3.10.0-1160.el7.x86_64';

export function clientVersion(version: string): Record<string, unknown> {
  return {
    Platform: { Name: 'Docker Engine - Community' },
    Version: version,
    ApiVersion: apiVersion(version),
    DefaultAPIVersion: apiVersion(version),
    GitCommit: '5d6db84',
    GoVersion: 'go1.18.10',
    Os: 'linux',
    Arch: 'amd64',
    BuildTime: 'Tue Apr  4 18:18:42 2023',
    Context: 'default',
    Experimental: true,
  };
}

export function serverVersion(version: string): Record<string, unknown> {
  return {
    Platform: { Name: 'Docker Engine - Community' },
    Version: version,
    ApiVersion: apiVersion(version),
    MinAPIVersion: '1.12',
    GitCommit: '9997c60',
    GoVersion: 'go1.18.10',
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: KERNEL,
    BuildTime: '2023-04-04T18:17:08.000000000+00:00',
  };
}

export function infoObject(machine: Machine): Record<string, unknown> {
  const { engine } = machine;
  const running = engine.containers.filter((container) => container.running).length;
  const { config, shown, version } = engine;
  const list = (key: string) => (Array.isArray(config[key]) ? config[key] : []);
  const info: Record<string, unknown> = {
    ID: 'AB4N:CSQV:3PZZ:A3LX:TXNY:BZPL:XZCD:JAMD:ABCD:EFGH:IJKL:MNOP',
    Containers: engine.containers.length,
    ContainersRunning: running,
    ContainersPaused: 0,
    ContainersStopped: engine.containers.length - running,
    Images: engine.images.length,
    Driver: config['storage-driver'] ?? 'overlay',
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: ['json-file'],
    },
    Debug: config.debug === true,
    SystemTime: new Date(machine.clock.now()).toISOString(),
    LoggingDriver: config['log-driver'] ?? 'json-file',
    CgroupDriver: 'cgroupfs',
    KernelVersion: KERNEL,
    OperatingSystem: 'CentOS Linux 7 (Core)',
    OSType: 'linux',
    Architecture: 'x86_64',
    RegistryConfig: {
      InsecureRegistryCIDRs: ['127.0.0.0/8', ...list('insecure-registries')],
      Mirrors: list('registry-mirrors'),
    },
    NCPU: 4,
    MemTotal: 16657276928,
    DockerRootDir: config['data-root'] ?? config.graph ?? '/var/lib/docker',
    Name: machine.address,
    Labels: list('labels'),
    ExperimentalBuild: false,
    ServerVersion: version,
    Runtimes: { runc: { path: 'runc' } },
    DefaultRuntime: config['default-runtime'] ?? 'runc',
    Swarm: { NodeID: '', NodeAddr: '', LocalNodeState: 'inactive', ControlAvailable: false, Error: '' },
    LiveRestoreEnabled: config['live-restore'] === true,
    InitBinary: 'docker-init',
    SecurityOptions: ['name=seccomp,profile=default'],
    Warnings: null,
  };
  // Gone with Docker 23; before, empty where there is no store.
  if (major(version) < 23) {
    info.ClusterStore = shown.store;
    info.ClusterAdvertise = shown.advertise;
  }
  return info;
}

/** `docker info` as text; indented below "Server:" since 19.03. */
export function infoText(machine: Machine): string {
  const info = infoObject(machine);
  const { engine } = machine;
  const nested = major(engine.version) >= 19;
  const lines = [
    `Containers: ${info.Containers}`,
    ` Running: ${info.ContainersRunning}`,
    ` Paused: 0`,
    ` Stopped: ${info.ContainersStopped}`,
    `Images: ${info.Images}`,
    `Server Version: ${info.ServerVersion}`,
    `Storage Driver: ${info.Driver}`,
    `Logging Driver: ${info.LoggingDriver}`,
    `Cgroup Driver: ${info.CgroupDriver}`,
    'Plugins:',
    ' Volume: local',
    ' Network: bridge host ipvlan macvlan null overlay',
    'Swarm: inactive',
    'Runtimes: runc',
    `Default Runtime: ${info.DefaultRuntime}`,
    'Init Binary: docker-init',
    `Kernel Version: ${KERNEL}`,
    'Operating System: CentOS Linux 7 (Core)',
    'OSType: linux',
    'Architecture: x86_64',
    'CPUs: 4',
    'Total Memory: 15.51GiB',
    `Name: ${info.Name}`,
    `ID: ${info.ID}`,
    `Docker Root Dir: ${info.DockerRootDir}`,
    `Debug Mode: ${info.Debug}`,
  ];
  if (info.ClusterStore) {
    lines.push(`Cluster Store: ${info.ClusterStore}`);
    if (info.ClusterAdvertise) lines.push(`Cluster Advertise: ${info.ClusterAdvertise}`);
  }
  const labels = info.Labels as string[];
  if (labels.length) lines.push('Labels:', ...labels.map((label) => ` ${label}`));
  lines.push('Experimental: false', 'Insecure Registries:', ' 127.0.0.0/8');
  lines.push(`Live Restore Enabled: ${info.LiveRestoreEnabled}`);
  if (!nested) return `${lines.join('\n')}\n`;
  return `Client:\n Context:    default\n Debug Mode: false\n\nServer:\n${lines.map((line) => ` ${line}`).join('\n')}\n`;
}

/** moby prints nanoseconds. */
export function goTime(ms: number): string {
  return ms ? `${new Date(ms).toISOString().slice(0, -1)}000000Z` : '0001-01-01T00:00:00Z';
}

/** `hostname`: the host's own. */
export function inspectContainer(
  container: Container,
  engine: Engine,
  hostname: string,
): Record<string, unknown> {
  const { options } = container;
  const [policy, retries] = options.restart.split(':');
  return {
    Id: container.id,
    Created: goTime(container.created),
    Path: options.command[0] ?? 'start_runit',
    Args: options.command.slice(1),
    State: {
      Status: container.running ? 'running' : container.started ? 'exited' : 'created',
      Running: container.running,
      Paused: false,
      Restarting: false,
      OOMKilled: false,
      Dead: false,
      Pid: container.pid,
      ExitCode: container.exitCode,
      Error: container.error,
      StartedAt: goTime(container.started),
      FinishedAt: goTime(container.finished),
    },
    Image: engine.image(options.image)?.id ?? '',
    Name: `/${options.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay',
    HostConfig: {
      Binds: options.binds.length ? options.binds : null,
      NetworkMode: options.network,
      RestartPolicy: { Name: policy || 'no', MaximumRetryCount: Number(retries ?? 0) },
      AutoRemove: options.remove,
      Privileged: options.privileged,
      CpuShares: options.cpuShares,
      Memory: options.memory,
    },
    Mounts: options.binds.map((bind) => {
      const [source, destination, mode] = bind.split(':');
      return {
        Type: 'bind',
        Source: source,
        Destination: destination ?? source,
        Mode: mode ?? '',
        RW: mode !== 'ro',
      };
    }),
    Config: {
      // In the host's network a container has the host's name.
      Hostname: options.network === 'host' ? hostname : container.id.slice(0, 12),
      Env: options.env,
      Cmd: options.command.length ? options.command : null,
      Image: options.image,
      Labels: options.labels,
    },
    NetworkSettings: { Networks: { [options.network]: { IPAddress: '' } } },
  };
}

export function inspectImage(image: Image): Record<string, unknown> {
  const repository = image.reference.replace(/[:@][^/]*$/, '');
  return {
    Id: image.id,
    RepoTags: image.reference.includes('@') ? [] : [image.reference],
    RepoDigests: [`${repository}@${image.id}`],
    Created: '2018-11-06T16:36:21.213364586Z',
    Architecture: 'amd64',
    Os: 'linux',
    Size: 281_000_000,
    Config: { Env: [], Cmd: ['start_runit'], Labels: null },
  };
}

/** "Up 3 minutes", "Exited (1) 5 seconds ago" (docker/go-units HumanDuration). */
export function containerStatus(container: Container, now: number): string {
  const human = (ms: number): string => {
    const seconds = Math.floor(ms / 1000);
    if (seconds < 1) return 'Less than a second';
    if (seconds === 1) return '1 second';
    if (seconds < 60) return `${seconds} seconds`;
    const minutes = Math.floor(seconds / 60);
    if (minutes === 1) return 'About a minute';
    if (minutes < 60) return `${minutes} minutes`;
    const hours = Math.round(minutes / 60);
    if (hours === 1) return 'About an hour';
    if (hours < 48) return `${hours} hours`;
    return `${Math.floor(hours / 24)} days`;
  };
  if (container.running) return `Up ${human(now - container.started)}`;
  if (!container.started) return 'Created';
  return `Exited (${container.exitCode}) ${human(now - container.finished)} ago`;
}
