// One simulated host: which steps have done their work there, who works now, and whose turn it is.
import type { StepName } from '../../steps/state.ts';
import type { Clock, Timer } from '../clock.ts';
import { SeededRandom } from '../random.ts';
import type { TaskInfo } from '../types.ts';
import { dataReport } from './data.ts';
import {
  fingerprint,
  LOOK_SECONDS,
  prerequisites,
  type SimulatedFaults,
  STEP_TIMES,
  type StepFault,
  type StepTimes,
  WORK,
} from './model.ts';
import { preflightReport } from './preflight.ts';
import { restartPending, restartReason, storeOf, type Turn } from './restarts.ts';
import type { Report, SimulatedStep, SimulatedTask } from './task.ts';
import { turnReport } from './turn.ts';

interface Done {
  wanted: string;
  at: number;
}

export class SimulatedHost {
  readonly address: string;
  faults: SimulatedFaults;
  readonly tasks = new Set<SimulatedTask>();
  readonly #clock: Clock;
  readonly #random: SeededRandom;
  readonly #done = new Map<StepName, Done>();
  /** Steps that have done all but the restart that they need. */
  readonly #pending = new Set<StepName>();
  /** How often a daemon was restarted here. */
  restarts = 0;
  readonly #working = new Map<SimulatedTask, Timer>();
  readonly #failures = new Map<StepName, { sentence: string; count: number }>();
  readonly #times: StepTimes;
  #look: { at: number; timer: Timer } | undefined;

  constructor(
    clock: Clock,
    address: string,
    seed: string,
    faults: SimulatedFaults,
    times: StepTimes = STEP_TIMES,
  ) {
    this.#clock = clock;
    this.address = address;
    this.#random = new SeededRandom(seed);
    this.faults = faults;
    this.#times = times;
  }

  now(): number {
    return this.#clock.now();
  }

