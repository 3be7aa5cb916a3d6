// All checks, all run before the verdict.
import { asRoot, away, onTheAgents, reserved, reserving, room, silent, tight, windows } from './agents.ts';
import { etcdEndpoints, etcdRecord } from './etcd.ts';
import * as docker from './host-docker.ts';
import * as hostNetwork from './host-network.ts';
import * as system from './host-system.ts';
import { blocks, mesh, pool } from './network.ts';
import { forgotten, otherCalico, permissions, refusal, universeFramework } from './others.ts';
import { steps, stepsThatStop } from './steps.ts';
import type { Check, Facts, Finding, Found, Severity } from './types.ts';
import { forDcos, forDocker } from './upgrades.ts';
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
  tight,
  blocks,
  reserving,
  asRoot,
  silent,
  system.tools,
  system.bus,
  system.systemdVersion,
  system.nativeCalico,
  docker.dockerAnswers,
  docker.dockerVersion,
  docker.store,
  docker.daemonJson,
  docker.pending,
  docker.swarm,
  docker.liveRestore,
  hostNetwork.cniName,
  hostNetwork.cniDirectories,
  system.cgroups,
  hostNetwork.ports,
  system.modules,
  system.iptables,
  system.rpFilter,
  system.disk,
  system.memory,
  system.clock,
  hostNetwork.leftBehind,
  hostNetwork.etcdPool,
  docker.restart,
  steps,
  forDcos,
  forDocker,
  refusal,
  forgotten,
];

const ORDER: Record<Severity, number> = { stops: 0, warns: 1, informs: 2 };

/** Where a step stops, and changes nothing, the others and all other agents can go on. */
function allTheSame({ code, explains, cannotBeWaived }: Check, { severity, agents = [] }: Found): string[] {
  const step = explains !== undefined || code === steps.code;
  if (severity !== 'stops' || cannotBeWaived || !step || agents.length === 0) return [];
  return [`Or go on all the same, and have it fail there: --ignore ${code}`];
}

function finding(check: Check, found: Found, ignored: readonly string[]): Finding {
  const waived = found.severity === 'stops' && !check.cannotBeWaived && ignored.includes(check.code);
  return {
    ...found,
    code: check.code,
    title: check.title,
    agents: found.agents ?? [],
    remedy: [...found.remedy, ...(waived ? [] : allTheSame(check, found))],
    ...(waived ? { waived: true } : {}),
  };
}

/** What the checks found, what stops first, then by code. What the options waive is told all the same. */
export function preflight(facts: Facts): Finding[] {
  const ignored = facts.options.rollout.ignore;
  const findings = CHECKS.flatMap((check) =>
    check.look(facts).map((found) => finding(check, found, ignored)),
  );
  const left = stepsThatStop(facts, findings, CHECKS).map((found) => finding(steps, found, ignored));
  return [...findings, ...left]
    .filter(({ severity }, _, all) => severity !== 'informs' || !hopeless(all))
    .sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || a.code.localeCompare(b.code));
}

/** The versions of DC/OS and of Marathon: no option mends those, and nothing else is worth saying then. */
const HOPELESS = [dcosVersion.code, marathonVersion.code];

/** The finding because of which this cluster cannot have Calico by this program, whatever the options say. */
export function hopeless(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ code, severity }) => severity === 'stops' && HOPELESS.includes(code));
}

/** Whether anything of it stops, what is waived left out. */
export function stops(findings: readonly Finding[]): boolean {
  return findings.some(({ severity, waived }) => severity === 'stops' && !waived);
}

/** Addresses of agents on which a step is known to stop: they fail until it is mended, waived or not. */
export function stoppedAgents(findings: readonly Finding[]): Set<string> {
  const sure = new Set(CHECKS.filter(({ explains = [] }) => explains.length > 0).map(({ code }) => code));
  return new Set(
    findings
      .filter(({ severity, code }) => severity === 'stops' && (sure.has(code) || code === steps.code))
      .flatMap(({ agents }) => agents),
  );
}
