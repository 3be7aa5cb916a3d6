// The one document of `preflight --json`; its schema is schemas/preflight.json.
import { stops } from '../checks/run.ts';
import type { Finding } from '../checks/types.ts';
import type { Prepared } from '../rollout/prepare.ts';

export function preflightDocument(findings: readonly Finding[], prepared?: Prepared) {
  const { hosts, read } = prepared ?? {};
  return {
    passes: !stops(findings),
    findings,
    ignored: prepared?.options.rollout.ignore ?? [],
    ...(read ? { dcosVersion: read.dcos.version, agents: read.snapshot.agents.length } : {}),
    asked: hosts
      ? {
          told: hosts.told.map(({ host }) => host),
          silent: hosts.silent,
          unread: hosts.unread,
        }
      : null,
  };
}
