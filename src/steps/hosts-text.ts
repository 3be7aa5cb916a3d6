// Thousands of addresses in one variable: neighbours as ranges, so that a whole cluster is a few hundred characters.

const IPV4 = /^(\d+\.\d+\.\d+)\.(\d+)$/;

/** `10.0.1.11-13 10.0.2.20`, sorted; what is no IPv4 address stands as it is. */
export function hostsText(hosts: readonly string[]): string {
  const nets = new Map<string, number[]>();
  const others: string[] = [];
  for (const host of new Set(hosts)) {
    const [, net, last] = IPV4.exec(host) ?? [];
    const here = nets.get(net ?? '');
    if (net === undefined) others.push(host);
    else if (here) here.push(Number(last));
    else nets.set(net, [Number(last)]);
  }
  const ranges = [...nets].flatMap(([net, lasts]) => {
    const found: [from: number, to: number][] = [];
    for (const last of lasts.sort((a, b) => a - b)) {
      const open = found.at(-1);
      if (open && open[1] === last - 1) open[1] = last;
      else found.push([last, last]);
    }
    return found.map(([from, to]) => `${net}.${from}${to > from ? `-${to}` : ''}`);
  });
  return [...ranges.sort(), ...others.sort()].join(' ');
}

/** What `hostsText` wrote, as addresses. */
export function hostsIn(text: string): string[] {
  return text
    .split(' ')
    .filter(Boolean)
    .flatMap((one) => {
      const [, net, from, to] = /^(\d+\.\d+\.\d+)\.(\d+)-(\d+)$/.exec(one) ?? [];
      if (net === undefined || Number(to) > 255) return [one];
      const count = Math.max(0, Number(to) - Number(from) + 1);
      return Array.from({ length: count }, (_, index) => `${net}.${Number(from) + index}`);
    });
}
