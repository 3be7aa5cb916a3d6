// What can be answered, by name: the same names in an answers file, as flags, and in what is kept of an interrupted run.

export interface AnswerName {
  id: string;
  /** For `--help`: what is answered, and what it may be. */
  flag: string;
  helpValue: string;
  options?: readonly string[];
}

export const ANSWER_NAMES = [
  {
    id: 'containers',
    flag: 'Which containers use Calico: of Docker, of the Universal Container Runtime, or both',
    helpValue: 'WHICH',
    options: ['both', 'ucr', 'docker'],
  },
  {
    id: 'etcd',
    flag: 'Where etcd is: found by its SRV record, a package that you install, or addresses (behind the proxy or without it)',
    helpValue: 'WAY',
    options: ['record', 'package', 'proxy', 'static'],
  },
  { id: 'endpoints', flag: 'Client URLs of etcd, for the ways proxy and static', helpValue: 'URL,…' },
  { id: 'ca-file', flag: 'File on the agents with the CA certificates of etcd', helpValue: 'PATH' },
  {
    id: 'client-files',
    flag: 'Files on the agents with the certificate and key for etcd, or none',
    helpValue: 'CERT,KEY',
  },
  { id: 'pool', flag: 'Addresses that tasks get', helpValue: 'CIDR' },
  {
    id: 'ipip',
    flag: 'How packets get from agent to agent: plain, or wrapped in IP-in-IP',
    helpValue: 'MODE',
    options: ['off', 'cross-subnet', 'always'],
  },
  {
    id: 'topology',
    flag: 'Who exchanges routes with whom: all agents with each other, or with route reflectors',
    helpValue: 'SHAPE',
    options: ['mesh', 'peers'],
  },
  {
    id: 'peers',
    flag: 'Route reflectors or routers, each with its AS number where it is another one',
    helpValue: 'ADDRESS[@AS],…',
  },
  {
    id: 'downloads',
    flag: 'Where agents fetch files and images from',
    helpValue: 'WHERE',
    options: ['internet', 'mirror'],
  },
  { id: 'mirror', flag: 'Base URL of the files of a mirror, or none', helpValue: 'URL' },
  { id: 'registry', flag: 'Registry that has the images of Calico, or none', helpValue: 'HOST[:PORT]' },
  {
    id: 'pace',
    flag: 'How an install goes through the agents',
    helpValue: 'PACE',
    options: ['usual', 'slow', 'named'],
  },
  { id: 'canary', flag: 'Agents that change first, for the pace named', helpValue: 'AGENT,…' },
] as const satisfies readonly AnswerName[];

/** `test` and `unreachable` are asked about an act of this run, not about the result: they have no flag. */
export type AnswerId = (typeof ANSWER_NAMES)[number]['id'] | 'test' | 'unreachable';

/** Answers as they are typed, by name. */
export type Answers = { readonly [K in AnswerId]?: string };

/** An answer that only means something with another one says that one too. */
export const IMPLIES: { readonly [K in AnswerId]?: readonly [AnswerId, string] } = {
  peers: ['topology', 'peers'],
  mirror: ['downloads', 'mirror'],
  registry: ['downloads', 'mirror'],
  canary: ['pace', 'named'],
};

/** `answers` with what they imply; what is said wins. */
export function withImplied(answers: Answers): Answers {
  const implied: Record<string, string> = {};
  for (const id of Object.keys(answers) as AnswerId[]) {
    const [other, value] = IMPLIES[id] ?? [];
    if (other && value) implied[other] = value;
  }
  return { ...implied, ...answers };
}
