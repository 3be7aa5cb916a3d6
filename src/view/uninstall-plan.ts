// The plan of an uninstall as text: who loses a network, what is taken off whom in which order, and what stays.
import type { UninstallPlan } from '../plan/uninstall.ts';
import type { AgentsPlan } from '../plan/uninstall-agents.ts';
import type { Workloads } from '../plan/workloads.ts';
import { aboutText } from '../status/duration.ts';
import type { StepName } from '../steps/state.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { restartLines } from './plan-restarts.ts';
import { addresses, waveRows } from './plan-waves.ts';
import { columnWidths, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { removalSentences } from './uninstall-steps.ts';
import { wrap } from './wrap.ts';

/** Text that goes into a pipe is not broken into lines, but a list in it must not be endless either. */
const IN_A_PIPE = 100;
/** Workloads named one by one. */
const NAMED = 10;

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

/** What the plan comes to, as a sentence without its full stop. */
export function headline(plan: UninstallPlan | AgentsPlan): string {
  const { kind, owed, numbers } = plan;
  const some = numbers.hostsChanged;
  const named = 'named' in plan ? plan.named : undefined;
  if (named && kind === 'uninstall')
    return `Take Calico off ${named.join(', ')}, and exclude ${named.length === 1 ? 'it' : 'them'} from then on`;
  if (named && kind === 'drop') return `Calico is off ${named.join(', ')}`;
  switch (kind) {
    case 'uninstall':
      return some > 0 ? `Take Calico off ${agents(some)}` : 'Take Calico off, once its agents are back';
    case 'go on':
      return `Go on taking Calico off: ${some} of ${agents(owed.length)} that still have it`;
    case 'owed':
      return `Nothing can be done now: ${agents(owed.length)} that still ${owed.length === 1 ? 'has' : 'have'} Calico cannot be reached`;
    case 'drop':
      return 'Calico is off every agent: delete the group /calico';
    case 'refused':
      return 'Nothing can be done';
  }
}

const NO_RESTART =
  'Docker is not restarted (--no-restart): our keys go out of its file, and the engine keeps the store until it is restarted some time; where that leads through our proxy, the proxy stays as long, and the agent is owed';

export interface UninstallAsk {
  workloads?: Workloads | undefined;
  deleteNetworks: boolean;
  deleteData: boolean;
  restart: boolean;
  forgetAgents: boolean;
}

/** The whole screen, without a trailing line break. Each line fits the terminal; nothing is cut. */
export function uninstallText(
  plan: UninstallPlan | AgentsPlan,
  ask: UninstallAsk,
  terminal: Terminal,
): string {
  const width = terminal.width;
  const listWidth = Number.isFinite(width) ? width : IN_A_PIPE;
  const bold = (text: string) => paint(text, 'bold', terminal.colour);
  const hang = (text: string, first: string, indent: string) => {
    const lines = wrap(text, width, indent);
    return [first + lines[0]!.slice(indent.length), ...lines.slice(1)];
  };
  const lines = [bold(headline(plan))];
  lines.push(...workloadLines(ask.workloads, terminal, listWidth));
  if (plan.waves.length > 0) {
    lines.push('', bold('On each agent, in this order'));
    const sentences = removalSentences(plan.steps, plan.options, ask.restart);
    const most = Math.max(...sentences.map(([title]) => title.length));
    for (const [title, sentence] of sentences)
      lines.push(...hang(plainText(sentence), `  ${title.padEnd(most)}  `, ' '.repeat(most + 4)));
    const columns = ['WAVE', 'KIND', 'AGENTS', 'WHICH'].map((heading) => ({ heading }));
    const used = columnWidths(
      columns.slice(0, 3),
      waveRows(plan.waves, 0).map(({ cells }) => ({ cells: cells.slice(0, 3) })),
    ).reduce((sum, one) => sum + one + 2, 0);
    lines.push('', ...tableLines(columns, waveRows(plan.waves, listWidth - used), terminal.colour));
  }
  lines.push('');
  for (const line of [...amounts(plan), ...kept(plan, ask)]) lines.push(...hang(line, '', '  '));
  lines.push(...owedLines(plan, listWidth, hang));
  return lines.join('\n');
}

function workloadLines(workloads: Workloads | undefined, { colour }: Terminal, width: number): string[] {
  if (!workloads) return [];
  const { apps, networks, endpoints, unknown } = workloads;
  const rows = [
    ...apps
      .slice(0, NAMED)
      .map(({ id, kind, instances, network }) => [
        plainText(id),
        `${kind} with ${instances} ${instances === 1 ? 'instance' : 'instances'} on the network ${plainText(network)}`,
      ]),
    ...(apps.length > NAMED ? [[`and ${apps.length - NAMED} more`, 'apps and pods']] : []),
    ...networks.slice(0, NAMED).map((name) => [plainText(name), "Docker network with Calico's driver"]),
    ...(networks.length > NAMED ? [[`and ${networks.length - NAMED} more`, 'Docker networks']] : []),
  ];
  const lines: string[] = [];
  if (rows.length > 0) {
    const most = Math.max(...rows.map(([name]) => name!.length));
    lines.push('', paint("Still on Calico's networks", 'bold', colour));
    for (const [name, what] of rows) lines.push(`  ${name!.padEnd(most)}  ${what}`);
  }
  if (endpoints.length > 0) {
    const count = endpoints.reduce((sum, one) => sum + one.count, 0);
    const hosts = addresses(
      endpoints.map(({ host }) => host),
      width - 40,
    );
    lines.push(`Calico has ${count} ${count === 1 ? 'endpoint' : 'endpoints'} on ${hosts}`);
  }
  for (const what of unknown) lines.push(`Not looked at: ${plainText(what)}`);
  return lines;
}

/** Sentences without their full stop: what is started, what stops it, how long it takes. */
export function amounts(plan: UninstallPlan): string[] {
  const { numbers, freed, maxConcurrent, maxFailures, waves } = plan;
  const from = (text: string) => (text ? ` (${text})` : '');
  const lines: string[] = [];
  if (numbers.hostsChanged > 0) {
    const restarts =
      numbers.restarts > 0 ? `Docker is restarted on ${agents(numbers.restarts)}` : 'nothing is restarted';
    lines.push(
      `${numbers.tasksStarted} tasks started, ${numbers.tasksReplaced} replaced; ${agents(numbers.hostsChanged)} changed; ${restarts}`,
    );
    lines.push(...restartLines(plan));
    lines.push(`About ${aboutText(numbers.seconds * 1000)}: ${numbers.reckonedFrom}`);
    if (waves.some(({ kind }) => kind === 'canary')) lines.push('A failed canary stops it');
    if (waves.some(({ kind }) => kind === 'restart')) lines.push('A failed restart stops it');
    if (waves.some(({ kind }) => kind === 'rollout'))
      lines.push(
        `At most ${agents(maxConcurrent.count)} at a time${from(maxConcurrent.from)}; more than ${maxFailures.count} failed ${maxFailures.count === 1 ? 'agent stops' : 'agents stop'} it${from(maxFailures.from)}`,
      );
  }
  for (const { task, reason } of freed)
    lines.push(`The place of ${plainText(task.id)} is given free: ${plainText(reason)}`);
  return lines;
}

/** Whether Docker can have networks of Calico: its store may be ours, or its owner's. */
export function withNetworks(steps: readonly StepName[]): boolean {
  return steps.includes('docker') || steps.includes('libnetwork');
}

const NETWORKS_FIRST = "Docker's networks with Calico's driver are removed first";
const NETWORKS_STAY =
  "Docker's networks with Calico's driver stay in its store: no agent from which Calico is yet to be taken off can be asked";

/** Sentences without their full stop: what stays, and what goes besides. */
export function kept(plan: UninstallPlan | AgentsPlan, ask: UninstallAsk): string[] {
  const { kind, steps, options } = plan;
  if ('named' in plan) return ofNamed(plan, ask);
  const node = steps.includes('node');
  const stays = [
    ...(node && !ask.deleteData
      ? ["Calico's pools, policies and address blocks in etcd (--delete-data)"]
      : []),
    ...(withNetworks(steps) && !ask.deleteNetworks ? ["Docker's networks (--delete-networks)"] : []),
    ...(node ? ['/var/log/calico'] : []),
  ];
  const lines: string[] = [];
  if (ask.deleteNetworks && withNetworks(steps))
    lines.push(plan.waves.length > 0 ? NETWORKS_FIRST : NETWORKS_STAY);
  if (ask.deleteData) lines.push('All that Calico keeps in etcd is removed last: pools, policies, addresses');
  if (stays.length > 0 && kind !== 'drop') lines.push(`Stays: ${stays.join('; ')}`);
  if (!ask.restart && options.docker.enable) lines.push(NO_RESTART);
  if (kind !== 'owed')
    lines.push('The group /calico is deleted when every agent that had Calico was verified without it');
  return lines;
}

function ofNamed(plan: AgentsPlan, ask: UninstallAsk): string[] {
  return [
    ...(plan.exclude
      ? [
          'The tasks of all agents are replaced, as each app says who is excluded; no other agent changes for it',
        ]
      : []),
    ...(ask.restart || !plan.options.docker.enable ? [] : [NO_RESTART]),
  ];
}

function owedLines(
  { outOfReach, owed, untouched, waves, leftOut }: UninstallPlan,
  width: number,
  hang: (text: string, first: string, indent: string) => string[],
): string[] {
  const lines: string[] = [];
  const groups = new Map<string, string[]>();
  for (const { agent, reason } of outOfReach) groups.set(reason, [...(groups.get(reason) ?? []), agent.host]);
  const planned = new Set(
    [...waves.flatMap(({ agents }) => agents), ...leftOut.map(({ agent }) => agent)].map(({ host }) => host),
  );
  const nowhere = owed.filter((host) => !planned.has(host));
  if (nowhere.length > 0) groups.set('Mesos does not list it', nowhere);
  if (groups.size > 0) {
    const count = [...groups.values()].flat().length;
    lines.push(
      `Still owed afterwards: ${agents(count)}; the same command finishes ${count === 1 ? 'it when it is' : 'them when they are'} back`,
    );
    for (const [reason, hosts] of groups)
      lines.push(...hang(`${addresses(hosts, width - 4)}: ${plainText(reason)}`, '  ', '    '));
  }
  if (untouched.length > 0) lines.push(...hang(`Not touched: ${addresses(untouched, width - 16)}`, '', '  '));
  return lines;
}
