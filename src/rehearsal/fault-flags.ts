// `--fault KIND[@WHERE][+TIME]`: read, and put on the agents that it means.
import { EXIT, UserError } from '../errors.ts';
import { SeededRandom } from '../lab/random.ts';
import { parseDuration } from '../status/duration.ts';
import { FAULTS, faultKind, merged, type Staged } from './faults.ts';
import type { Inventory, InventoryAgent } from './inventory.ts';

/** When a fault that has its time happens, if the flag does not say. */
const SOON_SECONDS = 60;
/** Everything of it: more than any agent has. */
const DEFAULT_SHARE = 5;

/** What the flags do to this cluster. Agents that are not named are drawn by the seed. Throws `rehearsal-fault`, exit code 2. */
export function staged(flags: readonly string[], { agents }: Inventory, seed: number): Staged {
  const result: Staged = { hosts: new Map(), events: [], http: [] };
  flags.forEach((flag, index) => {
    const [, name = '', where, time] = /^([^@+]+)(?:@([^+]+))?(?:\+(.+))?$/.exec(flag) ?? [];
    const kind = faultKind(name);
    if (!kind) throw unusable(flag, 'there is no fault of that name');
    const { make, on } = kind;
    if (on === 'share') {
      if (time !== undefined) throw unusable(flag, 'it has no time: it lasts');
      const share = where === undefined ? DEFAULT_SHARE : percent(where);
      if (share === undefined) throw unusable(flag, 'it takes a share of the answers: @5%');
      result.http.push({
        method: 'GET',
        path: '/*',
        kind: 'status',
        status: 503,
        chance: share / 100,
      });
      return;
    }
    const inTime = on !== 'agents';
    if (!inTime && time !== undefined) throw unusable(flag, 'it has no time: it is so from the beginning');
    const at = time === undefined ? SOON_SECONDS : (parseDuration(time) ?? Number.NaN) / 1000;
    if (Number.isNaN(at)) throw unusable(flag, 'its time is none: +90s, +10m');
    if (on === 'cluster in time') {
      if (where !== undefined) throw unusable(flag, 'it is of the whole cluster, and takes no agents');
      result.events.push({ at, ...make.event! });
      return;
    }
    // Each flag draws for itself, so that one more does not move the others.
    for (const agent of chosen(flag, where, agents, new SeededRandom(`${seed} ${index}`))) {
      if (make.host) result.hosts.set(agent.host, merged(result.hosts.get(agent.host), make.host));
      if (make.event) {
        const all = make.event.do === 'occupy' ? { cpus: agent.cpus, mem: agent.mem } : {};
        result.events.push({ at, agent: agent.host, ...make.event, ...all });
      }
    }
  });
  return result;
}

function percent(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)%$/.exec(text);
  return found && Number(found[1]) <= 100 ? Number(found[1]) : undefined;
}

function chosen(
  flag: string,
  where = '1',
  agents: readonly InventoryAgent[],
  random: SeededRandom,
): InventoryAgent[] {
  const share = percent(where);
  if (share !== undefined) return random.shuffle(agents).slice(0, Math.ceil((agents.length * share) / 100));
  if (/^\d+$/.test(where)) {
    if (Number(where) > agents.length)
      throw unusable(flag, `the cluster has ${agents.length} agents, which is fewer`);
    return random.shuffle(agents).slice(0, Number(where));
  }
  return where.split(',').map((host) => {
    const agent = agents.find((one) => one.host === host);
    if (!agent) throw unusable(flag, `no agent has the address ${host}`);
    return agent;
  });
}

function unusable(flag: string, why: string): UserError {
  return new UserError({
    code: 'rehearsal-fault',
    what: `--fault ${flag} cannot be used`,
    why,
    remedy: [
      '--fault KIND@10.0.1.13,…     on these agents; @3 or @2% on some; +10m after that time',
      'dcos calico lab rehearse --list-faults',
    ],
    exit: EXIT.usage,
  });
}

/** `--list-faults`: name and meaning of each. */
export function faultList(): { name: string; means: string; takes: string }[] {
  const takes = {
    agents: '@AGENTS',
    'agents in time': '@AGENTS+TIME',
    'cluster in time': '+TIME',
    share: '@PERCENT',
  };
  return FAULTS.map(({ name, means, on }) => ({ name, means, takes: takes[on] }));
}
