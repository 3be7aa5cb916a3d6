// Agents go wrong while a command is at work: at a request by chance, one or several at once; then they are mended, and the same
// command is given until it says that all is done.
import type { StepFault } from '../../../src/lab/simulated/model.ts';
import type { DcosVersion } from '../../../src/lab/types.ts';
import type { StepName } from '../../../src/steps/state.ts';
import {
  type Choice,
  type Family,
  holds,
  inAnyPhase,
  type Numbered,
  type Outcome,
  oneOf,
  type Random,
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
  /** How long it stays so before anything else happens, ms. */
  lasts?: number;
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

const clock = (seconds: number): Trouble => ({
  begin: (world, address) => {
    world.host(address).faults = { ...world.host(address).faults, clockAhead: seconds };
  },
  end: (world, address) => {
    const { clockAhead, ...faults } = world.host(address).faults;
    world.host(address).faults = faults;
  },
});

const both = (one: Trouble, other: Trouble): Trouble => ({
  begin: async (world, address) => {
    await one.begin(world, address);
    await other.begin(world, address);
  },
  end: async (world, address) => {
    await one.end(world, address);
    await other.end(world, address);
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
    begin: ({ lab }, address) => lab.master.crashAgent(address),
    lasts: 400_000,
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
  'has a clock 10 minutes ahead': clock(600),
  // What Felix has reported last lies in the past then, and counts as none.
  'has a clock 10 minutes behind': both(
    clock(-600),
    step('node', { fail: 'Felix has not reported for 600 s' }),
  ),
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
const KINDS = Object.keys(TROUBLES);
/** Of four agents; who leaves for good leaves somebody behind. */
const most = ({ leaves }: Trouble) => (leaves ? 2 : 4);

/** One trouble, on how many agents, at which request. */
interface Happening {
  kind: string;
  many: number;
  at: number;
}

const inWords = ({ kind, many, at }: Happening) => `${kind}${many > 1 ? ` on ${many}` : ''} at ${at}`;

function fromWords(words: string): Happening {
  const [, kind, many = '1', at] = /^(.+?)(?: on (\d+))? at (\d+)$/.exec(words)!;
  return { kind: kind!, many: Number(many), at: Number(at) };
}

/** Now and then several agents at once, and now and then something else besides, at the same moment or another. */
function happenings(kind: string, at: number, all: readonly Numbered[], random: Random): string {
  const several = (one: string) =>
    random.next() < 0.3 ? 1 + Math.ceil(random.next() * (most(TROUBLES[one]!) - 1)) : 1;
  const first = { kind, many: several(kind), at };
  if (random.next() >= 0.4) return inWords(first);
  const other = oneOf(random, KINDS);
  const second = {
    kind: other,
    many: several(other),
    at: random.next() < 0.5 ? at : inAnyPhase(all, random),
  };
  return `${inWords(first)} + ${inWords(second)}`;
}

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('agents', seed);
  const names: string[] = [];
  for (const dcos of versions(seed, depth)) {
    for (const scenario of SCENARIOS) {
      const all = await requestsOf(SCENARIO[scenario], dcos, seed);
      const chosen =
        depth === 'every'
          ? // At each single request one of them, in turn: as many seeds as there are kinds have had each at each.
            all.map((_, index) => [KINDS[(index + seed) % KINDS.length]!, index + 1] as const)
          : KINDS.flatMap((kind) =>
              Array.from(
                { length: depth === 'normal' ? 2 : 1 },
                () => [kind, inAnyPhase(all, random)] as const,
              ),
            );
      names.push(...chosen.map(([kind, at]) => `${scenario} ${dcos} ${happenings(kind, at, all, random)}`));
    }
  }
  return depth === 'short' ? sample(names, 30, random) : names;
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [, scenarioName, dcos, words] = /^(\S+) (\S+) (.+)$/.exec(name)!;
  const scenario = SCENARIO[scenarioName as ScenarioName];
  const random = randomOf(name, seed);
  const world = await scenario.prepare({ dcos: dcos as DcosVersion, seed });
  try {
    const addresses = random.shuffle(world.addresses);
    let taken = 0;
    const all = words!.split(' + ').map((one) => {
      const { kind, many, at } = fromWords(one);
      const trouble = TROUBLES[kind]!;
      const where = Array.from({ length: many }, () => {
        const next = taken++;
        return trouble.joins ? `10.0.2.${20 + next}` : addresses[next % addresses.length]!;
      });
      return { trouble, where, at };
    });
    let reached = 0;
    const ran = await world.interrupted(scenario.words, async (asked) => {
      for (const { trouble, where, at } of all) {
        if (at !== asked) continue;
        reached++;
        for (const address of where)
          if (isThere(world, trouble, address)) await trouble.begin(world, address);
        if (trouble.lasts) await world.pass(trouble.lasts);
      }
    });
    if (ran.exit === undefined) world.wrong.push('it ended without an exit code');
    await world.pass(oneOf(random, [0, 120_000]));
    for (const { trouble, where } of all)
      for (const address of where) if (world.addresses.includes(address)) await trouble.end(world, address);
    // Agents come back, and Marathon counts anew, within minutes; what is gone for good it gives up after an hour.
    const leaves = all.some(({ trouble }) => trouble.leaves);
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
    const [first] = words!.split(' + ');
    // A second one may come too late: the first has ended the command.
    const went = reached === 0 ? 'not reached' : `${fromWords(first!).kind}: exit ${ran.exit}`;
    return { wrong: world.wrong, went };
  } finally {
    await world.stop();
  }
}

/** Two troubles may meet on one agent: who has left cannot crash. */
function isThere(world: World, { joins }: Trouble, address: string): boolean {
  return joins || world.addresses.includes(address);
}

export const AGENTS: Family = { name: 'agents', about: 'Agents go wrong in the middle', cases, run };
