// Agents go wrong while a command is at work: at a request by chance, one or several at once; then they are mended, and the same
// command is given until it says that all is done.
import type { StepFault } from '../../../src/lab/simulated/model.ts';
import type { DcosVersion } from '../../../src/lab/types.ts';
import type { StepName } from '../../../src/steps/state.ts';
import {
  type Choice,
  type Family,
  holds,
  type Outcome,
  oneOf,
  randomOf,
  recover,
  requestsOf,
  sample,
  versions,
} from '../case.ts';
import { SCENARIO, SCENARIOS, type ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';

interface Trouble {
  begin(world: World, address: string): Promise<void> | void;
  end(world: World, address: string): Promise<void> | void;
  /** Only agents that are not there yet. */
  joins?: boolean;
  /** It never comes back: Marathon gives its tasks up after an hour. */
  leaves?: boolean;
}

const step = (name: StepName, fault: StepFault): Trouble => ({
  begin: (world, address) => {
    const host = world.host(address);
    host.faults = {
      ...host.faults,
      steps: { ...host.faults.steps, [name]: { ...host.faults.steps?.[name], ...fault } },
    };
  },
  end: (world, address) => {
    const host = world.host(address);
    const { [name]: mine = {}, ...others } = host.faults.steps ?? {};
    const rest = Object.fromEntries(Object.entries(mine).filter(([key]) => !(key in fault)));
    host.faults = { ...host.faults, steps: { ...others, [name]: rest } };
  },
});

const TROUBLES: Record<string, Trouble> = {
  'crashes and returns': {
    begin: ({ lab }, address) => lab.master.crashAgent(address),
    end: ({ lab }, address) => lab.master.returnAgent(address),
  },
  reboots: { begin: ({ lab }, address) => lab.master.rebootAgent(address), end: () => {} },
  'is replaced': {
    begin: async ({ lab }, address) => void (await lab.master.replaceAgent(address)),
    end: () => {},
  },
  'is unreachable for long': {
    begin: async (world, address) => {
      world.lab.master.crashAgent(address);
      await world.pass(400_000);
    },
    end: ({ lab }, address) => lab.master.returnAgent(address),
  },
  joins: {
    begin: async ({ lab }, address) => void (await lab.master.addAgent({ host: address, public: false })),
    end: () => {},
    joins: true,
  },
  leaves: { begin: ({ lab }, address) => lab.master.removeAgent(address), end: () => {}, leaves: true },
  'is deactivated': {
    begin: ({ lab }, address) => lab.master.deactivate(lab.master.agentAt(address)),
    end: ({ lab }, address) => lab.master.reactivate(lab.master.agentAt(address)),
  },
  'is full': {
    begin: ({ lab }, address) => lab.master.occupy(address, { cpus: 3.99 }),
    end: ({ lab }, address) => lab.master.occupy(address, { cpus: 0 }),
  },
  'has a full disk': step('cni', { fail: 'No space left on device: /opt/dcos-calico/bin' }),
  'has no etcd': step('etcd-proxy', { fail: 'Nothing answers at localhost:2379 (connection refused)' }),
  'has a clock 10 minutes off': step('node', { fail: 'Its clock is 600 s behind' }),
  'gets another file than it wants': step('cni', {
    fail: 'The SHA-256 of calico is not the one that is wanted',
  }),
  'is refused by the registry': step('node', {
    failAfterWork: 'The registry refuses calico/node (401)',
    times: 3,
  }),
  'downloads slowly': step('node', { slow: 30 }),
  'never ends its work': {
    ...step('libnetwork', { hang: true }),
    end: (world, address) => {
      step('libnetwork', { hang: true }).end(world, address);
      for (const task of world.host(address).tasks) if (task.step === 'libnetwork') task.exit(1);
    },
  },
};

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('agents', seed);
  const names: string[] = [];
  for (const dcos of versions(seed, depth)) {
    for (const scenario of SCENARIOS) {
      const all = await requestsOf(SCENARIO[scenario], dcos, seed);
      for (const trouble of Object.keys(TROUBLES)) {
        const many = depth === 'every' ? 20 : depth === 'normal' ? 3 : 1;
        for (let i = 0; i < many; i++) {
          const at = Math.floor(random.next() * all.length);
          const others = random.next() < 0.3 ? `, ${oneOf(random, Object.keys(TROUBLES))}` : '';
          names.push(`${scenario} ${dcos} ${trouble}${others}: request ${at + 1}`);
        }
      }
    }
  }
  return depth === 'short' ? sample(names, 30, random) : names;
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [, scenarioName, dcos, what, at] = /^(\S+) (\S+) (.+): request (\d+)$/.exec(name)!;
  const scenario = SCENARIO[scenarioName as ScenarioName];
  const random = randomOf(name, seed);
  const world = await scenario.prepare({ dcos: dcos as DcosVersion, seed });
  try {
    const troubles = what!.split(', ').map((one) => TROUBLES[one]!);
    const addresses = random.shuffle(world.addresses);
    const where = troubles.map(({ joins }, index) => (joins ? `10.0.2.${20 + index}` : addresses[index]!));
    const ran = await world.interrupted(scenario.words, Number(at), async () => {
      for (const [index, { begin }] of troubles.entries()) await begin(world, where[index]!);
    });
    if (ran.exit === undefined) world.wrong.push('it ended without an exit code');
    await world.pass(oneOf(random, [0, 120_000]));
    for (const [index, { end }] of troubles.entries()) await end(world, where[index]!);
    // Agents come back, and Marathon counts anew, within minutes; what is gone for good it gives up after an hour.
    const leaves = troubles.some((one) => one.leaves);
    await world.pass(leaves ? 4_500_000 : 420_000);
    const forget =
      leaves && scenarioName === 'uninstall'
        ? { command: 'uninstall' as const, forgetAgents: true }
        : undefined;
    await recover(world, scenarioName as ScenarioName, {
      words: scenario.words,
      most: 3,
      ...(forget ? { last: forget } : {}),
    });
    holds(world, scenarioName as ScenarioName, { again: 'tasks' });
    return { wrong: world.wrong, went: `${what!.split(', ')[0]}: exit ${ran.exit}` };
  } finally {
    await world.stop();
  }
}

export const AGENTS: Family = { name: 'agents', about: 'Agents go wrong in the middle', cases, run };
