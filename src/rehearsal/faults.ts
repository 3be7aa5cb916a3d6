// The faults that can be chosen for a rehearsal: data, and how a flag becomes what the lab is told.
import type { LabEvent } from '../lab/events.ts';
import type { HttpFault } from '../lab/faults.ts';
import type { SimulatedFaults, StepFault } from '../lab/simulated/model.ts';
import { STEP_NAMES, type StepName } from '../steps/state.ts';

export interface FaultKind {
  name: string;
  /** What it does: a sentence without a full stop. */
  means: string;
  /** `agents`: to some agents, from the beginning; `time`: at a time; `share`: to a share of the answers. */
  on: 'agents' | 'agents in time' | 'cluster in time' | 'share';
}

type Made = { host?: SimulatedFaults; event?: Omit<LabEvent, 'at' | 'agent'> };

const CONFLICT = 'Docker already uses zk://10.0.0.1:2181 as its store';
const OTHER_STORE =
  'Docker has another store than is wanted, and takes the new one only when it is restarted';

const broken: Record<StepName, string> = {
  'etcd-proxy': 'etcd does not answer through http://localhost:2379',
  docker: 'Docker did not take the cluster store',
  cni: 'The plugins could not be put where the Mesos agent looks for them',
  libnetwork: 'The socket of the plugin does not answer',
  node: 'calico/node does not come up',
};

const step = (name: StepName, fault: StepFault): Made => ({ host: { steps: { [name]: fault } } });

interface Kind extends FaultKind {
  make: Made;
}

function ofSteps(
  suffix: string,
  means: (name: StepName) => string,
  fault: (name: StepName) => StepFault,
): Kind[] {
  return STEP_NAMES.map((name) => ({
    name: `${name}-${suffix}`,
    means: means(name),
    on: 'agents',
    make: step(name, fault(name)),
  }));
}

const KINDS: readonly Kind[] = [
  ...ofSteps(
    'fails',
    (name) => `${name} does its work, and fails in the end`,
    (name) => ({ failAfterWork: broken[name] }),
  ),
  ...ofSteps(
    'fails-twice',
    (name) => `${name} fails twice, and succeeds when it tries again`,
    (name) => ({ failAfterWork: broken[name], times: 2 }),
  ),
  ...ofSteps(
    'slow',
    (name) => `${name} takes ten times as long`,
    () => ({ slow: 10 }),
  ),
  ...ofSteps(
    'hangs',
    (name) => `${name} never comes to an end`,
    () => ({ hang: true }),
  ),
  {
    name: 'docker-conflict',
    means:
      'Docker uses another store already, and the options do not say to replace it: the step stops there',
    on: 'agents',
    make: step('docker', { fail: CONFLICT }),
  },
  {
    name: 'docker-restart',
    means: 'Docker takes its store only when it is restarted, which interrupts its tasks',
    on: 'agents',
    make: step('docker', { restart: OTHER_STORE }),
  },
  {
    name: 'node-drifts',
    means: 'node is ready, and two minutes later no longer',
    on: 'agents',
    make: step('node', { drift: { after: 120, reason: 'The container calico-node is gone' } }),
  },
  {
    name: 'lost',
    means: 'the Mesos agent is lost: its tasks go on, nobody hears of them',
    on: 'agents in time',
    make: { event: { do: 'crash' } },
  },
  {
    name: 'reboot',
    means: 'the host starts anew',
    on: 'agents in time',
    make: { event: { do: 'reboot' } },
  },
  {
    name: 'replaced',
    means: 'another agent, with a new id, comes at the same address',
    on: 'agents in time',
    make: { event: { do: 'replace' } },
  },
  {
    name: 'gone',
    means: 'the agent leaves the cluster',
    on: 'agents in time',
    make: { event: { do: 'leave' } },
  },
  {
    name: 'no-room',
    means: 'others take all that is free there',
    on: 'agents in time',
    make: { event: { do: 'occupy' } },
  },
  {
    name: 'failover',
    means: 'the leading Mesos master is lost',
    on: 'cluster in time',
    make: { event: { do: 'failover' } },
  },
  {
    name: 'marathon-failover',
    means: 'the leading Marathon is lost',
    on: 'cluster in time',
    make: { event: { do: 'marathon-failover' } },
  },
  {
    name: 'no-answer',
    means: 'so many of the answers to reads are an error 503',
    on: 'share',
    make: {},
  },
];

/** All faults, for help and reference. */
export const FAULTS: readonly FaultKind[] = KINDS;

/** The kind of that name, with what it makes. */
export function faultKind(name: string): Kind | undefined {
  return KINDS.find((kind) => kind.name === name);
}

/** What the lab is told of all faults together. */
export interface Staged {
  /** By address. */
  hosts: Map<string, SimulatedFaults>;
  /** `at`: seconds after the rehearsal begins. */
  events: LabEvent[];
  http: HttpFault[];
}

/** Two faults of one host are one: what a later one says of the same step wins. */
export function merged(before: SimulatedFaults = {}, more: SimulatedFaults = {}): SimulatedFaults {
  const steps = { ...before.steps };
  for (const [name, fault] of Object.entries(more.steps ?? {}))
    steps[name as StepName] = { ...steps[name as StepName], ...fault };
  return {
    ...before,
    ...more,
    ...(Object.keys(steps).length > 0 ? { steps } : {}),
    ...(before.facts || more.facts ? { facts: { ...before.facts, ...more.facts } } : {}),
  };
}
