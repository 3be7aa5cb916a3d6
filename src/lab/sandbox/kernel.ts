// The kernel's network state on a host, as far as Calico touches it.
import type { HostSpec } from './spec.ts';

export interface Link {
  name: string;
  up: boolean;
  mtu: number;
  addresses: string[];
  kind?: string;
}

export interface Route {
  destination: string;
  via?: string;
  dev?: string;
  proto?: string;
  blackhole?: boolean;
}

/** Tables → chains → rules; a chain's rules are what follows `-A CHAIN `. */
export type Tables = Record<string, Record<string, string[]>>;

const MODULES = [
  ...[
    'ip_tables',
    'iptable_filter',
    'iptable_nat',
    'iptable_mangle',
    'iptable_raw',
    'ip6_tables',
    'ipip',
    'ip_set',
  ],
  ...[
    'ip_set_hash_ip',
    'ip_set_hash_net',
    'nf_conntrack',
    'nf_conntrack_netlink',
    'xt_set',
    'xt_mark',
    'xt_u32',
    'xt_comment',
  ],
  ...[
    'xt_multiport',
    'xt_addrtype',
    'xt_conntrack',
    'xt_rpfilter',
    'ipt_REJECT',
    'vxlan',
    'overlay',
    'br_netfilter',
  ],
];

export const BUILT_IN: Record<string, string[]> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
};

export class Kernel {
  links: Link[] = [];
  routes: Route[] = [];
  tables: { 4: Tables; 6: Tables } = { 4: {}, 6: {} };
  ipsets = new Map<string, { type: string; members: string[] }>();
  readonly available: Set<string>;
  loaded = new Set<string>();
  readonly #address: string;

  constructor(spec: HostSpec) {
    this.#address = spec.address;
    this.available = new Set(spec.kernelModules ?? MODULES);
    this.boot();
  }

  /** As the kernel is after a boot: nothing of Docker or Calico is left. */
  boot(): void {
    this.links = [
      { name: 'lo', up: true, mtu: 65536, addresses: ['127.0.0.1/8'] },
      { name: 'eth0', up: true, mtu: 1500, addresses: [`${this.#address}/24`] },
    ];
    const net = this.#address.split('.').slice(0, 3).join('.');
    this.routes = [
      { destination: 'default', via: `${net}.1`, dev: 'eth0' },
      { destination: `${net}.0/24`, dev: 'eth0', proto: 'kernel' },
    ];
    for (const family of [4, 6] as const) {
      this.tables[family] = {};
      for (const [table, chains] of Object.entries(BUILT_IN)) {
        this.tables[family][table] = Object.fromEntries(chains.map((chain) => [chain, []]));
      }
    }
    this.ipsets.clear();
    this.loaded.clear();
  }

  link(name: string): Link | undefined {
    return this.links.find((link) => link.name === name);
  }
}
