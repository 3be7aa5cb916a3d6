// How a change goes through the cluster.
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule, the, warning } from './context.ts';

const ALL = /^100%$/;

export const rolloutRules: Rule = ({ options }) => {
  const { rollout } = options;
  const problems: OptionProblem[] = [];
  const both = Array.isArray(rollout.canary)
    ? rollout.canary.filter((agent) => rollout.exclude.includes(agent))
    : [];
  if (both.length > 0) {
    problems.push(
      contradiction({
        at: ['rollout.canary', 'rollout.exclude'],
        what: `rollout.canary and rollout.exclude both name ${both.join(', ')}`,
        remedy: 'Leave each agent in one of them',
      }),
    );
  }
  if (rollout.canary === 0 || rollout.canary === '0%') {
    problems.push(
      warning('no-canary', {
        at: ['rollout.canary'],
        what: `${is(options, 'rollout.canary')}: no agent is tried first`,
      }),
    );
  }
  if (ALL.test(String(rollout['max-concurrent']))) {
    problems.push(
      warning('all-at-once', {
        at: ['rollout.max-concurrent'],
        what: `${is(options, 'rollout.max-concurrent')}: after the first wave all agents change at once`,
      }),
    );
  }
  if (ALL.test(String(rollout['max-failures']))) {
    problems.push(
      warning('never-stops', {
        at: ['rollout.max-failures'],
        what: `${is(options, 'rollout.max-failures')}: after the first wave no failure stops the rollout`,
      }),
    );
  }
  if (
    typeof rollout['max-concurrent'] === 'number' &&
    rollout['max-concurrent-restarts'] > rollout['max-concurrent']
  ) {
    problems.push(
      warning('odd-order', {
        at: ['rollout.max-concurrent-restarts', 'rollout.max-concurrent'],
        what: `${the(options, 'rollout.max-concurrent-restarts')} is more than ${the(options, 'rollout.max-concurrent')}: more agents restart at a time than change without a restart`,
      }),
    );
  }
  if (rollout['settle-seconds'] === 0) {
    problems.push(
      warning('no-settling', {
        at: ['rollout.settle-seconds'],
        what: `${is(options, 'rollout.settle-seconds')}: a daemon that dies soon after its restart is not noticed before the next agent has its turn`,
      }),
    );
  }
  return problems;
};
