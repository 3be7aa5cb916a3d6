// The steps, in the order in which a host goes through them. Adding a step is adding a folder and a line here.
import { cni } from './cni/step.ts';
import { docker } from './docker/step.ts';
import { etcdProxy } from './etcd-proxy/step.ts';
import { libnetwork } from './libnetwork/step.ts';
import { node } from './node/step.ts';
import type { StepName } from './state.ts';
import type { Step } from './types.ts';

export const STEPS: readonly Step[] = [etcdProxy, docker, cni, libnetwork, node];

export function stepNamed(name: StepName): Step {
  return STEPS.find((step) => step.name === name)!;
}
