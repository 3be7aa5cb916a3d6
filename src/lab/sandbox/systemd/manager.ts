// systemd of a sandbox host: units that start, stop, reload, fail and are restarted as systemd does it.
import type { Machine } from '../machine.ts';
import { launch } from './launch.ts';
import type { ModelledProcess, modelled, Process } from './process.ts';
import { isClean, type JobResult, newUnit, type Unit } from './unit.ts';
import { conditionsHold, inOrder, unitEnvironment } from './unit-context.ts';
import { commandLine, last, seconds, words } from './unit-file.ts';
import { UnitStore } from './unit-store.ts';

const DEFAULT_RESTART_SECONDS = 0.1;
const START_LIMIT = { burst: 5, seconds: 10 };

export class Systemd {
  readonly #machine: Machine;
  readonly store: UnitStore;
  readonly units = new Map<string, Unit>();
  #job = 100;
  /**
   * What comes between a restart's stop and its start. docker.socket is `PartOf=` docker.service and is restarted there: for that
   * long the service is inactive with a job queued (measured with systemd 252). A test can hold a restart here.
   */
  betweenStopAndStart: () => Promise<void> = () => Promise.resolve();

  constructor(machine: Machine) {
    this.#machine = machine;
    this.store = new UnitStore(machine);
  }

  nextJob(): number {
    return this.#job++;
  }

  /** A unit as systemd has it: read at the first mention, and again only by `daemonReload`. */
  unit(name: string): Unit {
    let unit = this.units.get(name);
    if (!unit) {
      unit = newUnit(name);
      this.units.set(name, unit);
    }
    // What was not found is looked for again at each mention; what is loaded stays as it was read.
    if (unit.loadState === 'not-found') this.#read(unit);
    return unit;
  }

