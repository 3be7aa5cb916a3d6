// What `status` costs on clusters of 10 to 5,000 agents, against a plain program that only fetches and parses the same answers, and,
// where Go is on the machine, against a small Go program that fetches the lists and does the same join.
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startCanned } from '../status/canned.ts';
import { clusterOf } from './clusters.ts';
import { costOf, medians } from './cpu.ts';
import type { Packed } from './packed.ts';
import { figure, type Report } from './report.ts';

const SIZES = [10, 100, 1000, 5000];
const RUNS = 3;

/** The Go program, compiled; undefined: there is no Go. */
function joinProgram(folder: string): string | undefined {
  const program = join(folder, 'join');
  try {
    execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'join.go')], {
      env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '' },
      stdio: 'ignore',
    });
    return program;
  } catch {
    return undefined;
  }
}

export async function benchStatus(report: Report, { folder, command }: Packed): Promise<void> {
  const go = joinProgram(folder);
  if (!go) report.line('Go is not on this machine: its program is not compared');
  const rows: (string | number)[][] = [];
  for (const size of SIZES) {
    const canned = await startCanned(clusterOf(size));
    try {
      const env = { DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x', HOME: folder };
      await costOf(command('status'), env);
      const { agents = 0, group = 0, info = 0, file = 0, other = 0 } = canned.asked;
      const megabytes = canned.bytes / 1e6;
      const urls = canned.paths.map((path) => canned.url + path);
      const lists = ['/mesos/slaves', '/groups/', '/info'].map(
        (part) => urls.find((url) => url.includes(part))!,
      );
      // Not measured: that it does its work, and does not end in an error.
      if (go && !/^\d+ /m.test((await promisify(execFile)(go, lists)).stdout))
        throw new Error('The Go program printed no row');
      const [ours, plain, other_] = await medians(
        [
          { command: command('status'), env },
          { command: [process.execPath, join(import.meta.dirname, 'status-plain.mjs'), ...urls] },
          ...(go ? [{ command: [go, ...lists] }] : []),
        ],
        RUNS,
      );
      const ratio = ours!.cpu / plain!.cpu;
      const toGo = other_ ? ours!.cpu / other_.cpu : undefined;
      if (size === 5000) {
        report.goal('status on 5,000 agents, in programs that fetch and parse the same', ratio, 1.3);
        if (toGo) report.goal('status on 5,000 agents, in Go programs', toGo, 1);
      }
      rows.push([
        size,
        agents + group + info + other,
        file,
        megabytes.toFixed(1),
        figure(ours!.cpu),
        figure(plain!.cpu),
        ratio.toFixed(2),
        other_ ? figure(other_.cpu) : '',
        toGo ? toGo.toFixed(2) : '',
        figure(ours!.peak),
        figure(plain!.peak),
        other_ ? figure(other_.peak) : '',
      ]);
    } finally {
      await canned.close();
    }
  }
  report.table(
    [
      'STATUS ON',
      'REQUESTS',
      'REPORTS',
      'MB READ',
      'CPU MS',
      'PLAIN',
      'RATIO',
      'GO',
      'RATIO',
      'PEAK MIB',
      'PLAIN',
      'GO',
    ],
    rows,
  );
}
