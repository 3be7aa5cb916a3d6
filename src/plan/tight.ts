// Agents on which a task that is replaced would find no room: the old one ends first, and what it gives back is too little.
import type { MarathonGroup, MesosAgent } from '../dcos/types.ts';
import { GroupTasks, stepOf } from './agent-state.ts';
import { compareHosts } from './agent-type.ts';
import { roomOn } from './room.ts';
import type { Plan } from './types.ts';

const NOISE = 0.0005;
const figure = (value: number) => String(Math.round(value * 100) / 100);

/** Each with the reason, without a full stop. Agents without a task of the step are not among them: the plan leaves them out itself. */
export function tightAgents(
  { put, changes }: Pick<Plan, 'put' | 'changes'>,
  agents: readonly MesosAgent[],
  group: MarathonGroup | undefined,
): { host: string; reason: string }[] {
  const replaced = new Set<string>(changes.filter(({ how }) => how === 'replace').map(({ step }) => step));
  const tasks = new GroupTasks(group);
  return agents
    .flatMap((agent) => {
      const here = new Set(tasks.on(agent.id).map(({ appId }) => stepOf(appId)));
      const room = roomOn(agent);
      return (put?.apps ?? []).flatMap((wanted) => {
        const step = stepOf(wanted.id);
        const old = tasks.app(step);
        if (!old || !replaced.has(step) || !here.has(step)) return [];
        const lacking = (['cpus', 'mem'] as const).filter(
          (name) => wanted[name] > room[name] + old[name] + NOISE,
        );
        return lacking.map((name) => ({
          host: agent.hostname,
          reason: `${step} takes ${figure(wanted[name])} ${name === 'cpus' ? 'CPU' : 'MiB of memory'}, and ${figure(room[name] + old[name])} are free once the old one has ended`,
        }));
      });
    })
    .sort((a, b) => compareHosts(a.host, b.host));
}
