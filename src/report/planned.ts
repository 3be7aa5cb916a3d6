// What a run is about to do, of an install and of an uninstall alike, as its page shows it.
import type { Finding } from '../checks/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import { agentChanges } from '../plan/agent-changes.ts';
import type { PlannedRestart } from '../plan/restarts.ts';
import type { LeftOut } from '../plan/types.ts';
import type { UninstallPlan } from '../plan/uninstall.ts';
import type { AgentsPlan } from '../plan/uninstall-agents.ts';
import type { PlannedAgent, Wave } from '../plan/waves.ts';
import type { Prepared } from '../rollout/prepare.ts';
import { changesText } from '../view/agent-changes.ts';
import { amounts, bounds, headline, leftOutGroups, stepsShown } from '../view/plan.ts';
import { stepSentences } from '../view/plan-steps.ts';
import type { Terminal } from '../view/terminal.ts';
import * as uninstalling from '../view/uninstall-plan.ts';
import { removalSentences } from '../view/uninstall-steps.ts';

export interface Planned {
  /** A sentence without its full stop, as all that follow. */
  headline: string;
  /** Title and sentence of each step. */
  steps: [string, string][];
  waves: readonly Wave[];
  restarts: PlannedRestart[];
  /** Agents that the plan changes; the others it leaves as they are. */
  changed: number;
  amounts: string[];
  /** Options that differ from the installed ones. */
  differences: readonly OptionDifference[];
  /** What changes on the agents, as they told it; as the terminal shows it. Empty: none was asked. */
  onAgents: string;
  leftOut: [reason: string, hosts: string[]][];
  /** Agents besides those of the waves, with what the plan says of each. */
  others: OtherAgents[];
  warnings: readonly string[];
  findings: readonly Finding[];
}

export interface OtherAgents {
  word: 'ready before' | 'left out' | 'not touched';
  agents: { address: string; type: PlannedAgent['type'] | 'unknown'; note: string }[];
}

/** Wide enough for what a step would do, narrow enough for a sheet of paper. */
const ON_PAPER: Terminal = { width: 96, height: Number.POSITIVE_INFINITY, colour: false, interactive: false };

export function plannedInstall({
  plan,
  options,
  findings,
  hosts,
}: Pick<Prepared, 'plan' | 'options' | 'findings' | 'hosts'>): Planned {
  const nothing = plan.kind === 'nothing' || plan.kind === 'refused';
  const { restarts = [], waves } = plan;
  return {
    headline: headline(plan),
    steps: waves.length > 0 ? stepSentences(stepsShown(plan), options, restarts.length > 0) : [],
    waves,
    restarts,
    changed: plan.numbers.hostsChanged,
    amounts: nothing ? [] : [...repairs(plan), ...amounts(plan), ...bounds(plan)],
    differences: plan.differences,
    onAgents: hosts && !nothing ? changesText(agentChanges(plan, hosts, options), ON_PAPER) : '',
    leftOut: leftOutGroups(plan.leftOut),
    others: others(plan.leftOut, plan.ready),
    warnings: plan.warnings,
    findings: findings.filter(({ severity }) => severity !== 'informs'),
  };
}

const repairs = ({ repairs = [] }: Prepared['plan']) =>
  repairs.map(({ agent, reason }) => `${agent.host}: ${reason}`);

const others = (leftOut: readonly LeftOut[], ready: readonly PlannedAgent[]): OtherAgents[] => [
  {
    word: 'left out',
    agents: leftOut.map(({ agent, reason }) => ({ address: agent.host, type: agent.type, note: reason })),
  },
  { word: 'ready before', agents: ready.map(({ host, type }) => ({ address: host, type, note: '' })) },
];

export function plannedUninstall(plan: UninstallPlan | AgentsPlan, ask: uninstalling.UninstallAsk): Planned {
  const { steps, waves, restarts = [], numbers, outOfReach, untouched, options } = plan;
  return {
    headline: uninstalling.headline(plan),
    steps: waves.length > 0 ? removalSentences(steps, options, ask.restart) : [],
    waves,
    restarts,
    changed: numbers.hostsChanged,
    amounts: [...uninstalling.amounts({ ...plan, restarts: [] }), ...uninstalling.kept(plan, ask)],
    differences: [],
    onAgents: '',
    leftOut: leftOutGroups(outOfReach),
    others: [
      ...others(outOfReach, []),
      { word: 'not touched', agents: untouched.map((address) => ({ address, type: 'unknown', note: '' })) },
    ],
    warnings: [],
    findings: [],
  };
}
