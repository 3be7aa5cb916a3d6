// Addresses and URLs, as far as contradictions between options need them.

export interface Cidr {
  /** First address, as a number. */
  base: number;
  prefix: number;
}

/** An IPv4 address as a number; undefined if it is none. */
export function ipv4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1);
  if (!parts || parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0'))))
    return undefined;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2 || !/^[0-9A-Fa-f:.]+$/.test(text)) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const embedded = last.includes('.');
  if (embedded && ipv4(last) === undefined) return false;
  const plain = embedded ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  const count = plain.length + (embedded ? 2 : 0);
  return halves.length === 2 ? count < 8 : count === 8;
}

/** `10.0.0.0/8`; undefined unless address and prefix are real ones. The address may be any of the network. */
export function cidr(text: string): (Cidr & { address: number }) | undefined {
  const [first = '', prefixText = ''] = text.split('/');
  const address = ipv4(first);
  const prefix = Number(prefixText);
  if (address === undefined || !/^\d{1,2}$/.test(prefixText) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { address, prefix, base: Math.floor(address / size) * size };
}

export function contains(network: Cidr, address: number): boolean {
  return address >= network.base && address < network.base + 2 ** (32 - network.prefix);
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.prefix <= b.prefix ? contains(a, b.base) : contains(b, a.base);
}

export function cidrText({ base, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${prefix}`;
}

export interface Endpoint {
  url: string;
  scheme: string;
  host: string;
  /** Undefined where none is said. */
  port: number | undefined;
}

/** `http://10.0.0.5:2379`, `etcd://a:1,b:2/path`: each host with the scheme that stands before it. */
export function endpoints(text: string): Endpoint[] {
  let scheme = '';
  return text.split(',').flatMap((url) => {
    const match = /^(?:([a-z]+):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(url);
    if (!match?.[2]) return [];
    scheme = match[1] ?? scheme;
    return [{ url, scheme, host: match[2], port: match[3] ? Number(match[3]) : undefined }];
  });
}

export function isLocalHost(host: string): boolean {
  return host.toLowerCase() === 'localhost' || host === '[::1]' || /^127\./.test(host);
}

/** The last part of a URL's path. */
export function fileName(url: string): string {
  return url.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
