// What a sandbox host is made from: data, so that a test, a lab file and a fault plan say the same thing in the same words.
import type { Clock } from '../clock.ts';
import type { DcosVersion, Random } from '../types.ts';
import type { Faults } from './faults.ts';

export interface DockerSpec {
  /** `20.10.24`, `19.03.15`, `18.09.9`, `1.13.1`, `23.0.6` … */
  version?: string;
  /** `absent`: no client, no daemon, no unit. `stopped`: installed, not running. */
  state?: 'running' | 'stopped' | 'absent';
  /** Content of `/etc/docker/daemon.json`; a string is written as it is, broken JSON included. Undefined: no file. */
  daemonJson?: unknown;
  /** Arguments of dockerd in the drop-in `execstart.conf`, besides `--storage-driver=overlay`. */
  flags?: string[];
  /** References of the images that are there already. */
  images?: string[];
  /** References that a pull finds; undefined: any. */
  registry?: string[];
  /** Containers that others run on this host, by name. `restart` is Docker's policy, by default `always`. */
  containers?: { name: string; image: string; env?: string[]; binds?: string[]; restart?: string }[];
  /** A newer dockerd was put on the disk since the running one was started. */
  versionOnDisk?: string;
}

/** A host beyond what Mesos knows of it. Every field has the default of an ordinary agent of that DC/OS version. */
export interface MachineSpec {
  docker?: DockerSpec;
  systemd?: {
    /** 219 is CentOS 7's, which does not know `SYSTEMCTL_FORCE_BUS`. Default 252. */
    version?: number;
    busctl?: boolean;
    dbusSend?: boolean;
  };
  cgroups?: 'legacy' | 'hybrid' | 'unified';
  /** DC/OS ≥ 2.1: its own Calico is on. */
  nativeCalico?: boolean;
  /** Kernel modules that `modprobe` finds; undefined: all that Calico needs. */
  kernelModules?: string[];
  /** Commands that are not on this host. */
  absentTools?: string[];
  /** Further files, by absolute path on the host. Units among them are enabled, and started. */
  files?: Record<string, string>;
  /** Ports taken by something else: `{2379: 'etcd'}`. */
  portsInUse?: Record<number, string>;
  /** Kilobytes free on every file system, as `df` says. Default 20 GiB. */
  freeKilobytes?: number;
}

/** What a host reaches over the network: everything else does not resolve, or refuses. */
export interface NetworkSpec {
  /** `HOST:PORT`, `HOST` or `*` → base URL of a server on this machine: `{'github.com': 'http://127.0.0.1:4321'}`. */
  routes?: Record<string, string>;
  /** SRV records: `{'_etcd-server._tcp.etcd.mesos': ['10.0.0.11:2380']}`. */
  srv?: Record<string, string[]>;
}

export interface HostSpec extends MachineSpec {
  /** The host's root; made when it is missing. */
  dir: string;
  address: string;
  public?: boolean;
  dcos?: DcosVersion;
  faults?: Faults;
  random?: Random;
  clock?: Clock;
  network?: NetworkSpec;
}
