// Every program that runs on agents: the steps, and the small apps that look, apply or give turns.
import type { Options } from '../../src/options/types.ts';
import { bgpDefinition } from '../../src/steps/bgp/definition.ts';
import { dataDefinition } from '../../src/steps/data/definition.ts';
import { endpointsDefinition } from '../../src/steps/endpoints/definition.ts';
import { preflightDefinition } from '../../src/steps/preflight/definition.ts';
import { STEPS } from '../../src/steps/registry.ts';
import { turnDefinition } from '../../src/steps/turn/definition.ts';

export interface Program {
  cmd: string;
  env: Record<string, string>;
  /** Whether it has a mode, and a state that it comes to. */
  isStep: boolean;
}

export function programs(options: Options, host: string): Record<string, Program> {
  const frame = { carrier: 'check', marathonVersion: '1.9.136', asked: '2026-11-24T03:54:09.383Z' } as const;
  const ofAgent = { ...frame, agent: host, options };
  const tls = { 'ca-file': '', 'cert-file': '', 'key-file': '' };
  const small = {
    bgp: bgpDefinition({ ...ofAgent, do: 'apply' }),
    data: dataDefinition({ ...ofAgent, task: { do: 'prune', nodes: ['10.0.9.9'] } }),
    preflight: preflightDefinition({ ...frame, options, hosts: [host], others: [] }),
    endpoints: endpointsDefinition({ ...frame, agent: host, urls: ['http://10.0.0.11:2379'], tls }),
    turn: turnDefinition({
      ...frame,
      agents: [host],
      allows: 'restart',
      interrupts: { [host]: [] },
      until: '',
      settleSeconds: 0,
      wave: '1/1 canary',
      who: 'anna@laptop',
      steps: [{ name: 'cni', version: '2026-11-24T03:54:09.383Z' }],
    }),
  };
  return {
    ...Object.fromEntries(
      STEPS.map((step) => [
        step.name,
        { cmd: step.script, env: step.environment(options, 'present'), isStep: true },
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(small).map(([name, { cmd, env }]) => [
        name,
        { cmd: cmd!, env: env ?? {}, isStep: false },
      ]),
    ),
  };
}
