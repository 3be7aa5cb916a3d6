// Runs on a simulated lab, of each the last page that was written.

import type { Lab, LabSpec } from '../../src/lab/lab.ts';
import { RunReport } from '../../src/report/run-report.ts';
import type { InstallRequest } from '../../src/rollout/install.ts';
import type { InstallView } from '../../src/view/install-run.ts';
import { runInstall } from '../../src/view/install-run.ts';
import { runUninstall } from '../../src/view/uninstall-run.ts';
import { ORDINARY } from '../checks/host.ts';
import { clusterOf, timeOf } from '../rollout/on-lab.ts';

/** Nothing of what stands before the host is anybody's to read. */
export const URL_WITH_PASSWORD = 'https://anna:hunter2@dcos.example.com';

/** Seven agents: one without a kernel module, one whose Docker has another store and must restart, which ends two tasks there. */
export const SEVEN: LabSpec = {
  agents: [
    { host: '10.0.1.11', public: false },
    { host: '10.0.1.12', public: false },
    { host: '10.0.1.13', public: false },
    {
      host: '10.0.1.14',
      public: false,
      faults: { steps: { node: { failAfterWork: 'the kernel has no module ip_set' } } },
    },
    {
      host: '10.0.1.15',
      public: false,
      faults: {
        steps: { docker: { restart: 'Docker has another store than is wanted' } },
        facts: {
          ...ORDINARY,
          containers: {
            count: 2,
            running: [
              { name: 'mesos-1', image: 'postgres', task: 'db.1', app: '/shop/db', ours: false },
              { name: 'registry', image: 'registry:2', task: '', app: '', ours: false },
            ],
          },
        },
      },
    },
    { host: '10.0.1.16', public: false },
    { host: '10.1.2.20', public: true },
  ],
};

export interface Reported {
  exit: number;
  /** Each page that was written, in its order. */
  pages: string[];
}

const SILENT: Omit<InstallView, 'confirm'> = {
  out: { width: 100, height: 40, colour: false, interactive: false },
  talk: { width: 100, height: 40, colour: false, interactive: false },
  print: () => undefined,
  say: () => undefined,
  onInterrupt: () => undefined,
  stream: process.stderr,
};

function reporting(lab: Lab, command: string, removes = false) {
  const pages: string[] = [];
  const report = new RunReport(
    { url: URL_WITH_PASSWORD, program: '0.1.0', who: 'anna@laptop', command, message: 'CHG-4711' },
    { now: () => lab.clock.now(), write: (page) => pages.push(page), removes },
  );
  return { report, pages };
}

export async function reportedInstall(
  lab: Lab,
  flags: { dryRun?: boolean; answer?: boolean } = {},
  request: Partial<InstallRequest> = {},
): Promise<Reported> {
  const command = `dcos calico install${flags.dryRun ? ' --dry-run' : ''}`;
  const { report, pages } = reporting(lab, command);
  const ended = await runInstall(
    clusterOf(lab),
    { sources: {}, who: 'anna@laptop', command, message: 'CHG-4711', ...request },
    { dryRun: false, yes: flags.answer === undefined, json: false, pauseAfterCanary: false, ...flags },
    timeOf(lab),
    { ...SILENT, confirm: async () => flags.answer ?? true, report },
  );
  return { exit: ended.exit, pages };
}

export async function reportedUninstall(lab: Lab): Promise<Reported> {
  const command = 'dcos calico uninstall';
  const { report, pages } = reporting(lab, command, true);
  const ended = await runUninstall(
    clusterOf(lab),
    { restart: true, who: 'anna@laptop', command, message: 'CHG-4711' },
    {
      dryRun: false,
      yes: true,
      json: false,
      force: false,
      forgetAgents: false,
      deleteNetworks: false,
      deleteData: false,
      apiOnly: false,
    },
    timeOf(lab),
    { ...SILENT, confirm: async () => true, report },
  );
  return { exit: ended.exit, pages };
}
