// A host for one test, and what a script sees of it.
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, type Host } from '../../../src/lab/sandbox/host.ts';
import type { HostSpec } from '../../../src/lab/sandbox/spec.ts';

export interface Outcome {
  code: number;
  out: string;
  err: string;
}

export interface TestHost {
  host: Host;
  /** Runs a line of shell with the host's commands on its path; `env` besides. */
  sh(line: string, env?: Record<string, string>): Promise<Outcome>;
}

/** Makes a host, runs a test on it, and removes it. */
export async function onHost(spec: Partial<HostSpec>, test: (on: TestHost) => Promise<void>): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'host-'));
  const host = await createHost({ address: '10.0.1.11', ...spec, dir });
  const sh = (line: string, env: Record<string, string> = {}): Promise<Outcome> =>
    new Promise((resolve) => {
      const path = ['usr/sbin', 'usr/bin', 'opt/mesosphere/bin'].map((part) => join(dir, part)).join(':');
      execFile(
        '/bin/sh',
        ['-c', line],
        { cwd: dir, env: { PATH: path, ...host.environment, ...env } },
        (error, out, err) => resolve({ code: (error?.code as number | undefined) ?? 0, out, err }),
      );
    });
  try {
    await test({ host, sh });
  } finally {
    await host.remove();
  }
}

/** Waits until something holds; the test's own time limit ends a wait in vain. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A call of systemd's manager on the bus. */
export const bus = (rest: string): string =>
  `busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager ${rest}`;
