// What the operator should know before saying yes; none of it stops the plan.
import type { MarathonTask } from '../dcos/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import type { Options } from '../options/types.ts';
import { compareHosts } from './agent-type.ts';
import type { Difference } from './change.ts';
import type { Stray } from './instances.ts';
import { type KeptForGone, keptSentence } from './kept-for-gone.ts';
import { changeWarnings } from './living.ts';
import { wholeApps } from './restarts.ts';
import type { PlanInput } from './types.ts';
import type { Wave } from './waves.ts';

interface Seen {
  differences: readonly OptionDifference[];
  waves: readonly Wave[];
  handEdited: readonly Difference[];
  turnTasks: readonly MarathonTask[];
  unasked: readonly Stray[];
  keptFor: KeptForGone | undefined;
}

/** Sentences, each with its full stop. */
export function warnings(input: PlanInput, seen: Seen): string[] {
  const found: string[] = [];
  for (const { app, fields } of seen.handEdited)
    found.push(
      `${app!.id} differs from what the installed options make of it (${fields.join(', ')}): it was edited by hand, rolled back or put by another version of this program. It is put back.`,
    );
  found.push(...changeWarnings(seen.differences, input.options));
  found.push(...unknownExcluded(input));
  found.push(...withSomeRoom(seen.unasked));
  found.push(...interruptedWhole(input, seen.waves));
  if (seen.keptFor) found.push(keptSentence(seen.keptFor));
  if (input.paused) found.push(`The rollout was paused by ${input.paused}. Going on ends the pause.`);
  if (seen.turnTasks.length > 0) found.push(underWay(seen.turnTasks, input));
  const unknown = withoutChecksum(input.options);
  if (!input.installed && unknown.length > 0)
    found.push(
      `No checksum is known for ${unknown.join(', ')}: the first agent's download shows it, and nothing vouches for the file until it is set in the options.`,
    );
  return found;
}

function interruptedWhole(
  { restarts = new Map(), runsOn = new Map() }: PlanInput,
  waves: readonly Wave[],
): string[] {
  const seen = new Map([...restarts].map(([id, need]) => [id, need.interrupts ?? []] as const));
  return wholeApps(waves, seen, runsOn).flatMap(({ wave, agents, names }) => {
    const begin = `Wave ${wave + 1} restarts Docker on ${agents.map(({ host }) => host).join(', ')}, and`;
    const sure = names.filter((name) => runsOn.has(name));
    const unsure = names.filter((name) => !runsOn.has(name));
    return [
      ...(sure.length > 0
        ? [`${begin} nowhere else runs ${some(sure)}: all its instances are interrupted at once.`]
        : []),
      ...(unsure.length > 0
        ? [
            `${begin} on no other agent that was asked runs ${some(unsure)}: all its instances may be interrupted at once.`,
          ]
        : []),
    ];
  });
}

function some(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
}

/** What is reserved there for nothing, the operator is to know. */
function withSomeRoom(unasked: readonly Stray[]): string[] {
  if (unasked.length === 0) return [];
  const hosts = unasked.map(({ agent }) => agent.host);
  const steps = [...new Set(unasked.flatMap(({ steps }) => steps))].join(', ');
  const [have, them, they] = hosts.length === 1 ? ['has', 'it', 'it has'] : ['have', 'them', 'they have'];
  return [
    `${some(hosts)} ${have} room for some of the tasks only: Marathon may start those of ${steps} there, which change nothing and give ${them} no turn until ${they} room for all.`,
  ];
}

/** A mistyped address would leave the agent that was meant to change like any other. */
function unknownExcluded({ options, agents }: PlanInput): string[] {
  const known = new Set(agents.map(({ hostname }) => hostname));
  const unknown = options.rollout.exclude.filter((host) => !known.has(host));
  if (unknown.length === 0) return [];
  const [are, they] = unknown.length === 1 ? ['is excluded, but', 'it'] : ['are excluded, but', 'them'];
  return [
    `${unknown.join(', ')} ${are} Mesos lists no agent of that address: nothing is held back by ${they}.`,
  ];
}

function underWay(tasks: readonly MarathonTask[], { installed }: PlanInput): string {
  const hosts = tasks.map((task) => task.host ?? '?').sort(compareHosts);
  const who = installed ? `, begun by ${installed.who}` : '';
  const shown = hosts.slice(0, 5).join(', ') + (hosts.length > 5 ? ` and ${hosts.length - 5} more` : '');
  return `A rollout is under way or was interrupted${who}: ${shown} ${hosts.length === 1 ? 'has its' : 'have their'} turn. Going on takes it over; the other one, if it is still watched, ends by itself.`;
}

function withoutChecksum(options: Options): string[] {
  const { artifacts } = options;
  const needed = [
    ...(options.etcd['run-proxy'] ? (['etcd'] as const) : []),
    ...(options.cni.enable ? (['calico', 'calico-ipam'] as const) : []),
  ];
  return needed.filter((name) => artifacts[name].sha256 === '');
}
