// How an install goes through the agents.
import { agentType, compareHosts } from '../../plan/agent-type.ts';
import type { Context, Question } from '../types.ts';
import { listed } from './lists.ts';

const PATHS = ['rollout.canary', 'rollout.max-concurrent', 'rollout.max-failures'];
const USUAL = { 'rollout.max-concurrent': '10%', 'rollout.max-failures': '2%' };

/** Agents that are there and can have tasks. */
export function fit({ found }: Pick<Context, 'found'>) {
  const out = new Set(found.unfit.map(({ host }) => host));
  return found.agents.filter(({ hostname }) => !out.has(hostname));
}

export const pace: Question = {
  id: 'pace',
  title: 'Pace',
  paths: PATHS,
  prompt: 'How does an install go through the agents?',
  // One agent is its own canary.
  isOpen: (context) => fit(context).length > 1,
  text: () => [
    'An agent changes only in its turn. The first wave, the canary, is watched before any other agent begins; a failure in it stops the install. Nothing goes on by itself: if this program ends, the agents that have their turn finish, and no other begins.',
  ],
  suggest: () => ({
    value: 'usual',
    why: 'agents go on working while they change, and what goes wrong shows on few of them first',
  }),
  choices: (context) => {
    const types = new Set(fit(context).map(agentType));
    const first = ['private', 'public']
      .filter((type) => types.has(type as 'private'))
      .map((type) => `one ${type}`);
    return [
      {
        value: 'usual',
        name: 'A small first wave, then a tenth of the agents at a time',
        effect: `First ${first.join(' and ')} agent; then 10 % at a time, at least 5. More than 2 % that fail, at least one, stop it.`,
      },
      {
        value: 'slow',
        name: 'A small first wave, then one agent at a time',
        effect: 'The first failure stops it. It takes about a minute for each agent.',
      },
      {
        value: 'named',
        name: 'First the agents that you name, then a tenth at a time',
        effect: 'For agents that matter least, or that you can watch.',
      },
    ];
  },
  current: ({ rollout }) => {
    if (Array.isArray(rollout.canary)) return isUsual(rollout) ? 'named' : undefined;
    if (rollout.canary !== 1) return undefined;
    if (rollout['max-concurrent'] === 1 && rollout['max-failures'] === 0) return 'slow';
    return isUsual(rollout) ? 'usual' : undefined;
  },
  read: (answer) => {
    if (answer === 'slow')
      return { settings: { 'rollout.canary': 1, 'rollout.max-concurrent': 1, 'rollout.max-failures': 0 } };
    return { settings: { ...USUAL, ...(answer === 'usual' ? { 'rollout.canary': 1 } : {}) } };
  },
};

function isUsual(rollout: { 'max-concurrent': unknown; 'max-failures': unknown }): boolean {
  return (
    rollout['max-concurrent'] === USUAL['rollout.max-concurrent'] &&
    rollout['max-failures'] === USUAL['rollout.max-failures']
  );
}

export const canary: Question = {
  id: 'canary',
  normal: (answer) => listed(answer).join(','),
  title: 'First wave',
  paths: ['rollout.canary'],
  prompt: 'Agents that change first, with commas between them:',
  isOpen: ({ answers }) => answers.pace === 'named',
  text: (context) => {
    const hosts = fit(context)
      .map(({ hostname }) => hostname)
      .sort(compareHosts);
    const shown = hosts.slice(0, 8).join(', ') + (hosts.length > 8 ? ` and ${hosts.length - 8} more` : '');
    return [`By address. There are ${shown}.`];
  },
  suggest: () => ({ value: undefined, why: '' }),
  current: ({ rollout }) => (Array.isArray(rollout.canary) ? rollout.canary.join(',') : undefined),
  read: (answer, context) => {
    const hosts = [...new Set(listed(answer))];
    if (hosts.length === 0) return { wrong: 'No agent is named.' };
    const unfit = context.found.unfit.find(({ host }) => hosts.includes(host));
    if (unfit) return { wrong: `${unfit.host} can have no task now: ${unfit.reason}.` };
    const unknown = hosts.find((host) => !context.found.agents.some(({ hostname }) => hostname === host));
    if (unknown) return { wrong: `There is no agent ${unknown.slice(0, 60)}.` };
    return { settings: { 'rollout.canary': hosts } };
  },
};
