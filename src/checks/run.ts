// All checks, all run before the verdict.
import { away, onTheAgents, reserved, room, windows } from './agents.ts';
import { etcdEndpoints, etcdRecord } from './etcd.ts';
import { mesh, pool } from './network.ts';
import { otherCalico, permissions, universeFramework } from './others.ts';
import type { Check, Facts, Finding, Severity } from './types.ts';
import { dcosVersion, marathonVersion, mixedMesos } from './versions.ts';

/** In the order of their codes, which are permanent: a check that goes leaves its number behind. */
export const CHECKS: readonly Check[] = [
  dcosVersion,
  marathonVersion,
  universeFramework,
  otherCalico,
  etcdRecord,
  etcdEndpoints,
  room,
  permissions,
  mixedMesos,
  mesh,
  pool,
  away,
  reserved,
  windows,
  onTheAgents,
];

const ORDER: Record<Severity, number> = { stops: 0, warns: 1, informs: 2 };

/** What the checks found, what stops first, then by code. */
export function preflight(facts: Facts): Finding[] {
  return CHECKS.flatMap(({ code, title, look }) =>
    look(facts).map((found): Finding => ({ ...found, code, title, agents: found.agents ?? [] })),
  ).sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || a.code.localeCompare(b.code));
}

export function stops(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'stops');
}
