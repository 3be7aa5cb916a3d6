// dockerd's configuration file, as dockerd reads it (moby daemon/config, 1.13 to 23).
import { readFileSync } from 'node:fs';
import { goJsonProblem } from './go-json.ts';
import { major } from './version.ts';

export type DaemonConfig = Record<string, unknown>;

const KNOWN = new Set(
  (
    'allow-nondistributable-artifacts api-cors-header authorization-plugins bip bridge builder cgroup-parent cluster-advertise ' +
    'cluster-store cluster-store-opts containerd containerd-namespace containerd-plugin-namespace cpu-rt-period cpu-rt-runtime ' +
    'data-root debug default-address-pools default-cgroupns-mode default-gateway default-gateway-v6 default-ipc-mode ' +
    'default-network-opts default-runtime default-shm-size default-ulimits disable-legacy-registry dns dns-opts dns-search ' +
    'exec-opts exec-root experimental features fixed-cidr fixed-cidr-v6 graph group hosts icc init init-path insecure-registries ' +
    'ip ip-forward ip-masq ip6tables iptables ipv6 labels live-restore log-driver log-level log-opts max-concurrent-downloads ' +
    'max-concurrent-uploads max-download-attempts metrics-addr mtu no-new-privileges node-generic-resources oom-score-adjust ' +
    'pidfile proxies raw-logs registry-mirrors rootless runtimes seccomp-profile selinux-enabled shutdown-timeout storage-driver ' +
    'storage-opts swarm-default-advertise-addr tls tlscacert tlscert tlskey tlsverify userland-proxy userland-proxy-path userns-remap'
  ).split(' '),
);

/** Keys that a SIGHUP takes (moby daemon/reload.go); the others wait for a restart. */
export const RELOADABLE = [
  ...[
    'debug',
    'labels',
    'live-restore',
    'max-concurrent-downloads',
    'max-concurrent-uploads',
    'insecure-registries',
  ],
  ...[
    'registry-mirrors',
    'default-runtime',
    'runtimes',
    'shutdown-timeout',
    'features',
    'allow-nondistributable-artifacts',
  ],
];

/** Flags whose name in the file is the same; plural ones that the file merges are left out. */
function flagValue(args: readonly string[], name: string): string | undefined {
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (argument === `--${name}`) return args[i + 1]?.startsWith('--') === false ? args[i + 1] : 'true';
    if (argument.startsWith(`--${name}=`)) return argument.slice(name.length + 3);
  }
  return undefined;
}

export interface Loaded {
  /** The file's keys, and those flags that matter here. */
  config: DaemonConfig;
  file: DaemonConfig;
}

/** Reads `daemon.json` and dockerd's arguments. Throws with dockerd's own message. */
export function loadConfig(path: string, shown: string, args: readonly string[], version: string): Loaded {
  let text: string | undefined;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw new Error(
        `unable to configure the Docker daemon with file ${shown}: open ${shown}: permission denied`,
      );
    }
  }
  let file: DaemonConfig = {};
  const refuse = (why: string) =>
    new Error(`unable to configure the Docker daemon with file ${shown}: ${why}`);
  if (text !== undefined && text.trim() === '') {
    // moby ≥ 19.03 takes an empty file as no file; before, it is the end of JSON too early.
    if (major(version) < 19) throw refuse('EOF');
  } else if (text !== undefined) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw refuse(goJsonProblem(text) ?? 'invalid character after top-level value');
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw refuse('json: cannot unmarshal array into Go value of type map[string]interface {}');
    }
    file = parsed as DaemonConfig;
  }
  const known = (key: string) => KNOWN.has(key) && !(major(version) >= 23 && key.startsWith('cluster-'));
  const unknown = Object.keys(file).filter((key) => !known(key));
  if (unknown.length) {
    throw refuse(`the following directives don't match any configuration option: ${unknown.join(', ')}`);
  }
  const conflicts: string[] = [];
  for (const key of Object.keys(file)) {
    const flag = flagValue(args, key);
    if (flag !== undefined) conflicts.push(`${key}: (from flag: ${flag}, from file: ${goValue(file[key])})`);
  }
  if (conflicts.length) {
    throw refuse(
      `the following directives are specified both as a flag and in the configuration file: ${conflicts.join(', ')}`,
    );
  }
  const config: DaemonConfig = { ...file };
  for (const key of [
    'cluster-store',
    'cluster-advertise',
    'live-restore',
    'storage-driver',
    'data-root',
    'graph',
  ]) {
    const flag = flagValue(args, key);
    if (flag !== undefined) config[key] = flag === 'true' ? true : flag;
  }
  if (major(version) >= 23 && ['cluster-store', 'cluster-advertise'].some((key) => key in config)) {
    throw new Error("unknown flag: --cluster-store\nSee 'dockerd --help'.");
  }
  return { config, file };
}

function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  if (value && typeof value === 'object') {
    return `map[${Object.entries(value)
      .map(([key, entry]) => `${key}:${goValue(entry)}`)
      .join(' ')}]`;
  }
  return String(value);
}
