// Runs `preflight` and `diff` on a lab with surprises, as they are shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { Lab, LabSpec } from '../../src/lab/lab.ts';
import type { InstallRequest } from '../../src/rollout/install.ts';
import { type DiffFlags, runDiff } from '../../src/view/diff-run.ts';
import { type LookFlags, runPreflight } from '../../src/view/preflight-run.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { ORDINARY } from '../checks/host.ts';
import { clusterOf, timeOf } from '../rollout/on-lab.ts';

const schemas = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
const schema = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas', name), 'utf8'));
schemas.addSchema(schema('install.json'), 'install.json');
const valid = {
  preflight: schemas.compile(schema('preflight.json')),
  diff: schemas.compile(schema('diff.json')),
};

export const at = (width: number, colour = false): Terminal => ({
  width,
  height: 24,
  colour,
  interactive: Number.isFinite(width),
});
export const PIPE = at(Number.POSITIVE_INFINITY);

const STORE = 'zk://10.0.0.1:2181';

function keys(host: string, before = {}) {
  const after = { 'cluster-store': 'etcd://localhost:2379', 'cluster-advertise': `${host}:62376` };
  return { before, after, others: ['log-driver'], there: true };
}

function agent(host: string, change: Record<string, unknown> = {}, steps = {}, isPublic = false) {
  const { docker = {}, ...rest } = change as { docker?: object };
  const facts = {
    ...ORDINARY,
    ...rest,
    rpFilter: 2,
    docker: { ...ORDINARY.docker, ...keys(host), ...docker },
  };
  return { host, public: isPublic, faults: { facts, steps } };
}

/** A cluster of seven: another store, an old Calico, a newer Docker on the disk, a full agent, and two ordinary ones. */
export const SURPRISES: LabSpec = {
  agents: [
    agent('10.0.1.11'),
    agent('10.0.1.12'),
    agent('10.0.1.13', {
      docker: { store: STORE, before: { 'cluster-store': STORE, 'cluster-advertise': '10.0.1.13:2376' } },
      containers: {
        count: 2,
        running: [
          { name: 'mesos-1', image: 'postgres', task: 'db.1', app: '/shop/db', ours: false },
          { name: 'registry', image: 'registry:2', task: '', app: '', ours: false },
        ],
      },
    }),
    agent('10.0.1.14', {
      earlier: { ...ORDINARY.earlier, units: ['calico.service'], files: ['/etc/calico'] },
    }),
    agent(
      '10.0.1.15',
      { docker: { onDisk: '24.0.2' } },
      { docker: { fail: 'the Docker on disk is 24.0.2, which has no cluster store' } },
    ),
    { host: '10.0.1.16', public: false, cpus: 0.1 },
    agent('10.1.2.20', { iptables: 'iptables v1.8.4 (nf_tables)' }, {}, true),
  ],
};

export interface Shown {
  exit: number;
  /** What stdout and stderr have, in their order. */
  screen: string;
  out: string;
  talk: string;
  document: Record<string, unknown>;
  interrupts: (() => string | Promise<string>)[];
}

const REQUEST = { sources: {}, who: 'anna@laptop', message: '' };

async function shown(
  kind: 'preflight' | 'diff',
  lab: Lab,
  out: Terminal,
  request: Partial<InstallRequest>,
  flags: Partial<DiffFlags & LookFlags>,
): Promise<Shown> {
  const ran: Omit<Shown, 'exit' | 'document'> = { screen: '', out: '', talk: '', interrupts: [] };
  const take = (stream: 'out' | 'talk') => (text: string) => {
    ran[stream] += `${text}\n`;
    ran.screen += `${text}\n`;
  };
  const view = {
    out,
    print: take('out'),
    say: take('talk'),
    onInterrupt: (action: () => string | Promise<string>) => void ran.interrupts.push(action),
  };
  const all = { apiOnly: false, programVersion: '0.1.0', ...flags };
  const run = kind === 'diff' ? runDiff : runPreflight;
  const ended = await run(
    clusterOf(lab),
    { ...REQUEST, command: `dcos calico ${kind}`, ...request },
    all,
    timeOf(lab),
    view,
  );
  const document = JSON.parse(JSON.stringify(ended.document)) as Record<string, unknown>;
  if (!valid[kind](document)) throw new Error(JSON.stringify(valid[kind].errors, null, 1));
  return { ...ran, exit: ended.exit, document };
}

export const preflightOn = (
  lab: Lab,
  out: Terminal = PIPE,
  request: Partial<InstallRequest> = {},
  flags: Partial<LookFlags> = {},
) => shown('preflight', lab, out, request, flags);

export const diffOn = (
  lab: Lab,
  out: Terminal = PIPE,
  request: Partial<InstallRequest> = {},
  flags: Partial<DiffFlags> = {},
) => shown('diff', lab, out, request, flags);
