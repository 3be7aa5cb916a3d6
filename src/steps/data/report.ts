// What `data.json` of the data app says. It comes from a host: what is not as it should be is left out, and never believed.

export interface KeptNode {
  /** Calico's name of it: with this program the agent's address. */
  name: string;
  addresses: string[];
  blocks: { cidr: string; used: number }[];
  /** Endpoints by what made them: `libnetwork`, `mesos`, `cni`. */
  endpoints: Record<string, number>;
  /** When Felix last reported, ISO 8601; empty: never. */
  seen: string;
}

export interface CalicoData {
  nodes: KeptNode[];
  /** CIDRs of the IP pools. */
  pools: string[];
  /** Docker's networks with Calico's driver. */
  networks: { id: string; name: string }[];
  /** Why the networks could not be seen; undefined: they were. */
  networksUnseen?: string;
}

type Fields = Record<string, unknown>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) ? value : 0);

function nodeOf(value: unknown): KeptNode {
  const said = fields(value);
  return {
    name: text(said.name),
    addresses: list(said.addresses).map(text).filter(Boolean),
    blocks: list(said.blocks).map((one) => ({ cidr: text(fields(one).cidr), used: count(fields(one).used) })),
    endpoints: Object.fromEntries(
      Object.entries(fields(said.endpoints)).map(([name, of]) => [name, count(of)]),
    ),
    seen: text(said.seen),
  };
}

/** Undefined if that is no such report. */
export function readCalicoData(json: string): CalicoData | undefined {
  let said: Fields;
  try {
    said = fields(JSON.parse(json));
  } catch {
    return undefined;
  }
  if (!Array.isArray(said.nodes)) return undefined;
  const networksUnseen = text(fields(said.unseen).networks);
  return {
    ...(networksUnseen ? { networksUnseen } : {}),
    nodes: said.nodes.map(nodeOf).filter(({ name }) => name !== ''),
    pools: list(said.pools).map(text).filter(Boolean),
    networks: list(said.networks)
      .map((one) => ({ id: text(fields(one).id), name: text(fields(one).name) }))
      .filter(({ id }) => id !== ''),
  };
}
