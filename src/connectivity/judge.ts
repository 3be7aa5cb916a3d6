// Which link is broken, and what probably broke it: from who reached whom, and from what the agents say of themselves.
import { endName } from './pairs.ts';
import type { AgentWord, BrokenLink, Connection, Endpoint, LinkName } from './types.ts';

export interface Evidence {
  endpoints: readonly Endpoint[];
  connections: readonly Connection[];
  /** Of the agents that something is wrong with. */
  words: ReadonlyMap<string, AgentWord>;
  /** The pool's mode: whether packets between hosts are wrapped. */
  ipip: 'off' | 'always' | 'cross-subnet';
  /** Names of the two networks. */
  networks: { mesos: string; docker: string };
}

const KINDS = { mesos: 'UCR', docker: 'Docker' };

/** The most basic first: who is not attached cannot be reached, and whoever is not reached at home is not from elsewhere. */
export function brokenLinks(evidence: Evidence): BrokenLink[] {
  const attaching = evidence.endpoints
    .filter(({ problem }) => problem !== undefined)
    .map((endpoint) => notAttached(endpoint, evidence));
  const open = evidence.connections.filter(({ phase }) => phase === 'open');
  const home = homeLinks(open, evidence);
  const broken = new Set(home.flatMap(({ agents }) => agents));
  const afield = open.filter(
    ({ passed, from, to }) =>
      !passed && from.host !== to.host && !broken.has(from.host) && !broken.has(to.host),
  );
  return [
    ...attaching,
    ...home,
    ...betweenLinks(afield, open, evidence),
    ...networkLinks(open, broken),
    ...policyLinks(evidence.connections),
  ];
}

function notAttached({ host, kind, problem = '' }: Endpoint, evidence: Evidence): BrokenLink {
  const network = evidence.networks[kind];
  const [cause, step] = attachingCause(problem, kind, network, evidence.words.get(host));
  return {
    link: 'attaching',
    agents: [host],
    kind,
    what: `A ${KINDS[kind]} container on ${host} is not on the network ${network}: ${problem}`,
    cause,
    next: [`dcos calico status ${host}`, ...(step ? [`dcos calico logs ${host} ${step}`] : [])],
    connections: 0,
  };
}

