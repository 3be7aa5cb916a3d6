// What a turn's restart may interrupt: names that the plan showed, as the steps of an agent compare them.

/** A container that runs on an agent, as the preflight reports it. */
export interface RunningContainer {
  /** Its name in Docker. */
  name: string;
  /** Its Mesos task and its Marathon app; empty: none. */
  task: string;
  app: string;
}

/** The name under which an interruption is planned, shown and compared: the app, else the task, else the container. */
export function interruptedName({ app, task, name }: RunningContainer): string {
  return app || task || name;
}

/** `any`: whatever runs. Else by address the names of `interruptedName`; an agent that is not named may have nothing interrupted. */
export type Interrupts = 'any' | Readonly<Record<string, readonly string[]>>;

/** A name as the turn carries it (FNV-1a, 32 bits, of its UTF-8): what Mesos takes as one argument is short, and names are not. */
function short(name: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** `DCOS_CALICO_TURN_INTERRUPTS`: `*=*`, or `10.0.1.13=1f3a9c02,77ab01cd 10.0.2.20=`. */
export function interruptsText(interrupts: Interrupts): string {
  if (interrupts === 'any') return '*=*';
  return Object.entries(interrupts)
    .map(([address, names]) => `${address}=${[...new Set(names)].sort().map(short).join(',')}`)
    .sort()
    .join(' ');
}
