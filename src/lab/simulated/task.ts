// A simulated task: it has a state and a sandbox, and no process.
import type { ReportedState, StepName, StepStatus } from '../../steps/state.ts';
import { STATE_CODES } from '../../steps/state.ts';
import type { Clock } from '../clock.ts';
import type { RunningTask, TaskInfo } from '../types.ts';
import type { SimulatedFaults } from './model.ts';

/** What a task is to the model: a step, a turn, the preflight, who looks into etcd, or who sets BGP there. */
export type SimulatedStep = StepName | 'turn' | 'preflight' | 'data' | 'bgp';

export interface Report {
  state: ReportedState;
  reason: string;
  needs?: string[];
  detail?: Record<string, unknown>;
  found?: Record<string, unknown>;
  /** Further files of the sandbox. */
  files?: Record<string, string>;
}

/** What a task knows of the host that it runs on. */
interface TaskHost {
  readonly faults: SimulatedFaults;
  end(task: SimulatedTask): void;
}

type Exit = (status: { code: number | null; signal: string | null }) => void;

/** Thousands of tasks keep what they print in memory. */
const LONGEST_OUTPUT = 4000;

/** What `sh ./health` gives before the script has written its file (measured with dash). */
const NO_FILE = 2;

export class SimulatedTask implements RunningTask {
  readonly info: TaskInfo;
  readonly step: SimulatedStep | undefined;
  /** Time of the app's version, set by Marathon: decides between two tasks of one step. */
  readonly version: string;
  alive = true;
  report: Report | undefined;
  /** By its host's clock. */
  reportedAt = 0;
  readonly #clock: Clock;
  readonly #exited: Exit;
  readonly #host: TaskHost;
  #changed: (() => void) | undefined;
  #printed = '';

  constructor(clock: Clock, info: TaskInfo, step: SimulatedStep | undefined, exited: Exit, host: TaskHost) {
    this.#clock = clock;
    this.info = info;
    this.step = step;
    this.version = info.env.MARATHON_APP_VERSION ?? '';
    this.#exited = exited;
    this.#host = host;
  }

  say(report: Report): void {
    const was = this.report;
    this.report = report;
    this.reportedAt = this.#clock.now() + (this.#host.faults.clockAhead ?? 0) * 1000;
    if (was?.state !== report.state || was.reason !== report.reason) this.#print(report);
    if (was?.state !== report.state) this.#changed?.();
  }

  /** A line as the real steps print it. */
  #print({ state, reason }: Report): void {
    const when = new Date(this.reportedAt).toISOString();
    this.#printed += `${when} ${this.step}: ${state}${reason ? `: ${reason}` : ''}\n`;
    if (this.#printed.length > LONGEST_OUTPUT)
      this.#printed = this.#printed.slice(this.#printed.indexOf('\n', LONGEST_OUTPUT / 2) + 1);
  }

  exit(code: number | null, signal: string | null = null): void {
    if (!this.alive) return;
    this.alive = false;
    this.#host.end(this);
    this.#exited({ code, signal });
  }

  kill(): void {
    this.#clock.after(100, () => this.exit(null, 'SIGTERM'));
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  result(command: string): number {
    if (command === 'true') return this.#host.faults.busy ? 1 : 0;
    if (command === 'false') return 1;
    if (!/\bhealth$/.test(command) || !this.step) return 0;
    return this.report ? STATE_CODES[this.report.state] : NO_FILE;
  }

  async run(command: string): Promise<number> {
    return this.result(command);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const content = this.#files()[path.replace(/^\.?\//, '')];
    return content === undefined ? undefined : Buffer.from(content);
  }

  async list(path: string) {
    if (path.replace(/^\.?\/?/, '') !== '') return undefined;
    return Object.entries(this.#files()).map(([name, content]) => ({
      name,
      size: Buffer.byteLength(content),
      directory: false,
      mtime: this.reportedAt,
      mode: '-rw-r--r--',
    }));
  }

  #files(): Record<string, string> {
    const files: Record<string, string> = { stdout: this.#printed, stderr: '' };
    if (!this.step || !this.report) return files;
    const { state, reason, needs = [], detail = {}, found = {} } = this.report;
    const status: Omit<StepStatus, 'step'> & { step: SimulatedStep } = {
      step: this.step,
      state,
      reason,
      detail,
      wanted: {},
      found,
      needs,
      checkedAt: new Date(this.reportedAt).toISOString(),
    };
    files.health = `exit ${STATE_CODES[state]}\n`;
    files['status.json'] = `${JSON.stringify(status)}\n`;
    return { ...files, ...this.report.files };
  }
}
