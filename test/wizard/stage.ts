// The built program in a pseudo-terminal or a pipe, against a lab, with a home and a working directory of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PseudoTerminal } from '../../scripts/terminal.ts';
import { type Lab, type LabSpec, startLab } from '../../src/lab/lab.ts';
import type { Ran } from '../status/bundle.ts';

export interface Stage {
  lab: Lab;
  /** Working directory, where calico.json is written. */
  folder: string;
  /** `dcos calico configure ARGS…` where somebody sits in front of it. */
  sit(
    args?: string[],
    size?: { rows?: number; columns?: number; env?: Record<string, string> },
  ): PseudoTerminal;
  /** The same in a pipe. */
  pipe(args: string[], input?: string): Promise<Ran>;
  /** Text of a screen without what differs from run to run. */
  masked(text: string): string;
}

/** Five private agents and a public one, unless `spec` says otherwise. */
export async function onStage(
  program: string,
  spec: LabSpec,
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const lab = await startLab({ speed: 50, seed: 3, ...spec });
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-wizard-'));
  const open: PseudoTerminal[] = [];
  const environment = () => ({
    PATH: process.env.PATH,
    HOME: folder,
    DCOS_URL: lab.url,
    DCOS_ACS_TOKEN: lab.token,
  });
  const command = (args: string[]) => [program, 'calico', 'configure', ...args];
  try {
    await play({
      lab,
      folder,
      sit: (args = [], { rows = 24, columns = 80, env = { NO_COLOR: '1' } } = {}) => {
        const size = { rows, columns, cwd: folder, env: { ...environment(), ...env } };
        const terminal = new PseudoTerminal([process.execPath, ...command(args)], size);
        open.push(terminal);
        return terminal;
      },
      pipe: (args, input = '') =>
        new Promise((done) => {
          const child = spawn(process.execPath, command(args), { cwd: folder, env: environment() });
          const ran: Ran = { code: null, stdout: '', stderr: '' };
          child.stdout.on('data', (part) => {
            ran.stdout += part;
          });
          child.stderr.on('data', (part) => {
            ran.stderr += part;
          });
          child.on('close', (code) => done({ ...ran, code }));
          child.stdin.end(input);
        }),
      masked: (text) =>
        text.replaceAll(lab.url, `http://127.0.0.1:${'0'.repeat(new URL(lab.url).port.length)}`),
    });
  } finally {
    await Promise.all(open.map((terminal) => terminal.stop()));
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits until this prompt stands where the cursor is, and, of a list, all of it. */
export async function asks(terminal: PseudoTerminal, prompt: string): Promise<void> {
  await terminal.until(`? ${prompt}`, (screen) => {
    const ready = screen.cursorLine.startsWith(`? ${prompt}`);
    return (
      ready && (!prompt.endsWith('?') || /^ {2}q\) Leave/m.test(screen.text().split(`? ${prompt}`).at(-1)!))
    );
  });
}
