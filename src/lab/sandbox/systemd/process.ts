// A process of a unit: one that the lab models, or a real one of this machine.

export interface Ended {
  code: number | null;
  signal: string | null;
}

export interface Process {
  readonly pid: number;
  readonly ended: Ended | undefined;
  onEnd(listener: (ended: Ended) => void): void;
  /** Sends a signal by name, `SIGTERM`. A modelled process ends by it unless it says otherwise. */
  signal(name: string): void;
}

export interface ModelledProcess extends Process {
  /** Settles when it says that it is up; undefined: at once. */
  notified?: Promise<void>;
  end(code: number | null, signal: string | null): void;
  /** What it does on a signal instead of ending. */
  handle: ((name: string) => void) | undefined;
}

/** A process that runs until `end` is called or a signal arrives. */
export function modelled(pid: number): ModelledProcess {
  const listeners: ((ended: Ended) => void)[] = [];
  let ended: Ended | undefined;
  const process: ModelledProcess = {
    pid,
    get ended() {
      return ended;
    },
    onEnd(listener) {
      if (ended) listener(ended);
      else listeners.push(listener);
    },
    signal(name) {
      if (process.handle && name !== 'SIGKILL') process.handle(name);
      else process.end(null, name);
    },
    end(code, signal) {
      if (ended) return;
      ended = { code, signal };
      for (const listener of listeners) listener(ended);
    },
    handle: undefined,
  };
  return process;
}