  begin(task: SimulatedTask): void {
    this.tasks.add(task);
    this.lookIn(this.#random.between(0.5, 2));
  }

  /** The task's process is gone: what it was doing stays undone. */
  end(task: SimulatedTask): void {
    this.tasks.delete(task);
    this.#working.get(task)?.cancel();
    this.#working.delete(task);
    this.lookIn(this.#random.between(0.1, LOOK_SECONDS));
  }

  /** Looks again after so many seconds, or earlier if that was wanted already. */
  lookIn(seconds: number): void {
    const at = this.now() + seconds * 1000;
    if (this.tasks.size === 0 || (this.#look && this.#look.at <= at)) return;
    this.#look?.timer.cancel();
    const timer = this.#clock.after(seconds * 1000, () => {
      this.#look = undefined;
      this.look();
    });
    this.#look = { at, timer };
  }

  /** Every task looks once, in the order of the steps. */
  look(): void {
    for (const step of Object.keys(WORK) as StepName[]) {
      const newest = this.newest(step);
      for (const task of this.tasks) {
        if (task.step !== step || this.#working.has(task)) continue;
        task.say(
          task === newest
            ? this.#report(task, step)
            : { state: 'stands back', reason: `A newer task of ${step} is on this host` },
        );
      }
    }
    for (const task of this.tasks) {
      if (task.step === 'turn') task.say(turnReport(this, task));
      if (task.step === 'preflight') task.say(preflightReport(this, task));
      if (task.step === 'data') task.say(dataReport(this.faults));
      if (task.step === 'bgp') task.say({ state: 'ready', reason: '', detail: { did: [] } });
    }
  }

  isDone(step: StepName): boolean {
    return this.#done.has(step);
  }

  /** Docker's store, as the step has set it up; '' none. */
  store(): string {
    return storeOf(this.#done.get('docker')?.wanted);
  }

  /** The task that counts of a step: of those that live, the one of the newest version. */
  newest(step: SimulatedStep): SimulatedTask | undefined {
    let newest: SimulatedTask | undefined;
    for (const task of this.tasks) {
      if (task.step === step && (!newest || task.version >= newest.version)) newest = task;
    }
    return newest;
  }

  #report(task: SimulatedTask, step: StepName): Report {
    const { env } = task.info;
    const fault = this.faults.steps?.[step] ?? {};
    const wanted = env.DCOS_CALICO_MODE === 'absent' ? undefined : fingerprint(env);
    if (wanted !== undefined && !this.#done.has(step) && this.faults.done?.includes(step))
      this.#done.set(step, { wanted, at: this.now() });
    const done = this.#done.get(step);
    if (wanted === done?.wanted) return this.#settled(fault, done);
    if (fault.fail) return { state: 'failed', reason: fault.fail };
    const waitsFor =
      wanted === undefined ? [] : prerequisites(step, env).filter((need) => !this.#isReady(need));
    if (waitsFor.length > 0) {
      return { state: 'waiting for step', reason: `Waits for ${waitsFor.join(', ')}`, needs: waitsFor };
    }
    const failed = this.#failures.get(step);
    // It tries again as long as the fault is to go away some time; else it stays failed.
    if (failed && fault.times === undefined) return { state: 'failed', reason: failed.sentence };
    const grant = this.#grant();
    const restart = restartReason(step, fault, done?.wanted, wanted, env.DCOS_CALICO_LEAVE_STORE === 'true');
    // Once it has written what it could, only the restart is left.
    if (!grant && restart && this.#pending.has(step))
      return { state: 'restart pending', reason: restart, needs: [`restart ${step}`] };
    if (!grant) return { state: 'waiting for turn', reason: 'Waits for its turn', needs: ['turn'] };
    if (restart) {
      this.#pending.add(step);
      const pending = restartPending(this.address, this.faults.facts, step, restart, grant);
      if (pending) return pending;
    }
    this.#work(task, step, wanted, fault, restart !== '');
    return { state: 'working', reason: wanted === undefined ? `Takes ${step} off` : `Sets ${step} up` };
  }

  #settled({ drift }: StepFault, done: Done | undefined): Report {
    const ready: Report = { state: 'ready', reason: '' };
    if (!drift || !done) return ready;
    const left = done.at + drift.after * 1000 - this.now();
    if (left <= 0) return { state: 'drifted', reason: drift.reason };
    this.lookIn(left / 1000);
    return ready;
  }

  #work(
    task: SimulatedTask,
    step: StepName,
    wanted: string | undefined,
    fault: StepFault,
    restarts: boolean,
  ): void {
    const restart = restarts ? this.#random.between(...this.#times.restart) : 0;
    const seconds = this.#random.between(...this.#times.work[step]) * (fault.slow ?? 1) + restart;
    if (fault.hang) {
      this.#working.set(task, { cancel() {} });
      return;
    }
    const timer = this.#clock.after(seconds * 1000, () => {
      this.#working.delete(task);
      const count = this.#failures.get(step)?.count ?? 0;
      if (fault.failAfterWork && count < (fault.times ?? Number.POSITIVE_INFINITY)) {
        this.#failures.set(step, { sentence: fault.failAfterWork, count: count + 1 });
        task.say({ state: 'failed', reason: fault.failAfterWork });
        this.lookIn(LOOK_SECONDS);
        return;
      }
      this.#pending.delete(step);
      if (restarts) this.restarts++;
      if (wanted === undefined) this.#done.delete(step);
      else this.#done.set(step, { wanted, at: this.now() });
      this.look();
    });
    this.#working.set(task, timer);
  }

  #isReady(step: StepName): boolean {
    const task = this.newest(step);
    if (task) return task.report?.state === 'ready';
    // Where the options leave Docker alone it is its owner's: calico/node needs it alone, and libnetwork a store that somebody gave it
    // (src/steps/node/node.py, src/steps/libnetwork/libnetwork.py).
    return step === 'docker' || this.#done.has(step);
  }

  #grant(): Turn | undefined {
    const turn = this.newest('turn')?.info as TaskInfo | undefined;
    if (!turn) return undefined;
    const until = turn.env.DCOS_CALICO_TURN_UNTIL;
    if (until && Date.parse(until) <= this.now() + (this.faults.clockAhead ?? 0) * 1000) return undefined;
    return {
      allows: turn.env.DCOS_CALICO_TURN_ALLOWS === 'restart' ? 'restart' : 'change',
      interrupts: turn.env.DCOS_CALICO_TURN_INTERRUPTS ?? '',
    };
  }
}
