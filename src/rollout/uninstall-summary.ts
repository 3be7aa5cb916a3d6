// How an uninstall ended: the exit code, why, and what to type next.
import { EXIT, type ExitCode } from '../errors.ts';
import type { UninstallPlan } from '../plan/uninstall.ts';
import type { AgentsPlan } from '../plan/uninstall-agents.ts';
import { failures } from './next.ts';
import type { UninstallEnd } from './uninstall-carry.ts';

export interface UninstallSummary {
  outcome: 'done' | 'owed' | 'forgotten' | 'stopped' | 'paused' | 'nothing to do';
  exit: ExitCode;
  /** A sentence without its full stop. */
  what: string;
  /** Agents that still have Calico, or what is left of it, with why it is still there. */
  owed: { host: string; reason: string }[];
  next: string[];
}

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

/** Why each agent that is owed is. */
function reasons({ owed, outOfReach, carried }: UninstallEnd): UninstallSummary['owed'] {
  const out = new Map(outOfReach.map(({ agent, reason }) => [agent.host, reason]));
  const seen = new Map([...carried.state.agents.values()].map((one) => [one.agent.host, one]));
  return owed.map((host) => {
    const { standing, reason } = seen.get(host) ?? { standing: 'to come', reason: '' };
    const told = standing === 'to come' ? 'was not begun' : `${standing}${reason ? `: ${reason}` : ''}`;
    return { host, reason: out.get(host) ?? (seen.has(host) ? told : 'Mesos does not list it') };
  });
}

export function uninstallSummary(plan: UninstallPlan | AgentsPlan, end: UninstallEnd): UninstallSummary {
  const { carried, gone } = end;
  const { ending, state } = carried;
  const owed = reasons(end);
  if (gone && 'named' in plan) return ofNamed(plan, owed);
  if (gone && owed.length === 0)
    return {
      outcome: 'done',
      exit: EXIT.done,
      what: `Calico is off ${plan.kind === 'drop' ? 'every agent' : `all ${agents(plan.owed.length)}`}, each verified, and the group /calico is deleted`,
      owed,
      next: [],
    };
  if (gone)
    return {
      outcome: 'forgotten',
      exit: EXIT.done,
      what: `The group /calico is deleted; nobody takes Calico off ${agents(owed.length)} any more`,
      owed,
      next: [],
    };
  const again =
    'named' in plan
      ? `dcos calico uninstall --agent ${owed.map(({ host }) => host).join(',')}`
      : 'dcos calico uninstall';
  const still = `${agents(owed.length)} still ${owed.length === 1 ? 'has' : 'have'} Calico`;
  const worst = owed[0] ? [`dcos calico status ${owed[0].host}`] : [];
  if (ending.do === 'stop') {
    const failed = failures(state, 'canary') + failures(state, 'rollout') + failures(state, 'restart');
    return {
      outcome: 'stopped',
      exit: EXIT.failed,
      what: `Stopped: ${failed > 0 ? `${agents(failed)} failed` : 'the canary never came to anything'}; no further agent was begun. ${still}`,
      owed,
      next: [...worst, again],
    };
  }
  if (ending.do === 'pause')
    return {
      outcome: 'paused',
      exit: EXIT.paused,
      what: `Paused, and nothing goes on by itself. ${still}`,
      owed,
      next: [again, ...worst],
    };
  return {
    outcome: 'owed',
    exit: EXIT.notReady,
    what: `All that could be done is done. ${still}; the apps stay for ${owed.length === 1 ? 'it' : 'them'}, and the same command goes on with ${owed.length === 1 ? 'it' : 'them'}`,
    owed,
    next: [again, `${again} --forget-agents`],
  };
}

function ofNamed({ named }: AgentsPlan, owed: UninstallSummary['owed']): UninstallSummary {
  const [it, is] = named.length === 1 ? ['it', 'is'] : ['them', 'are'];
  return {
    outcome: owed.length > 0 ? 'forgotten' : 'done',
    exit: EXIT.done,
    what:
      owed.length > 0
        ? `Nobody takes Calico off ${agents(owed.length)} any more; ${named.join(', ')} ${is} excluded`
        : `Calico is off ${named.join(', ')}, verified there, and the options exclude ${it} from now on`,
    owed,
    next: ['dcos calico status'],
  };
}
