// Findings about agents: equal ones are one.
import type { HostFacts } from './host-facts.ts';
import type { Facts, Found, Severity } from './types.ts';

export interface Said {
  severity: Severity;
  what: string;
  remedy: string[];
}

/** What `say` says of each agent that was asked, equal sentences together, the most agents first. */
export function onAgents(
  { hosts }: Pick<Facts, 'hosts'>,
  say: (host: HostFacts) => Said | undefined,
): Found[] {
  const found = new Map<string, Found & { agents: string[] }>();
  for (const host of hosts?.told ?? []) {
    const said = say(host);
    if (!said) continue;
    const key = `${said.severity} ${said.what} ${said.remedy.join('\n')}`;
    const other = found.get(key);
    if (other) other.agents.push(host.host);
    else found.set(key, { ...said, agents: [host.host] });
  }
  return [...found.values()]
    .map((one) => named({ ...one, agents: one.agents.sort(byNumber) }))
    .sort((a, b) => b.agents.length - a.agents.length);
}

const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
/** So many addresses can be copied from a line. */
const IN_A_COMMAND = 5;

/** Where a command is to name the agents, it does. */
function named<T extends Found & { agents: string[] }>(found: T): T {
  const { agents, remedy } = found;
  const all = agents.length <= IN_A_COMMAND ? agents.join(',') : `${agents[0]},…`;
  return {
    ...found,
    remedy: remedy.map((line) =>
      line.replace('--exclude AGENT', `--exclude ${all}`).replace('--canary AGENT', `--canary ${agents[0]}`),
    ),
  };
}

/** The way that is always there; `AGENT` becomes the addresses. */
export const OR_EXCLUDE = 'Or leave the agent alone: --exclude AGENT';
