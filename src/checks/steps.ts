// What a step would stop at on an agent, for a reason that no other check has told.
import { STEP_NAMES } from '../steps/state.ts';
import { OR_EXCLUDE, onAgents } from './on-agents.ts';
import type { Check, Facts, Finding, Found } from './types.ts';

/** Agents on which a finding that stops tells already why the step would. */
function explained(
  findings: readonly Finding[],
  checks: readonly Check[],
): (host: string, step: string) => boolean {
  const steps = new Map(checks.map(({ code, explains = [] }) => [code, explains as readonly string[]]));
  return (host, step) =>
    findings.some(
      ({ code, severity, agents }) =>
        severity === 'stops' &&
        steps.get(code)!.includes(step) &&
        (agents.length === 0 || agents.includes(host)),
    );
}

/** Runs after all others: it knows what they told. */
export function stepsThatStop(facts: Facts, findings: readonly Finding[], checks: readonly Check[]): Found[] {
  const known = explained(findings, checks);
  return STEP_NAMES.flatMap((step) =>
    onAgents(facts, ({ host, steps }) => {
      const look = steps[step];
      if (look?.state !== 'failed' || known(host, step)) return undefined;
      return {
        severity: 'stops',
        what: `The step ${step} would stop: ${look.reason}`,
        remedy: [OR_EXCLUDE],
      };
    }),
  );
}

export const steps: Check = {
  code: 'CAL1045',
  title: 'What a step would stop at',
  from: "On each agent: the step's own look, without its turn.",
  means: 'The step would report failed there, for a reason that no other check has a name for.',
  remedy: 'Mend what the reason names, or exclude the agent.',
  can: ['stops'],
  look: () => [],
};
