// An agent's own report as its preflight task writes it, of an ordinary host; what a test is about is changed.
import { type HostFacts, readHostFacts } from '../../src/checks/host-facts.ts';
import type { StepName } from '../../src/steps/state.ts';

export const ORDINARY = {
  tools: { python: '3.6.8', curl: 'curl 7.29.0', missing: [] as string[] },
  systemd: { version: 219, means: ['busctl'], why: '' },
  native: false,
  kernel: { release: '3.10.0', missing: [] as string[], lacks: [] as string[] },
  cgroups: 'legacy',
  iptables: 'iptables v1.4.21',
  rpFilter: 0,
  memory: 8000,
  networks: ['10.0.1.0/24', '172.17.0.1/16'],
  clock: 0,
  docker: {
    unit: 'active',
    onDisk: '19.03.15',
    flag: '',
    own: [] as string[],
    file: '/etc/docker/daemon.json',
    there: false,
    valid: true,
    answers: true,
    why: '',
    version: '19.03.15',
    store: '',
    swarm: 'inactive',
    liveRestore: false,
    root: '/var/lib/docker',
    before: {} as Record<string, unknown>,
    after: { 'cluster-store': 'etcd://localhost:2379', 'cluster-advertise': '10.0.1.11:62376' },
    others: [] as string[],
    pending: [] as string[],
  },
  disk: { '/var/lib': 20000, '/opt': 20000 } as Record<string, number>,
  containers: { count: 0, running: [] as object[] },
  ports: { 2379: '', 179: '' },
  etcd: { asked: [] as object[], pools: [] as string[] },
  cni: { elsewhere: '', network: 'calico', sameName: [] as string[] },
  earlier: {
    containers: [] as string[],
    units: [] as string[],
    files: [] as string[],
    kernel: [] as string[],
  },
};

type Found = typeof ORDINARY;
type Change = { [Key in keyof Found]?: Found[Key] extends object ? Partial<Found[Key]> : Found[Key] };
type Steps = Partial<
  Record<StepName, { state?: string; reason?: string; would?: string[]; needs?: string[] }>
>;

/** The facts of the agent at `host`. */
export function hostFacts(host: string, change: Change = {}, steps: Steps = {}): HostFacts {
  const found = Object.fromEntries(
    Object.entries(ORDINARY).map(([key, value]) => {
      const other = (change as Record<string, unknown>)[key];
      if (other === undefined) return [key, structuredClone(value)];
      const mergeable = typeof value === 'object' && typeof other === 'object' && !Array.isArray(value);
      return [key, mergeable ? { ...structuredClone(value), ...(other as object) } : other];
    }),
  );
  const all = Object.fromEntries(
    Object.entries(steps).map(([step, look]) => [
      step,
      { state: 'waiting for turn', reason: '', would: [], needs: [], ...look },
    ]),
  );
  return readHostFacts(host, { state: 'ready', reason: '', found, detail: { steps: all, unknown: {} } })!;
}
