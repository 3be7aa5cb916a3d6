// A rehearsal as the command plays it, of a cluster that is itself a simulated lab.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { inventoryFor, type RehearseFlags, rehearsedOf } from '../../src/cli/rehearse-request.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { staged } from '../../src/rehearsal/fault-flags.ts';
import type { Inventory } from '../../src/rehearsal/inventory.ts';
import { readInventory } from '../../src/rehearsal/read-inventory.ts';
import { stepTimes } from '../../src/rehearsal/step-times.ts';
import { runRehearsal } from '../../src/view/rehearse-run.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { clusterOf, START } from '../rollout/on-lab.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/rehearsal.json'), 'utf8'));
export const validate = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);

export const terminal = (width: number): Terminal => ({
  width,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
});

export interface Played {
  exit: number;
  out: string;
  talk: string;
  document: {
    rehearsed: string;
    seconds: number;
    waves: { wave: number; kind: string; agents: number }[];
    planned: number;
    notBegun: number;
    failed: { host: string; reason: string }[];
    restarted: { host: string; times: number; interrupted: string[] }[];
    notes: string[];
    didNotHappen: string[];
    result: Record<string, unknown>;
  };
}

export interface Playing extends Partial<RehearseFlags> {
  fault?: string[];
  stepTime?: string[];
  seed?: number;
  width?: number;
  argv?: string[];
}

export async function rehearse(of: Lab | Inventory, playing: Playing = {}): Promise<Played> {
  const {
    fault = [],
    stepTime = [],
    seed = 1,
    width = Number.POSITIVE_INFINITY,
    argv = [],
    ...more
  } = playing;
  const flags: RehearseFlags = {
    'api-only': false,
    ask: 1000,
    uninstall: false,
    'pause-after-canary': false,
    'no-restart': false,
    leave: false,
    ...more,
  };
  const rehearsed = await rehearsedOf(flags, argv, { json: false, now: START, version: '0.0.0' });
  const { inventory, notes } =
    'format' in of
      ? { inventory: of, notes: [] }
      : await inventoryFor(flags, rehearsed, async () => clusterOf(of), of.clock.now());
  const played = { out: '', talk: '' };
  const { exit, document } = await runRehearsal(
    {
      inventory,
      faults: staged(fault, inventory, seed),
      times: stepTimes(stepTime),
      seed,
      start: START,
      rehearsed,
      chosen: fault,
      saved: false,
      notes,
    },
    {
      out: terminal(width),
      talk: terminal(width),
      print: (text) => {
        played.out += `${text}\n`;
      },
      say: (text) => {
        played.talk += `${text}\n`;
      },
      stream: process.stderr,
    },
  );
  return { ...played, exit, document: JSON.parse(JSON.stringify(document)) };
}

export function inventoryOfLab(lab: Lab): Promise<Inventory> {
  return readInventory(clusterOf(lab), ['etcd.mesos'], lab.clock.now());
}

/** An app of somebody else's, in Docker, on this agent. */
export function dockerApp(id: string, host: string): Record<string, unknown> {
  return {
    id,
    cmd: 'sleep 100000',
    instances: 1,
    cpus: 0.5,
    mem: 64,
    acceptedResourceRoles: ['*'],
    container: { type: 'DOCKER', docker: { image: 'nginx:1.25' } },
    constraints: [['hostname', 'CLUSTER', host]],
    portDefinitions: [],
  };
}

export async function putApps(lab: Lab, apps: Record<string, unknown>[]): Promise<void> {
  for (const app of apps) await clusterOf(lab).marathon.putApp(app as never);
  await lab.sleep(30_000);
}
