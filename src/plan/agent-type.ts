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
  for (const name of Object.keys(agent.attributes))
    if (name.length === 2 && name.toLowerCase() === 'os')
      if (String(agent.attributes[name]).toLowerCase().includes('windows')) return true;
  return false;
}

/** Addresses in the order people read them: 10.0.1.9 before 10.0.1.10. */
export function compareHosts(a: string, b: string): number {
  const first = ipv4(a);
  const second = ipv4(b);
  if (first >= 0 && second >= 0) return first - second;
  // Orders other names as it does addresses, at twenty times the cost; merely to make one takes as long as a plan for 500 agents.
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b);
}

let collator: Intl.Collator | undefined;

/** An address as one number; -1: it is none. */
export function ipv4(text: string): number {
  let value = 0;
  let part = 0;
  let digits = 0;
  let parts = 0;
  for (let at = 0; at <= text.length; at++) {
    const digit = at < text.length ? text.charCodeAt(at) - 48 : -2;
    if (digit >= 0 && digit <= 9 && digits < 3) {
      part = part * 10 + digit;
      digits++;
    } else if (digit === -2 && digits > 0 && part < 256) {
      // A point, or the end.
      value = value * 256 + part;
      parts++;
      part = 0;
      digits = 0;
    } else return -1;
  }
  return parts === 4 ? value : -1;
}
