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
  return [...found.values()].sort((a, b) => b.agents.length - a.agents.length);
}

/** `dcos calico install --exclude AGENT`, in words: the way that is always there. */
export const OR_EXCLUDE = 'Or leave the agent alone: --exclude AGENT';
