// Resources as Mesos counts them: scalars with three decimals, ports as ranges.

export type Range = [from: number, to: number];

export interface Bundle {
  cpus: number;
  mem: number;
  disk: number;
  ports: Range[];
}

/** Ports that DC/OS' agents offer (dcos/dcos gen/dcos-config.yaml, `/etc/mesos-slave{,-public}`). */
export const PRIVATE_PORTS: Range[] = [
  [1025, 2180],
  [2182, 3887],
  [3889, 5049],
  [5052, 8079],
  [8082, 8180],
  [8182, 32000],
];
export const PUBLIC_PORTS: Range[] = [
  [1, 21],
  [23, 5050],
  [5052, 32000],
];

export const NOTHING: Bundle = { cpus: 0, mem: 0, disk: 0, ports: [] };

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function isNothing(bundle: Bundle): boolean {
  return bundle.cpus <= 0 && bundle.mem <= 0 && bundle.disk <= 0 && bundle.ports.length === 0;
}

export function hasPort(ranges: readonly Range[], port: number): boolean {
  return ranges.some(([from, to]) => port >= from && port <= to);
}

export function fits(wanted: Bundle, free: Bundle): boolean {
  return (
    wanted.cpus <= free.cpus &&
    wanted.mem <= free.mem &&
    wanted.disk <= free.disk &&
    wanted.ports.every(([from, to]) => hasRange(free.ports, from, to))
  );
}

function hasRange(ranges: readonly Range[], from: number, to: number): boolean {
  return ranges.some(([start, end]) => from >= start && to <= end);
}

export function subtract(from: Bundle, what: Bundle): Bundle {
  let ports = from.ports;
  for (const [start, end] of what.ports) {
    ports = ports.flatMap(([a, b]): Range[] => {
      if (end < a || start > b) return [[a, b]];
      const rest: Range[] = [];
      if (a < start) rest.push([a, start - 1]);
      if (b > end) rest.push([end + 1, b]);
      return rest;
    });
  }
  return {
    cpus: round(from.cpus - what.cpus),
    mem: round(from.mem - what.mem),
    disk: round(from.disk - what.disk),
    ports,
  };
}

/** Scalars are added as they come: the noise of floating point in sums is what Mesos prints too. */
export function add(one: Bundle, other: Bundle): Bundle {
  return {
    cpus: one.cpus + other.cpus,
    mem: one.mem + other.mem,
    disk: one.disk + other.disk,
    ports: joined([...one.ports, ...other.ports]),
  };
}

function joined(ranges: Range[]): Range[] {
  if (ranges.length < 2) return ranges;
  const sorted = ranges.map(([from, to]): Range => [from, to]).sort((a, b) => a[0] - b[0]);
  const result: Range[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && range[0] <= last[1] + 1) last[1] = Math.max(last[1], range[1]);
    else result.push(range);
  }
  return result;
}

/** `[1025-2180, 2182-3887]`; undefined when empty, as then Mesos leaves `ports` out. */
export function portsText(ranges: readonly Range[]): string | undefined {
  if (ranges.length === 0) return undefined;
  return `[${ranges.map(([from, to]) => `${from}-${to}`).join(', ')}]`;
}

/** As Mesos writes resources in its messages. */
export function inWords({ cpus, mem, disk, ports }: Bundle): string {
  const words = [`cpus:${cpus}`, `mem:${mem}`];
  if (disk > 0) words.push(`disk:${disk}`);
  if (ports.length > 0) words.push(`ports:${portsText(ports)}`);
  return words.join('; ');
}
