import type { Options } from '../options/types.ts';
import type { StepMode, StepName } from './state.ts';

/** One step: what it is called, whether the options want it, and what its task gets. Adding a step is adding a folder. */
export interface Step {
  name: StepName;
  /** For people: "etcd proxy". */
  title: string;
  isEnabled(options: Options): boolean;
  /** The script that the task runs, prelude included: the app's `cmd`. The same for all options. */
  script: string;
  /** The options of this step, and of no other, as the script's environment. No value is ever pasted into shell text. */
  environment(options: Options, mode: StepMode): Record<string, string>;
  /** What the step's *task* reserves. What node and libnetwork may use is a limit of their containers. */
  resources(options: Options): { cpus: number; mem: number };
  /** Ports on the agent that the task holds in Mesos, so that nobody else gets them. */
  ports(options: Options): { port: number; name: string }[];
}
