// What an operator may find on a cluster before Calico: things to practise with, each by one word.
import { EXIT, UserError } from '../../errors.ts';
import type { Lab, LabSpec } from '../lab.ts';
import type { AgentSpec } from '../types.ts';

interface Surprise {
  /** On an agent of its own. */
  agent?: (agent: AgentSpec) => void;
  cluster?: (spec: LabSpec) => void;
  /** Once the lab runs. */
  started?: (lab: Lab) => Promise<void>;
}

const docker = (agent: AgentSpec, spec: NonNullable<AgentSpec['machine']>['docker']) => {
  agent.machine = { ...agent.machine, docker: spec };
};

const HOUR = 3_600_000;

const SURPRISES = {
  store: {
    agent: (agent) =>
      docker(agent, {
        daemonJson: { 'cluster-store': 'zk://10.0.0.1:2181', 'cluster-advertise': `${agent.host}:2376` },
        containers: [{ name: 'mesos-db', image: 'postgres:9' }],
      }),
  },
  full: {
    agent: (agent) => {
      agent.cpus = 0.05;
    },
  },
  'docker-stopped': { agent: (agent) => docker(agent, { state: 'stopped' }) },
  'docker-23': { agent: (agent) => docker(agent, { version: '23.0.6' }) },
  'no-etcd': {
    cluster: (spec) => {
      spec.srv = {};
    },
  },
  universe: {
    started: async ({ marathon }) => {
      const app = {
        id: '/calico-install-framework',
        cmd: 'sleep 1000000',
        instances: 0,
        cpus: 0.1,
        mem: 32,
        labels: { DCOS_PACKAGE_NAME: 'calico', DCOS_PACKAGE_VERSION: '0.4.0' },
      };
      await marathon.handle({
        method: 'PUT',
        path: `/v2/apps${app.id}`,
        query: new URLSearchParams(),
        headers: {},
        body: JSON.stringify(app),
      });
    },
  },
  'old-login': {
    started: async (lab) => {
      lab.token = lab.tokens.issue('bootstrapuser', Date.now() - HOUR);
    },
  },
} satisfies Record<string, Surprise>;

export const SURPRISE_NAMES = Object.keys(SURPRISES);

const named = (name: string): Surprise => SURPRISES[name as keyof typeof SURPRISES];

/** Puts them into the spec of a sandbox lab: each that is about an agent on a private one of its own, the last ones first. */
export function surprise(spec: LabSpec & { agents: AgentSpec[] }, names: readonly string[]): void {
  const free = spec.agents.filter((agent) => !agent.public);
  for (const name of new Set(names)) {
    const { agent, cluster } = named(name);
    cluster?.(spec);
    if (!agent) continue;
    const one = free.pop();
    if (!one)
      throw new UserError({
        code: 'lab-surprises',
        what: 'The lab has too few agents for so many surprises',
        why: 'each that is about an agent takes a private agent of its own',
        remedy: ['dcos calico lab start --private N'],
        exit: EXIT.usage,
      });
    agent(one);
  }
}

/** What comes when the lab runs. */
export async function surpriseStarted(lab: Lab, names: readonly string[]): Promise<void> {
  for (const name of new Set(names)) await named(name).started?.(lab);
}
