// The page of a run, written anew whenever something of weight has happened: also a run that is cut off has left it.
import type { ExitCode, Problem } from '../errors.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import type { RolloutState } from '../rollout/state.ts';
import type { ClusterStatus } from '../status/model.ts';
import type { Planned } from './planned.ts';
import { runPage } from './run-page.ts';
import { type RunEnd, type RunHead, RunRecord } from './run-record.ts';

export interface ReportSettings {
  /** Ms since 1970. */
  now(): number;
  /** Puts the page in the place of the last one. */
  write(text: string): void;
  /** Whether Calico is taken off. */
  removes?: boolean;
}

export class RunReport {
  readonly #record: RunRecord;
  readonly #settings: ReportSettings;

  constructor(head: Omit<RunHead, 'began'>, settings: ReportSettings) {
    this.#settings = settings;
    this.#record = new RunRecord({ ...head, began: settings.now() }, { removes: settings.removes ?? false });
    this.#write();
  }

  planned(planned: Planned): void {
    this.#record.planned = planned;
    this.#write();
  }

  take(event: RolloutEvent, state: RolloutState): void {
    if (this.#record.take(event, state)) this.#write();
  }

  /** Something that happened besides the rollout's own events. */
  tell(text: string): void {
    this.#record.tell(text, this.#settings.now());
  }

  /** @param status read after the end, where it was */
  ended(end: RunEnd & { exit: ExitCode }, status?: ClusterStatus): void {
    this.#record.status = status;
    this.#record.finish(end, this.#settings.now());
    this.#write();
  }

  failed(problem: Problem): void {
    this.#record.fail(problem, this.#settings.now());
    this.#write();
  }

  /** @param said the line that Ctrl-C leaves behind */
  interrupted(said: string, exit: ExitCode): void {
    this.#record.finish({ tone: 'attention', what: said, exit }, this.#settings.now());
    this.#write();
  }

  #write(): void {
    this.#settings.write(runPage(this.#record, this.#settings.now()));
  }
}
