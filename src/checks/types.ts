// Preflight's checks: what each is called, for good, what it means, and what it looks at.
import type { MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import type { StepName } from '../steps/state.ts';
import type { HostFacts } from './host-facts.ts';

/** `stops`: nothing is changed as long as it stands. `warns`: it may bite later. `informs`: good to know. */
export type Severity = 'stops' | 'warns' | 'informs';

/** Something that was read, or why it could not be. */
export type Answered<T> = { value: T } | { unknown: string; forbidden?: string[] };

/** An app of a DC/OS package, as its labels say. */
export interface PackagedApp {
  id: string;
  name: string;
  version: string;
}

/** DC/OS's own Calico, as the flags of some agents tell. */
export interface NativeCalico {
  /** Addresses of those on which it is on. */
  on: readonly string[];
  /** How many told it. */
  asked: number;
}

/** An agent that can have no task of ours, as the plan found it. */
export interface UnfitAgent {
  host: string;
  kind: string;
  reason: string;
}

/** What came of asking the agents themselves. */
export interface HostsAnswered {
  told: readonly HostFacts[];
  /** Those that did not answer, with why. */
  silent: readonly { host: string; reason: string }[];
  /** Those that answered and were not read, as there are too many; `noted`: with something to read, by their own verdict. */
  unread: readonly { host: string; noted: boolean }[];
}

/** What the APIs tell, and what the agents do. */
export interface Facts {
  dcosVersion: string;
  marathonVersion: string;
  /** Undefined: this version of DC/OS brings none. */
  nativeCalico?: Answered<NativeCalico>;
  options: Options;
  agents: readonly MesosAgent[];
  unfit: readonly UnfitAgent[];
  /** Whether Calico is installed by this program already. */
  installed: boolean;
  /** Hosts and ports behind `_etcd-server._tcp.DOMAIN`; undefined when nothing of the options needs them. */
  etcdRecords: Answered<{ host: string; port: number }[]> | undefined;
  packages: Answered<PackagedApp[]>;
  /** DC/OS Enterprise's security mode; undefined on DC/OS Open Source. */
  security?: Answered<string>;
  /** Agents whose tasks are to be replaced by larger ones that do not fit. */
  tight?: readonly { host: string; reason: string }[];
  /** What our tasks reserve. */
  reserved?: {
    perAgent: { cpus: number; mem: number };
    inAll: { cpus: number; mem: number; agents: number };
  };
  /** Why no plan can be made at all: sentences without their full stop. */
  refusal?: { what: string; why: string; remedy: readonly string[] };
  /** Undefined: no agent was asked, as none is to be changed or nobody wanted it. */
  hosts?: HostsAnswered;
  /** Versions of DC/OS and Docker that an upgrade would bring. */
  forDcos?: string;
  forDocker?: string;
}

export interface Finding {
  /** Permanent: `CAL1003`. */
  code: string;
  title: string;
  severity: Severity;
  /** What was found: a sentence without its full stop. */
  what: string;
  /** Agents that it is about, by address; empty: the cluster. */
  agents: string[];
  /** Sentences or commands. */
  remedy: string[];
  /** It would stop, and the options say to go on all the same. */
  waived?: true;
}

export type Found = Omit<Finding, 'code' | 'title' | 'agents' | 'waived'> & { agents?: string[] };

export interface Check {
  /** `CAL1003`, for good: a check that goes leaves its number behind. */
  code: string;
  /** What it is about, in a few words. */
  title: string;
  /** How it is found out. */
  from: string;
  /** What it means for Calico on this cluster. */
  means: string;
  /** What to do about it, for the page; each finding has its own, to the point. */
  remedy: string;
  /** The severities that it can have. */
  can: readonly Severity[];
  /** Going on in spite of it could come to no good, whoever says so. */
  cannotBeWaived?: true;
  /** Steps that stop for this very reason: they are not told of once more. */
  explains?: readonly StepName[];
  look(facts: Facts): Found[];
}
