// Addresses in the order people read them, fast enough for thousands: a collator costs more than the whole join.
import { ipv4 } from '../plan/agent-type.ts';

/** IPv4 by number, before everything else, which sorts as text. */
export function compareAddresses(a: string, b: string): number {
  const first = ipv4(a);
  const second = ipv4(b);
  if (first >= 0 && second >= 0) return first - second;
  if (first >= 0 || second >= 0) return first >= 0 ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
