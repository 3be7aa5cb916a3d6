// The one document of `diff --json`; its schema is schemas/diff.json.
import { type Changes, changesOn } from '../plan/agent-changes.ts';
import type { Prepared } from '../rollout/prepare.ts';
import { installDocument } from './install-json.ts';

/** The plan, the exact apps that would be put, and each agent with its changes and what it was told of its Docker. */
export function diffDocument({ plan, findings, hosts, options }: Prepared, changes: Changes) {
  const targets = new Set(plan.waves.flatMap(({ agents }) => agents.map(({ host }) => host)));
  return {
    ...installDocument(plan, findings),
    numbers: {
      tasksReplaced: plan.numbers.tasksReplaced,
      unitsRestarted: changes.unitsRestarted,
      hostsChanged: plan.numbers.hostsChanged,
    },
    group: plan.put ?? null,
    agents: (hosts?.told ?? [])
      .filter(({ host }) => targets.has(host))
      .map((facts) => {
        const { docker, ...rest } = changesOn(facts, plan, options);
        return {
          host: facts.host,
          ...rest,
          docker:
            docker && facts.docker
              ? { file: docker.file, before: facts.docker.before, after: facts.docker.after ?? {} }
              : null,
        };
      }),
    groups: changes.groups,
    notAsked: changes.unknown,
  };
}