  #read(unit: Unit): void {
    const files = this.store.read(unit.name);
    if (!files) {
      unit.loadState = 'not-found';
      unit.text = '';
      unit.fragment = '';
      unit.dropIns = [];
      return;
    }
    Object.assign(unit, files, { loadState: files.masked ? 'masked' : 'loaded' });
  }

  daemonReload(): void {
    for (const [name, unit] of [...this.units]) {
      this.#read(unit);
      if (unit.loadState === 'not-found' && unit.active === 'inactive') this.units.delete(name);
    }
  }

  needsReload(unit: Unit): boolean {
    return unit.loadState === 'loaded' && this.store.read(unit.name)?.text !== unit.text;
  }

  environment(unit: Unit): Record<string, string> {
    return unitEnvironment(this.#machine, unit.sections);
  }

  #commands(unit: Unit, key: string, env = this.environment(unit)) {
    return (unit.sections.Service?.[key] ?? []).map((line) => commandLine(line, unit.name, env));
  }

  async #runAll(unit: Unit, key: string, env?: Record<string, string>): Promise<boolean> {
    for (const command of this.#commands(unit, key, env)) {
      const process = launch(this.#machine, unit, command.argv, env ?? this.environment(unit));
      const ended = await new Promise<{ code: number | null }>((resolve) => process.onEnd(resolve));
      if (ended.code !== 0 && !command.ignoreFailure) {
        unit.exitCode = ended.code ?? 1;
        return false;
      }
    }
    return true;
  }

  /** Starts a unit, and what it requires; settles when its start is over, as `systemctl start` does. */
  async start(name: string): Promise<JobResult> {
    const unit = this.unit(name);
    if (unit.loadState === 'not-found') return { done: false, why: 'not-found' };
    if (unit.loadState === 'masked') return { done: false, why: 'masked' };
    if (unit.active === 'active') return { done: true };
    for (const key of ['Requires', 'BindsTo', 'Wants']) {
      for (const other of (unit.sections.Unit?.[key] ?? []).flatMap(words)) {
        if (!other.endsWith('.service')) continue;
        const result = await this.start(other);
        if (!result.done && key !== 'Wants') return { done: false, why: 'failed', detail: 'dependency' };
      }
    }
    for (const other of this.store.wantedBy(name)) await this.start(other);
    unit.timer?.cancel();
    return this.#start(unit);
  }

  async #start(unit: Unit): Promise<JobResult> {
    const now = this.#machine.clock.now();
    const section = (key: string) => last(unit.sections, 'Service', key);
    const interval = seconds(
      last(unit.sections, 'Unit', 'StartLimitIntervalSec') ?? section('StartLimitInterval'),
      START_LIMIT.seconds,
    );
    const burst = Number(
      last(unit.sections, 'Unit', 'StartLimitBurst') ?? section('StartLimitBurst') ?? START_LIMIT.burst,
    );
    unit.starts = unit.starts.filter((at) => now - at < interval * 1000);
    if (interval > 0 && unit.starts.length >= burst) {
      this.#fail(unit, 'start-limit-hit');
      return { done: false, why: 'start-limit-hit' };
    }
    unit.starts.push(now);
    if (!conditionsHold(this.#machine, unit.sections)) return { done: true };
    const life = ++unit.life;
    unit.active = 'activating';
    unit.sub = 'start';
    unit.result = 'success';
    unit.exitCode = 0;
    if (!(await this.#runAll(unit, 'ExecStartPre')) && unit.life === life) {
      return this.#startFailed(unit);
    }
    if (unit.life !== life) return { done: false, why: 'failed' };
    const oneshot = section('Type') === 'oneshot';
    if (oneshot) {
      const done = await this.#runAll(unit, 'ExecStart');
      if (unit.life !== life) return { done: false, why: 'failed' };
      if (!done) return this.#startFailed(unit);
      if (/^(yes|true|on|1)$/.test(section('RemainAfterExit') ?? '')) this.#activate(unit, 'exited');
      else this.#dead(unit);
      return { done: true };
    }
    const command = this.#commands(unit, 'ExecStart')[0];
    if (!command) return { done: false, why: 'failed', detail: 'bad-setting' };
    unit.execMainStart = this.#machine.clock.now();
    const main = launch(this.#machine, unit, command.argv, this.environment(unit));
    unit.main = main;
    // `Type=notify` says itself when it is up; dockerd of the model is up, or over, at once, unless it is said to hang.
    const notified = (main as ModelledProcess).notified ?? Promise.resolve();
    await Promise.race([notified, new Promise((resolve) => main.onEnd(resolve))]);
    if (unit.life !== life) return { done: false, why: 'failed' };
    if (main.ended && section('Type') === 'notify') {
      unit.exitCode = main.ended.code ?? 1;
      return this.#startFailed(unit);
    }
    this.#activate(unit, 'running');
    main.onEnd(() => this.#mainEnded(unit, main, life));
    if (
      !(await this.#runAll(unit, 'ExecStartPost', { ...this.environment(unit), MAINPID: String(main.pid) }))
    ) {
      await this.#end(unit);
      return this.#startFailed(unit);
    }
    return { done: true };
  }

  #activate(unit: Unit, sub: string): void {
    unit.active = 'active';
    unit.sub = sub;
    unit.activeEnter = this.#machine.clock.now();
  }

  #dead(unit: Unit): void {
    unit.active = 'inactive';
    unit.sub = 'dead';
    unit.inactiveEnter = this.#machine.clock.now();
    unit.main = undefined;
  }

  #fail(unit: Unit, result: string): void {
    unit.active = 'failed';
    unit.sub = 'failed';
    unit.result = result;
    unit.main = undefined;
    unit.inactiveEnter = this.#machine.clock.now();
    this.#machine.log(unit.name, `${unit.name}: Failed with result '${result}'.`);
  }

  #startFailed(unit: Unit): JobResult {
    this.#fail(unit, 'exit-code');
    this.#maybeRestart(unit, unit.exitCode, null);
    return { done: false, why: 'failed' };
  }

  #mainEnded(unit: Unit, main: Process, life: number): void {
    if (unit.life !== life || unit.main !== main) return;
    const { code, signal } = main.ended!;
    unit.activeExit = this.#machine.clock.now();
    unit.exitCode = code ?? 0;
    unit.main = undefined;
    const clean = isClean(code, signal);
    if (clean) this.#dead(unit);
    else this.#fail(unit, signal ? 'signal' : 'exit-code');
    void this.#runAll(unit, 'ExecStopPost').then(() => this.#maybeRestart(unit, code, signal));
  }

  #maybeRestart(unit: Unit, code: number | null, signal: string | null): void {
    const policy = last(unit.sections, 'Service', 'Restart') ?? 'no';
    const clean = isClean(code, signal);
    const again =
      policy === 'always' || (policy === 'on-failure' && !clean) || (policy === 'on-success' && clean);
    if (!again || unit.active === 'active' || unit.active === 'activating') return;
    const life = ++unit.life;
    unit.active = 'activating';
    unit.sub = 'auto-restart';
    const delay = seconds(last(unit.sections, 'Service', 'RestartSec'), DEFAULT_RESTART_SECONDS);
    unit.timer = this.#machine.after(delay * 1000, () => {
      if (unit.life !== life) return;
      unit.restarts++;
      void this.#start(unit);
    });
  }

  async #end(unit: Unit): Promise<void> {
    unit.timer?.cancel();
    const life = ++unit.life;
    const { main } = unit;
    unit.active = main ? 'deactivating' : unit.active;
    unit.sub = main ? 'stop-sigterm' : unit.sub;
    await this.#runAll(unit, 'ExecStop', { ...this.environment(unit), MAINPID: String(main?.pid ?? 0) });
    if (main && !main.ended) {
      main.signal('SIGTERM');
      const timeout = seconds(last(unit.sections, 'Service', 'TimeoutStopSec'), 90);
      const timer = Number.isFinite(timeout)
        ? this.#machine.after(timeout * 1000, () => main.signal('SIGKILL'))
        : undefined;
      await new Promise<void>((resolve) => main.onEnd(() => resolve()));
      timer?.cancel();
    }
    if (unit.life !== life) return;
    await this.#runAll(unit, 'ExecStopPost');
    if (unit.life !== life) return;
    unit.activeExit = this.#machine.clock.now();
    // A `docker run` that was stopped ends with the container's code, which systemd takes for a failure.
    if (main?.ended?.code) {
      unit.exitCode = main.ended.code;
      this.#fail(unit, 'exit-code');
    } else this.#dead(unit);
  }

  async stop(name: string): Promise<JobResult> {
    const unit = this.unit(name);
    if (unit.loadState === 'not-found' && !unit.main) return { done: false, why: 'not-found' };
    if (unit.active === 'inactive' || unit.active === 'failed') return { done: true };
    await this.#end(unit);
    return { done: true };
  }

  async restart(name: string): Promise<JobResult> {
    const unit = this.unit(name);
    if (unit.loadState === 'not-found') return { done: false, why: 'not-found' };
    if (unit.loadState === 'masked') return { done: false, why: 'masked' };
    unit.job = this.nextJob();
    try {
      if (unit.active !== 'inactive' && unit.active !== 'failed') await this.#end(unit);
      await this.betweenStopAndStart();
      return await this.start(name);
    } finally {
      unit.job = 0;
    }
  }

  async reload(name: string): Promise<JobResult> {
    const unit = this.unit(name);
    if (unit.loadState === 'not-found') return { done: false, why: 'not-found' };
    if (!unit.sections.Service?.ExecReload?.length) return { done: false, why: 'no-reload' };
    if (unit.active !== 'active') return { done: false, why: 'inactive' };
    const env = { ...this.environment(unit), MAINPID: String(unit.main?.pid ?? 0) };
    return (await this.#runAll(unit, 'ExecReload', env)) ? { done: true } : { done: false, why: 'failed' };
  }

  /** Sends a signal to a unit's main process; false: it has none. */
  kill(name: string, signal: string): boolean {
    const { main } = this.unit(name);
    if (!main || main.ended) return false;
    main.signal(signal);
    return true;
  }

  resetFailed(name: string): void {
    const unit = this.unit(name);
    unit.starts = [];
    if (unit.active === 'failed') this.#dead(unit);
  }

  /** A unit's main process dies by itself. */
  crash(name: string, code: number): void {
    const main = this.units.get(name)?.main;
    if (main && 'end' in main) (main as ReturnType<typeof modelled>).end(code, null);
    else main?.signal('SIGKILL');
  }

  /** Starts what is enabled, in the order of `Before` and `After`. */
  async boot(): Promise<void> {
    const names = [...this.store.wanted()].filter((name) => name.endsWith('.service')).sort();
    for (const name of inOrder(names, (each) => this.unit(each).sections)) await this.start(name);
  }

  /** Power off: everything ends at once, nothing is told. */
  powerOff(): void {
    for (const unit of this.units.values()) {
      unit.life++;
      unit.timer?.cancel();
      unit.main?.signal('SIGKILL');
      Object.assign(unit, newUnit(unit.name));
    }
    this.units.clear();
  }
}
