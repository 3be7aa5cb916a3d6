// The Mesos agent's unit on a sandbox host: what it was started with, and what its end means for its tasks. Its tasks are the lab's.
import type { Machine } from '../machine.ts';
import { whole } from '../network/reach.ts';
import { modelled, type Process } from '../systemd/process.ts';

const PORT = 5051;

/** Runs it with the flags that its environment has at this moment: `GET /flags` tells them until it ends. */
export function startMesosAgent(machine: Machine, env: Record<string, string>): Process {
  const process = modelled(machine.nextPid());
  const flags = Object.fromEntries(
    Object.entries(env)
      .filter(([name]) => name.startsWith('MESOS_'))
      .map(([name, value]) => [name.slice('MESOS_'.length).toLowerCase(), value]),
  );
  const answer = async (path: string) =>
    path === '/flags'
      ? whole(200, JSON.stringify({ flags }), { 'content-type': 'application/json' })
      : whole(404, '');
  const port = { owner: 'mesos-agent', answer };
  machine.reach.ports.set(PORT, port);
  process.onEnd(() => {
    if (machine.reach.ports.get(PORT) === port) machine.reach.ports.delete(PORT);
    // In v2 and hybrid cgroups systemd ends with the unit what Mesos moved out of the v1 hierarchy alone (facts §16).
    if ((machine.spec.cgroups ?? 'legacy') !== 'legacy') machine.onAgentEnd?.();
  });
  return process;
}
