// One call of a stand-in command, as it comes from a script, and how it is answered.

export interface Call {
  name: string;
  args: string[];
  /** Directory of the caller, a real path of this machine. */
  cwd: string;
  env: Record<string, string>;
  /** Everything on its standard input. */
  stdin(): Promise<Buffer>;
  out(text: string | Uint8Array): void;
  err(text: string | Uint8Array): void;
  /** Aborted when the caller is gone (killed) before it was answered. */
  signal: AbortSignal;
}

/** Answers a call with its exit code. */
export type Command = (call: Call) => Promise<number> | number;
