// What a test of the network consists of: who takes part, who asks whom, and what comes of it.
import type { AgentType } from '../plan/agent-type.ts';
import type { Kind } from '../steps/connectivity/definition.ts';

export interface Participant {
  /** Mesos' id. */
  id: string;
  host: string;
  type: AgentType;
  mesosVersion: string;
}

/** One end of a connection: a container of a kind on an agent. */
export interface End {
  host: string;
  kind: Kind;
}

export interface Endpoint extends End {
  /** On Calico's network; undefined: it has none. */
  address?: string;
  /** Why it cannot take part, as Marathon or the agent says it. */
  problem?: string;
}

/** `open`: everybody may reach everybody. `guarded`: each kind is kept from another. */
export type Phase = 'open' | 'guarded';

export interface Pair {
  from: End;
  to: End;
}

export type Got = 'ok' | 'refused' | 'timeout' | 'unreachable' | 'other' | 'failed' | 'no answer';

export interface Connection extends Pair {
  phase: Phase;
  expected: 'reach' | 'blocked';
  got: Got;
  /** What the program that asked said. */
  said: string;
  passed: boolean;
}

/** What the steps of an agent say of themselves, for those that fail. */
export interface AgentWord {
  host: string;
  /** By step: its state, with its reason where it is not ready. */
  steps: Partial<Record<string, { state: string; reason: string }>>;
  /** BIRD's sessions by the address of the peer: whether each is up. */
  sessions?: Record<string, boolean>;
}

export type LinkName = 'attaching' | 'on the agent' | 'between agents' | 'between networks' | 'policy';

/** A link that is broken, and what probably broke it. */
export interface BrokenLink {
  link: LinkName;
  /** Agents that it concerns; two: from and to. */
  agents: string[];
  /** The containers' kind, where it is of one. */
  kind?: Kind;
  /** What does not work: a sentence without its full stop. */
  what: string;
  cause: string;
  next: string[];
  /** Connections that fail for it. */
  connections: number;
}
