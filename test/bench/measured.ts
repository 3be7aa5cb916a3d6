// Runs a program of its own process and tells what it cost.
import { spawn } from 'node:child_process';

export interface Cost {
  code: number | null;
  /** CPU, user and system together. */
  cpuMs: number;
  wallMs: number;
  /** Largest resident size. */
  peakMiB: number;
  /** Bytes printed on stdout. */
  printed: number;
}

/** Reported on file descriptor 3 when the process ends, by a module that is loaded first. */
const REPORTER = `data:text/javascript,${encodeURIComponent(
  "import { writeSync } from 'node:fs'; process.on('exit', () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); writeSync(3, JSON.stringify({ cpu: userCPUTime + systemCPUTime, rss: maxRSS })); });",
)}`;

export function measured(args: string[], env: Record<string, string>): Promise<Cost> {
  return new Promise((done, failed) => {
    const began = performance.now();
    const child = spawn(process.execPath, ['--import', REPORTER, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    });
    let printed = 0;
    let report = '';
    child.stdout!.on('data', (part: Buffer) => {
      printed += part.length;
    });
    (child.stdio[3] as NodeJS.ReadableStream).on('data', (part) => {
      report += part;
    });
    child.on('error', failed);
    child.on('close', (code) => {
      const { cpu, rss } = JSON.parse(report) as { cpu: number; rss: number };
      done({
        code,
        cpuMs: Math.round(cpu / 1000),
        wallMs: Math.round(performance.now() - began),
        peakMiB: Math.round(rss / 1024),
        printed,
      });
    });
  });
}
