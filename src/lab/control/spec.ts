// The flags of `lab start` as what the lab is made from.
import { readFileSync } from 'node:fs';
import { EXIT, UserError } from '../../errors.ts';
import { eventProblem, type LabEvent } from '../events.ts';
import type { HttpFault } from '../faults.ts';
import { agentsOf, type LabSpec } from '../lab.ts';
import type { AgentSpec, DcosVersion } from '../types.ts';
import { VERSIONS, type Versions } from '../versions.ts';
import { surprise } from './surprises.ts';

export interface LabFlags {
  private?: number;
  public?: number;
  dcos: string;
  'no-native-calico'?: boolean;
  simulated?: number;
  hosts?: number;
  speed?: number;
  seed?: number;
  faults?: string;
  surprise?: string[];
}

/** Of so many simulated agents one in fifty is public, and of more than one at least one. */
const PUBLIC_SHARE = 50;

const publicShare = (all: number) => (all > 1 ? Math.ceil(all / PUBLIC_SHARE) : 0);

/** Throws `lab-faults` for a fault file that cannot be used. */
export function specOf(flags: LabFlags): LabSpec & { events: LabEvent[] } {
  const { simulated, hosts } = flags;
  if (hosts !== undefined) return specOfHosts(flags, hosts);
  const publicAgents = flags.public ?? (simulated === undefined ? 1 : publicShare(simulated));
  const privateAgents =
    flags.private ?? (simulated === undefined ? 5 : Math.max(0, simulated - publicAgents));
  const faults =
    flags.faults === undefined ? {} : readFaults(flags.faults, VERSIONS[flags.dcos as DcosVersion]);
  const agents = agentsOf({ private: privateAgents, public: publicAgents });
  for (const [host, wrong] of Object.entries(faults.agents ?? {})) {
    const agent = agents.find((one) => one.host === host);
    if (!agent) throw unusable(flags.faults!, `no agent has the address ${host}`);
    agent.faults = wrong;
  }
  const spec = {
    dcos: flags.dcos as DcosVersion,
    nativeCalico: !flags['no-native-calico'],
    grade: simulated === undefined ? ('sandbox' as const) : ('simulated' as const),
    agents,
    seed: flags.seed,
    speed: flags.speed,
    faults: faults.http ?? [],
    events: faults.events ?? [],
  };
  surprise(spec, flags.surprise ?? []);
  return spec;
}

/** The last of several hosts is a public agent. */
function specOfHosts(flags: LabFlags, hosts: number): LabSpec & { events: LabEvent[] } {
  const publicAgents = flags.public ?? (hosts > 1 ? 1 : 0);
  if (publicAgents > hosts) {
    throw new UserError({
      code: 'lab-hosts-count',
      what: `${publicAgents} of ${hosts} hosts cannot be public agents`,
      remedy: ['dcos calico lab start --help'],
      exit: EXIT.usage,
    });
  }
  const dcos = flags.dcos as DcosVersion;
  const faults = flags.faults === undefined ? {} : readFaults(flags.faults, VERSIONS[dcos]);
  if (faults.agents)
    throw unusable(
      flags.faults!,
      'real hosts do nothing wrong by a file: "agents" is for a lab without --hosts',
    );
  return {
    dcos,
    grade: 'hosts',
    agents: { private: hosts - publicAgents, public: publicAgents },
    seed: flags.seed,
    faults: faults.http ?? [],
    events: faults.events ?? [],
  };
}

interface FaultFile {
  http?: HttpFault[];
  /** By address: what is wrong with the host, in the words of the grade. */
  agents?: Record<string, AgentSpec['faults']>;
  /** What happens to the cluster in the course of time. */
  events?: LabEvent[];
}

const KINDS = ['status', 'reset', 'hang', 'half', 'trickle', 'slow', 'content-type', 'login'];

function readFaults(file: string, versions: Versions): FaultFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw unusable(file, (error as Error).message);
  }
  if (!isObject(content)) throw unusable(file, 'it is not a JSON object');
  const { http = [], agents = {}, events = [], ...rest } = content as FaultFile;
  const [unknown] = Object.keys(rest);
  if (unknown) throw unusable(file, `it has "${unknown}", where only "http", "agents" and "events" can be`);
  if (!Array.isArray(http) || !http.every(isObject)) throw unusable(file, '"http" is not a list of objects');
  for (const { path, kind } of http) {
    if (typeof path !== 'string') throw unusable(file, 'a fault of "http" has no "path"');
    if (!KINDS.includes(kind))
      throw unusable(file, `"${kind}" is no kind of fault; there are ${KINDS.join(', ')}`);
  }
  if (!isObject(agents)) throw unusable(file, '"agents" is not an object of addresses');
  if (!Array.isArray(events) || !events.every(isObject))
    throw unusable(file, '"events" is not a list of objects');
  for (const event of events) {
    const problem = eventProblem(event as Partial<LabEvent>, versions);
    if (problem) throw unusable(file, problem);
  }
  return { http, agents, events };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(file: string, why: string): UserError {
  return new UserError({
    code: 'lab-faults',
    what: `The faults in ${file} cannot be used`,
    why,
    remedy: ['dcos calico lab start --help'],
    exit: EXIT.usage,
  });
}
