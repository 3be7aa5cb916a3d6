// What was planned: the steps, the waves, what it comes to, who is left out.
import type { Finding } from '../checks/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import { restartLines } from '../view/plan-restarts.ts';
import { addresses, waveRows } from '../view/plan-waves.ts';
import { Html, html } from './html.ts';
import { list, paragraph, section } from './page.ts';
import type { Planned } from './planned.ts';

/** Room for addresses in a line of a page. */
const ROOM = 72;
const NOTHING = new Html('');

export function planSection(planned: Planned): Html {
  const { headline, steps, waves, amounts, differences, onAgents, leftOut, warnings, findings } = planned;
  return section(
    'plan',
    'What was planned',
    paragraph(html`<strong>${headline}</strong>`),
    differences.length > 0 ? differencesTable(differences) : NOTHING,
    steps.length > 0 ? part('On each agent', stepList(steps)) : NOTHING,
    waves.length > 0 ? part('In this order', waveTable(planned)) : NOTHING,
    planned.restarts.length > 0 ? part('Restarts', list(restartLines(planned))) : NOTHING,
    amounts.length > 0 ? part('What it comes to', list(amounts)) : NOTHING,
    onAgents
      ? part('What the agents said would change on them', html`<pre>${verbatim(onAgents)}</pre>\n`)
      : NOTHING,
    leftOut.length > 0 ? part('Left out', list(leftOut.map(leftOutLine))) : NOTHING,
    findings.length > 0 ? part('What preflight found', list(findings.map(findingItem))) : NOTHING,
    warnings.length > 0 ? part('Warnings', list(warnings)) : NOTHING,
  );
}

const part = (heading: string, content: Html): Html => html`<h3>${heading}</h3>\n${content}`;

/** Text of several lines: escaping makes one of them. */
const verbatim = (text: string): Html => html`${text.split('\n').map((line) => html`${spaces(line)}\n`)}`;

function spaces(line: string): Html {
  const indent = /^ */.exec(line)![0];
  return html`${new Html(indent)}${line.slice(indent.length)}`;
}

const stepList = (steps: readonly [string, string][]): Html =>
  html`<dl>\n${steps.map(([title, sentence]) => html`<dt>${title}</dt><dd>${sentence}</dd>\n`)}</dl>\n`;

function waveTable({ waves }: Planned): Html {
  return table(
    'Waves of the plan',
    ['Wave', 'Kind', 'Agents', 'Which'],
    waveRows(waves, ROOM).map(({ cells }) => cells.map(({ text }) => text)),
  );
}

function differencesTable(differences: readonly OptionDifference[]): Html {
  return table(
    'Options that change',
    ['Option', 'Installed', 'Wanted'],
    differences.map(({ path, before, after }) => [
      path,
      JSON.stringify(before) ?? '',
      JSON.stringify(after) ?? '',
    ]),
  );
}

/** A table whose first column says what each row is. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): Html {
  return html`<div class="scroll">
<table class="list">
<caption>${caption}</caption>
<thead><tr>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...others]) =>
    html`<tr><th scope="row">${first}</th>${others.map((text) => html`<td>${text}</td>`)}</tr>\n`,
)}</tbody>
</table>
</div>
`;
}

const leftOutLine = ([reason, hosts]: [string, string[]]): string => `${addresses(hosts, ROOM)}: ${reason}`;

const SEVERITIES: Record<Finding['severity'], string> = { stops: 'Stops', warns: 'Warns', informs: 'Note' };

function findingItem({ code, severity, waived, what, agents }: Finding): Html {
  const who = agents.length > 0 ? ` (${addresses(agents, ROOM)})` : '';
  return html`${waived ? 'Ignored' : SEVERITIES[severity]}, ${code}: ${what}${who}`;
}
