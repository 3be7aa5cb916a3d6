// Who is restarted, why, and what that interrupts: equal ones together.
import type { Plan } from '../plan/types.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';

/** Room for the addresses at the head of a line. */
const WHO = 60;

function interrupted(names: readonly string[] | undefined): string {
  if (!names)
    return 'what it interrupts was not asked: it is left alone where anything but Calico runs in Docker';
  if (names.length === 0) return 'interrupts nothing but Calico itself';
  return `interrupts ${names.map(plainText).join(', ')}`;
}

/** A line each; none where nothing is restarted. */
export function restartLines({ restarts = [] }: Pick<Plan, 'restarts'>): string[] {
  const groups = new Map<string, string[]>();
  for (const { agent, reason, interrupts } of restarts) {
    const text = `${plainText(reason)}; ${interrupted(interrupts)}`;
    groups.set(text, [...(groups.get(text) ?? []), agent.host]);
  }
  return [...groups].map(([text, hosts]) => `${addresses(hosts, WHO)}: ${text}`);
}
