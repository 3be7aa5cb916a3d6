// A sandbox lab with Calico on it, in this process, and tests of its network with all that they leave.
import type { Lab } from '../../src/lab/lab.ts';
import { startLab } from '../../src/lab/lab.ts';
import type { Faults } from '../../src/lab/sandbox/faults.ts';
import type { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import { carryInstall, prepareInstall } from '../../src/rollout/install.ts';
import { type ConnectivityFlags, runConnectivity } from '../../src/view/connectivity-run.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { clusterOf } from '../rollout/on-lab.ts';

export const A = '10.0.1.11';
export const B = '10.0.1.12';
export const PUBLIC = '10.1.2.20';

/** Passes only while somebody sleeps: on a busy machine a look that takes long must not use patience up. */
function timeOf(lab: Lab) {
  let now = Date.now();
  return {
    now: () => now,
    sleep: async (ms: number) => {
      await lab.sleep(ms);
      now += ms;
    },
  };
}

export async function withCalico(
  use: (lab: Lab) => Promise<void>,
  {
    dcos = '2.0',
    set = [],
    agents = { private: 2, public: 1 },
  }: {
    dcos?: DcosVersion;
    set?: string[];
    agents?: { private: number; public: number };
  } = {},
): Promise<void> {
  const lab = await startLab({ grade: 'sandbox', dcos, agents });
  try {
    const request = {
      sources: {
        set: ['rollout.settle-seconds=0', 'rollout.canary=100%', 'rollout.max-concurrent=100%', ...set],
      },
      who: 'anna@laptop',
      command: 'dcos calico install',
      message: '',
    };
    const found = await prepareInstall(clusterOf(lab), request, Date.now());
    if ('forbidden' in found) throw new Error('not to be installed');
    const { summary } = await carryInstall(clusterOf(lab), found.prepared, {
      time: timeOf(lab),
      listener: () => undefined,
      pauseAfterCanary: false,
    });
    if (summary.exit !== 0) throw new Error(summary.what);
    await use(lab);
  } finally {
    await lab.stop();
  }
}

/** Replaces what a host does wrong. */
export function setFaults(lab: Lab, host: string, faults: Faults): void {
  hostOf(lab, host).setFaults(faults);
}

export function hostOf(lab: Lab, address: string) {
  return (lab.runner as SandboxRunner).hosts.find((host) => host.address === address)!;
}

export const pipe: Terminal = {
  width: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
};

export interface Tested {
  exit: number;
  out: string;
  talk: string;
  document: {
    passed: boolean;
    cleanedUp: boolean;
    agents: { host: string }[];
    endpoints: { host: string; kind: string; address?: string; problem?: string }[];
    connections: {
      from: { host: string; kind: string };
      to: { host: string; kind: string };
      phase: string;
      expected: string;
      got: string;
      passed: boolean;
    }[];
    broken: { link: string; agents: string[]; kind?: string; what: string; cause: string; next: string[] }[];
  };
}

export async function connectivity(
  lab: Lab,
  flags: Partial<ConnectivityFlags> = {},
  { interrupts = [] as (() => string | Promise<string>)[], said = (_: string) => {} } = {},
): Promise<Tested> {
  const tested = { out: '', talk: '' };
  const { exit, document } = await runConnectivity(
    clusterOf(lab),
    { yes: true, dryRun: false, cleanUp: false, ...flags },
    timeOf(lab),
    {
      out: pipe,
      print: (text) => {
        tested.out += `${text}\n`;
      },
      say: (text) => {
        tested.talk += `${text}\n`;
        said(text);
      },
      confirm: async () => true,
      onInterrupt: (line) => interrupts.push(line),
    },
  );
  return { ...tested, exit, document: JSON.parse(JSON.stringify(document)) };
}

/** What of a test is left anywhere: apps, resources of Calico, Docker networks. */
export async function leftOf(lab: Lab): Promise<string[]> {
  const { marathon } = clusterOf(lab);
  const group = await marathon.group('/calico/ops/connectivity');
  const keys = await fetch(`${lab.etcdUrl}/v2/keys/calico/v1/policy?recursive=true`);
  const text = await keys.text();
  const named = [...text.matchAll(/dcos-calico-connectivity[\w-]*/g)].map(([name]) => name);
  const networks = hostOf(lab, A)
    .machine.engine.allNetworks()
    .filter(({ name }) => name.includes('connectivity'));
  return [
    ...(group ? ['the group'] : []),
    ...new Set(named.map((name) => `etcd: ${name}`)),
    ...networks.map(({ name }) => `docker: ${name}`),
  ];
}