function attachingCause(
  problem: string,
  kind: Endpoint['kind'],
  network: string,
  word: AgentWord | undefined,
): [cause: string, step?: string] {
  const steps = kind === 'mesos' ? ['cni'] : ['docker', 'libnetwork'];
  const bad = [...steps, 'node', 'etcd-proxy'].find((step) => isBad(word, step));
  const said = bad ? saidBy(word!, bad) : undefined;
  if (/unknown cni network/i.test(problem))
    return [
      said ??
        `the Mesos agent finds no network ${network}, or not its plugins, in its CNI directories: files were taken away since the step looked`,
      'cni',
    ];
  if (/network .*not found/i.test(problem))
    return [
      said ??
        'Docker there does not see the networks of the cluster store: it uses another store than the others, or lost its connection',
      'docker',
    ];
  if (/plugin/i.test(problem))
    return [said ?? "Calico's libnetwork plugin does not answer there", 'libnetwork'];
  if (/docker daemon|cannot connect to the docker/i.test(problem))
    return [said ?? 'Docker does not run there', 'docker'];
  if (/pull|manifest|image/i.test(problem))
    return ['Docker there cannot have the image of the test: --image IMAGE names another'];
  if (/marathon/i.test(problem)) return ['there is no room for the small tasks of the test'];
  if (/agent's own address/.test(problem))
    return [`the container was given the agent's network: ${network} is not Calico's there`, bad ?? steps[0]];
  return [said ?? 'see what the task printed, in the DC/OS UI', bad];
}

/** On one agent: containers that nobody reaches, not even from there. */
function homeLinks(open: readonly Connection[], evidence: Evidence): BrokenLink[] {
  const hosts = [...new Set(open.map(({ to }) => to.host))];
  return hosts.flatMap((host): BrokenLink[] => {
    const home = open.filter(({ from, to }) => from.host === host && to.host === host);
    const same = home.filter(({ from, to }) => from.kind === to.kind);
    const failed = same.filter(({ passed }) => !passed);
    if (failed.length === 0) return [];
    const [kind] = failed.length < same.length ? failed.map(({ to }) => to.kind) : [];
    const word = evidence.words.get(host);
    const silent = failed.every(({ got }) => got === 'no answer');
    return [
      {
        link: 'on the agent',
        agents: [host],
        ...(kind ? { kind } : {}),
        what: silent
          ? `The containers on ${host} did not report`
          : `On ${host} a ${kind ? `${KINDS[kind]} ` : ''}container does not reach another of the same agent: ${gotText(failed)}`,
        cause: homeCause(failed, word),
        next: [`dcos calico status ${host}`, `dcos calico logs ${host} node`],
        connections: open.filter(
          ({ passed, from, to }) => !passed && (from.host === host || to.host === host),
        ).length,
      },
    ];
  });
}

function homeCause(failed: readonly Connection[], word: AgentWord | undefined): string {
  if (isBad(word, 'node')) return saidBy(word!, 'node');
  if (failed.every(({ got }) => got === 'refused'))
    return 'the container is reached, and nothing listens in it: see what the task printed';
  if (failed.every(({ got }) => got === 'no answer'))
    return 'their tasks do not run, or their files cannot be read';
  return 'Felix there has not let the containers in: its part of the kernel (routes, iptables) is not as it should be';
}

/** From one agent to the next, where both are well by themselves. */
function betweenLinks(
  afield: readonly Connection[],
  open: readonly Connection[],
  evidence: Evidence,
): BrokenLink[] {
  const ways = new Map<string, Connection[]>();
  for (const connection of afield) {
    const way = `${connection.from.host} ${connection.to.host}`;
    ways.set(way, [...(ways.get(way) ?? []), connection]);
  }
  return [...ways].flatMap(([way, failed]): BrokenLink[] => {
    const [from = '', to = ''] = way.split(' ');
    const alike = failed.filter((one) => one.from.kind === one.to.kind);
    const all = open.filter((one) => one.from.host === from && one.to.host === to);
    // Only what crosses from one network to the other fails: that is a matter of policy.
    if (alike.length === 0) return [];
    return [
      {
        link: 'between agents',
        agents: [from, to],
        what: `From ${from} to ${to} ${failed.length === all.length ? 'nothing passes' : `${failed.length} of ${all.length} connections fail`}: ${gotText(failed)}`,
        cause: betweenCause(from, to, evidence),
        next: [`dcos calico status ${from}`, `dcos calico status ${to}`],
        connections: failed.length,
      },
    ];
  });
}

function betweenCause(from: string, to: string, { words, ipip }: Evidence): string {
  for (const host of [from, to]) {
    const word = words.get(host);
    if (isBad(word, 'node')) return saidBy(word!, 'node');
  }
  const down = words.get(from)?.sessions?.[to] === false || words.get(to)?.sessions?.[from] === false;
  if (down)
    return `BGP between them is not up, so that neither has a route to the other's containers: TCP port 179 has to pass both ways`;
  if (ipip === 'always')
    return 'their BGP session is up; what is wrapped in IPIP (IP protocol 4, no TCP or UDP) does not pass between the hosts: a firewall, or the rules of a cloud';
  const wrapped = ipip === 'cross-subnet' ? '; across subnets IPIP (IP protocol 4) has to pass, too' : '';
  return `the network between the hosts drops packets with addresses of containers: a check of source and destination (clouds), a firewall${wrapped}. node.ipip wraps them`;
}

/** Each kind reaches its own, and not the other. */
function networkLinks(open: readonly Connection[], broken: ReadonlySet<string>): BrokenLink[] {
  const well = open.filter(({ from, to }) => !broken.has(from.host) && !broken.has(to.host));
  const across = well.filter(({ from, to, passed }) => {
    if (passed || from.kind === to.kind) return false;
    return well.every(
      (one) =>
        one.from.host !== from.host || one.to.host !== to.host || one.from.kind !== one.to.kind || one.passed,
    );
  });
  if (across.length === 0) return [];
  const hosts = [...new Set(across.map(({ to }) => to.host))];
  return [
    {
      link: 'between networks',
      agents: hosts,
      what: `Each kind of container reaches its own, and not the other, on ${hosts.join(', ')}: ${gotText(across)}`,
      cause:
        'the policy that lets them through is not applied there: Felix does not follow etcd, or the containers have not the label of the test',
      next: hosts.map((host) => `dcos calico logs ${host} node`),
      connections: across.length,
    },
  ];
}

/** What came of the guard, of connections that were well before it. */
function policyLinks(connections: readonly Connection[]): BrokenLink[] {
  const name = ({ from, to }: Connection) => `${endName(from)} ${endName(to)}`;
  const wereWell = new Set(connections.filter(({ phase, passed }) => phase === 'open' && passed).map(name));
  const wrong = connections.filter(
    (one) => one.phase === 'guarded' && !one.passed && wereWell.has(name(one)),
  );
  const leaks = wrong.filter(({ expected, got }) => expected === 'blocked' && got !== 'no answer');
  const stopped = wrong.filter(({ expected, got }) => expected === 'reach' && got !== 'no answer');
  const silent = wrong.filter(({ got }) => got === 'no answer');
  const link = (
    some: readonly Connection[],
    what: string,
    cause: string,
    name: LinkName = 'policy',
  ): BrokenLink[] => {
    const hosts = [...new Set(some.map((one) => (name === 'policy' ? one.to : one.from).host))];
    if (hosts.length === 0) return [];
    return [
      {
        link: name,
        agents: hosts,
        what: `On ${hosts.join(', ')} ${what}`,
        cause,
        next: hosts.map((host) => `dcos calico logs ${host} node`),
        connections: some.length,
      },
    ];
  };
  return [
    ...link(
      leaks,
      'a policy does not block what it denies',
      'Felix does not apply policies there: it does not follow etcd, or something else accepts the packets before its chains do',
    ),
    ...link(
      stopped,
      'a policy blocks more than it denies',
      'Felix took up a part of the policies only, or another policy of yours selects these containers',
    ),
    ...link(
      silent,
      'the containers did not report any more once the policy was there',
      'their tasks ended or are slow, or their files cannot be read',
      'on the agent',
    ),
  ];
}

function isBad(word: AgentWord | undefined, step: string): boolean {
  const state = word?.steps[step]?.state;
  return state !== undefined && state !== 'ready';
}

function saidBy(word: AgentWord, step: string): string {
  const { state, reason } = word.steps[step]!;
  return `the step ${step} is not ready on ${word.host}: ${state}${reason ? `, ${reason}` : ''}`;
}

/** `timeout (3), refused (1)`. */
function gotText(connections: readonly Connection[]): string {
  const counts = new Map<string, number>();
  for (const { got } of connections) counts.set(got, (counts.get(got) ?? 0) + 1);
  const words: Record<string, string> = {
    timeout: 'no answer came',
    refused: 'refused',
    unreachable: 'no route',
    other: 'somebody else answered',
    failed: 'failed',
    'no answer': 'it was not asked',
  };
  return [...counts]
    .map(([got, count]) => (counts.size > 1 ? `${words[got] ?? got} (${count})` : (words[got] ?? got)))
    .join(', ');
}
