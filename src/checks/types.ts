// Preflight's checks: what each is called, for good, and what it looks at.
import type { MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';

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

/** An agent that can have no task of ours, as the plan found it. */
export interface UnfitAgent {
  host: string;
  kind: string;
  reason: string;
}

/** What the APIs tell. */
export interface Facts {
  dcosVersion: string;
  marathonVersion: string;
  options: Options;
  agents: readonly MesosAgent[];
  unfit: readonly UnfitAgent[];
  /** Whether Calico is installed by this program already. */
  installed: boolean;
  /** Hosts and ports behind `_etcd-server._tcp.DOMAIN`; undefined when nothing of the options needs them. */
  etcdRecords: Answered<{ host: string; port: number }[]> | undefined;
  packages: Answered<PackagedApp[]>;
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
}

export type Found = Omit<Finding, 'code' | 'title' | 'agents'> & { agents?: string[] };

export interface Check {
  code: string;
  title: string;
  look(facts: Facts): Found[];
}
