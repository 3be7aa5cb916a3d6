import type { MesosAgent } from '../dcos/types.ts';

export type AgentType = 'private' | 'public';

/**
 * Public agents carry the attribute `public_ip:true` and reserve what they have to `slave_public`. Operators add attributes of
 * their own and sometimes replace DC/OS's, so either sign is enough (DC/OS's own documentation uses the reservation).
 */
export function agentType(agent: MesosAgent): AgentType {
  if (String(agent.attributes.public_ip ?? '').toLowerCase() === 'true') return 'public';
  return (agent.reserved_resources.slave_public?.cpus ?? 0) > 0 ? 'public' : 'private';
}

/** No released DC/OS has Windows agents, but clusters with some exist: they say so in an attribute `os`. */
export function isWindows(agent: MesosAgent): boolean {
  return Object.entries(agent.attributes).some(
    ([name, value]) => name.toLowerCase() === 'os' && String(value).toLowerCase().includes('windows'),
  );
}

/** Addresses in the order people read them: 10.0.1.9 before 10.0.1.10. */
export function compareHosts(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
