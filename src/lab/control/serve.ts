// Runs a lab in this process until it is told to stop: by a signal, or because its owner is gone.
import { join } from 'node:path';
import { type LabEvent, scheduleEvents } from '../events.ts';
import type { Lab, LabSpec } from '../lab.ts';
import { startLab } from '../lab.ts';
import { DEFAULT_VERSION } from '../versions.ts';
import { watchOwner } from './owner.ts';
import { claim, type LabState, labRuns, makeDirectory, removeDirectory, writeState } from './place.ts';
import { processFacts } from './processes.ts';
import { statusRoute } from './status-route.ts';
import { surpriseStarted } from './surprises.ts';

export interface Serving {
  lab: Lab;
  state: LabState;
  /** Resolves when the lab has stopped and left nothing. */
  stopped: Promise<void>;
  stop(): void;
}

/** Starts a lab that can be found in `directory`, which is its own and goes with it. */
export async function serveLab(
  { events, surprises = [], ...spec }: LabSpec & { events?: LabEvent[]; surprises?: readonly string[] },
  directory: string,
  owner: LabState['owner'] | undefined,
): Promise<Serving> {
  makeDirectory(directory);
  const state: LabState = {
    pid: process.pid,
    started: processFacts(process.pid)?.started ?? '',
    url: '',
    dcos: spec.dcos ?? DEFAULT_VERSION,
    grade: spec.grade ?? 'simulated',
    ...(owner ? { owner } : {}),
  };
  if (!claim(directory, state)) throw labRuns('another one starts at this moment');
  let lab: Lab;
  try {
    lab = await startLab({
      ...spec,
      directory: join(directory, 'hosts'),
      routes: (running) => [statusRoute(running)],
    });
  } catch (error) {
    removeDirectory(directory);
    throw error;
  }
  await surpriseStarted(lab, surprises);
  scheduleEvents(lab, events ?? []);
  state.url = lab.url;
  writeState(directory, state, lab.token);
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const watch = owner ? watchOwner(owner, end) : undefined;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, end);
  const stopped = ended.then(async () => {
    watch?.stop();
    await lab.stop();
    removeDirectory(directory);
  });
  return { lab, state, stopped, stop: end };
}
