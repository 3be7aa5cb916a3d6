// The page of a run, for a change ticket: what was planned, what happened when on which agent, what it disturbed, the state now.
import type { PlannedRestart } from '../plan/restarts.ts';
import { durationText } from '../status/duration.ts';
import { Html, html } from './html.ts';
import { list, page, paragraph, section, utc, type Verdict } from './page.ts';
import { planSection, table } from './plan-section.ts';
import { agentSections, turnWord } from './run-agents.ts';
import type { RunRecord } from './run-record.ts';
import { clusterName, nextSection } from './status-page.ts';

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

/** @param now ms since 1970: when the page is written */
export function runPage(record: RunRecord, now: number): string {
  const { head, planned, end } = record;
  return page({
    kind: 'report',
    title: `${withoutFlags(head.command)} on ${clusterName(head.url)}`,
    verdict: verdictOf(record, now),
    facts: [
      ['Cluster', clusterName(head.url)],
      ['Command', html`<code>${head.command}</code>`],
      ['By', head.who],
      ['Why', head.message],
      ['Began', utc(head.began)],
      ['Ended', end ? `${utc(end.at)}, after ${durationText(end.at - head.began)}` : 'not yet'],
      ['Exit code', end?.exit === undefined ? '' : String(end.exit)],
    ],
    sections: [
      planned && planSection(planned),
      happened(record),
      planned && disturbed(record),
      ...agentSections(record),
      nextSection(end?.next ?? []),
    ],
    program: head.program,
    now,
  });
}

/** `dcos calico plan resume`, whatever follows. */
const withoutFlags = (command: string) => command.replace(/ -.*$/s, '');

function verdictOf({ end }: RunRecord, now: number): Verdict {
  if (end) return { tone: end.tone, what: end.what, more: end.more ?? [] };
  return {
    tone: 'busy',
    what: `Under way: this is how far it was at ${utc(now)}`,
    more: [
      'If the run is over, it was cut off before it could write its end. dcos calico status shows the state now',
    ],
  };
}

function happened({ told, untold, head }: RunRecord): Html | undefined {
  if (told.length === 0) return undefined;
  const day = utc(head.began).slice(0, 10);
  const rows = told.map(({ at, text, times }) => {
    const time = utc(at).replace(' UTC', '');
    return [time.startsWith(day) ? time.slice(11) : time, times > 1 ? `${text} (${times} times)` : text];
  });
  const left =
    untold > 0 ? `; ${count(untold, 'line')} from the middle ${untold === 1 ? 'is' : 'are'} left out` : '';
  return section(
    'happened',
    'What happened',
    table(`In the order of time, from ${day}, UTC${left}`, ['Time', 'What'], rows),
  );
}

/** Whom it cost something, as far as the run itself can tell. */
function disturbed({ planned, state, told, removes }: RunRecord): Html {
  const { restarts } = planned!;
  const heading = 'What it disturbed';
  if (!state && told.length === 0)
    return section(
      'disturbed',
      heading,
      paragraph('Nothing was changed on the cluster.'),
      ifCarriedOut(restarts),
    );
  if (restarts.length === 0)
    return section(
      'disturbed',
      heading,
      paragraph(
        'Neither Docker nor the Mesos agent was to be restarted on any agent. Only tasks and containers of Calico itself were started, replaced or ended.',
      ),
    );
  const rows = grouped(restarts, ({ agent }) => {
    const progress = state?.agents.get(agent.id);
    return progress?.given === undefined
      ? 'its turn did not come: nothing was restarted'
      : `turn ended: ${turnWord(progress, removes)}`;
  });
  return section(
    'disturbed',
    heading,
    paragraph(
      `A restart was planned on ${count(restarts.length, 'agent')}; the last column says what came of it.`,
    ),
    table('Restarts', ['Agents', 'Which', 'Why', 'Interrupts', 'What came of it'], rows),
  );
}

function ifCarriedOut(restarts: readonly PlannedRestart[]): Html {
  if (restarts.length === 0) return new Html('');
  const rows = grouped(restarts, () => '');
  return html`${paragraph(`Carried out, it would restart a daemon on ${count(restarts.length, 'agent')}:`)}${list(
    rows.map(([, hosts, why, interrupts]) => `${hosts}: ${why}; interrupts ${interrupts}`),
  )}`;
}

function interrupted({ interrupts }: PlannedRestart): string {
  if (!interrupts) return 'not asked: left alone where anything but Calico runs in Docker';
  return interrupts.length === 0 ? 'nothing but Calico itself' : interrupts.join(', ');
}

/** Equal ones together: agents, why, what it interrupts, what came of it. */
function grouped(
  restarts: readonly PlannedRestart[],
  outcome: (restart: PlannedRestart) => string,
): string[][] {
  const groups = new Map<string, { hosts: string[]; cells: string[] }>();
  for (const restart of restarts) {
    const cells = [restart.reason, interrupted(restart), outcome(restart)];
    const key = JSON.stringify(cells);
    const group = groups.get(key) ?? { hosts: [], cells };
    group.hosts.push(restart.agent.host);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ hosts, cells }) => [String(hosts.length), hosts.join(', '), ...cells]);
}
