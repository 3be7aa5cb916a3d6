// All agents at once: a map with a cell for each, and a table with a row for each, both grouped by state, worst first.
import type { AgentType } from '../plan/agent-type.ts';
import { Html, html } from './html.ts';
import type { Tone } from './page.ts';

export interface ShownAgent {
  address: string;
  type: AgentType | 'unknown';
  /** Said of its cell; empty where its group says it all. */
  note: string;
  /** The cells of its row behind address and type. */
  cells: readonly ShownCell[];
}

export interface ShownCell {
  text: string;
  tone?: Tone;
}

export interface AgentGroup {
  /** The state that they have in common, a word or two. */
  word: string;
  tone: Tone;
  agents: readonly ShownAgent[];
}

const count = (number: number) => `${number} ${number === 1 ? 'agent' : 'agents'}`;

/** Above so many agents the cells of the map are smaller. */
const MANY = 400;

/** Rows of a group beyond which it has an index. */
const INDEXED = 100;
const LONGEST_INDEX = 100;

/** Each agent's place on the page, by the order of the groups. */
function placed(groups: readonly AgentGroup[]) {
  let next = 0;
  return groups.map((group) => {
    const from = next;
    next += group.agents.length;
    return { group, from };
  });
}

/** A cell leads to its agent's row. Who does not see the map has the table, and the counts above each part of it. */
export function agentMap(groups: readonly AgentGroup[]): Html {
  const all = groups.reduce((sum, { agents }) => sum + agents.length, 0);
  return html`<div class="map">
${placed(groups).map(
  ({ group: { word, tone, agents }, from }) =>
    html`<h3><span class="word ${tone}">${word}</span> <br>${count(agents.length)}</h3>
<div class="cells ${tone}${all > MANY ? ' many' : ''}" aria-hidden="true">${agents.map(
      ({ address, note }, index) =>
        html`<a href="#a${from + index}" tabindex="-1" title="${address}${note ? `: ${note}` : ''}"></a>`,
    )}</div>
`,
)}</div>
`;
}

export interface AgentTable {
  caption: string;
  /** Headings behind those of address and type. */
  headings: readonly string[];
  groups: readonly AgentGroup[];
}

export function agentTable({ caption, headings, groups }: AgentTable): Html {
  return html`<div class="scroll" role="region" aria-label="Table of all agents" tabindex="0">
<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">Agent</th><th scope="col">Type</th>${headings.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
${placed(groups).map(
  ({ group, from }) => html`<tbody>
<tr class="group ${group.tone}"><th scope="rowgroup" colspan="${headings.length + 2}"><span class="word ${group.tone}">${group.word}</span> ${count(group.agents.length)}${index(group, from)}</th></tr>
${group.agents.map((agent, at) => row(agent, from + at))}</tbody>
`,
)}</table>
</div>
`;
}

// End tags that HTML lets go: a fifth of the bytes of thousands of rows.
function row({ address, type, cells }: ShownAgent, place: number): Html {
  return html`<tr id="a${place}"><th scope="row">${address}<td>${type === 'unknown' ? '-' : type}${cells.map(cell)}\n`;
}

const cell = ({ text, tone }: ShownCell): Html =>
  tone ? html`<td class="${tone}">${text}` : html`<td>${text}`;

/** Where each network of a long group begins. Its agents stand in the order of their addresses. */
function index({ agents }: AgentGroup, from: number): Html {
  if (agents.length <= INDEXED) return new Html('');
  for (const octets of [3, 2, 1]) {
    const starts = new Map<string, number>();
    agents.forEach(({ address }, at) => {
      const network = networkOf(address, octets);
      if (network && !starts.has(network)) starts.set(network, from + at);
    });
    if (starts.size < 2 || starts.size > LONGEST_INDEX) continue;
    return html`<nav aria-label="Networks">${[...starts].map(
      ([network, place]) => html`<a href="#a${place}">${network}</a> `,
    )}</nav>`;
  }
  return new Html('');
}

function networkOf(address: string, octets: number): string | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.\d+$/.exec(address)?.slice(1, 1 + octets);
  return parts && `${parts.join('.')}.*`;
}
