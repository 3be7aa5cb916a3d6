// `status` on 5,000 agents against a small Go program that does the same join, where Go is on the machine.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildBundle } from '../bundle.ts';
import { startCanned } from '../status/canned.ts';
import { cpuMs } from './cpu.ts';
import { clusterOf, EMBEDS } from './status.bench.ts';

const AGENTS = 5000;
const RUNS = 3;

function hasGo(): Promise<boolean> {
  return new Promise((resolve) => execFile('go', ['version'], (error) => resolve(!error)));
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

export async function benchJoin(print: (line: string) => void): Promise<void> {
  if (!(await hasGo())) {
    print('Go is not on this machine: its program is not compared');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-join-'));
  const program = join(folder, 'join');
  const bundle = buildBundle();
  const canned = await startCanned(clusterOf(AGENTS));
  try {
    execFileSync('go', ['build', '-o', program, join(import.meta.dirname, 'join.go')], {
      env: { ...process.env, GO111MODULE: 'off' },
    });
    const urls = [
      `${canned.url}/mesos/slaves`,
      `${canned.url}/service/marathon/v2/groups/calico?${EMBEDS}`,
      `${canned.url}/service/marathon/v2/info`,
    ];
    const env = { DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x', HOME: folder };
    // Not measured: that it does its work, and does not end in an error.
    if (!/^\d+ /m.test((await promisify(execFile)(program, urls)).stdout))
      throw new Error('The Go program printed no row');
    const [ours, go]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      ours.push(await cpuMs([process.execPath, bundle.path, 'calico', 'status'], env));
      go.push(await cpuMs([program, ...urls], env));
    }
    const [own, others] = [median(ours), median(go)];
    print(
      `status on ${AGENTS} agents: ${own.toFixed(0)} ms CPU; the Go program: ${others.toFixed(0)} ms; ratio ${(own / others).toFixed(2)}`,
    );
  } finally {
    await canned.close();
    bundle.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await benchJoin((line) => console.log(line));
