// One page that is complete in itself: nothing is loaded, nothing runs.
import { timeText } from '../status/duration.ts';
import { escaped, Html, html } from './html.ts';
import { STYLE } from './style.ts';

/** How something is meant: the colour and the form of a cell; the word beside it says the same. */
export type Tone = 'good' | 'bad' | 'attention' | 'busy' | 'idle';

/** What the pages of each kind say of themselves, so that only they are written over. */
export type PageKind = 'status' | 'report';

export interface Verdict {
  tone: Tone;
  /** A sentence without its full stop. */
  what: string;
  /** More of them. */
  more?: readonly string[];
}

export interface PageParts {
  kind: PageKind;
  /** What the page is about, as its title and its first heading. */
  title: string;
  verdict: Verdict;
  /** Term and description, in their order; what is empty is left out. */
  facts: readonly (readonly [string, string | Html])[];
  sections: readonly (Html | undefined)[];
  /** Version of this program. */
  program: string;
  /** ms since 1970. */
  now: number;
}

/** A time as it stands everywhere on a page. @param ms since 1970 */
export const utc = (ms: number): string => timeText(new Date(ms).toISOString());

/** Whatever a cluster says, a browser loads and runs nothing for it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** By which a page is known as one of this program's. */
export const mark = (kind: PageKind): string => `<meta name="generator" content="dcos calico ${kind}">`;

export function page({ kind, title, verdict, facts, sections, program, now }: PageParts): string {
  const shown = facts.filter(([, value]) => value !== '');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${mark(kind)}
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
</head>
${
  html`<body>
<main>
<p class="kind">dcos calico</p>
<h1>${title}</h1>
<div class="verdict ${verdict.tone}">
<p>${verdict.what}</p>
${(verdict.more ?? []).map((line) => html`<p>${line}</p>\n`)}</div>
<dl>
${shown.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>\n`)}</dl>
${sections.map((section) => section ?? new Html(''))}</main>
<footer><p>Written by dcos calico ${program} on ${utc(now)}. All times are UTC.</p></footer>
</body>
</html>
`.markup
}`;
}

/** A part of the page with its heading. */
export function section(id: string, heading: string, ...content: Html[]): Html {
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${content}</section>
`;
}

export const paragraph = (text: string | Html): Html => html`<p>${text}</p>\n`;

/** An unordered list; nothing where it would be empty. */
export function list(items: readonly (string | Html)[]): Html {
  return items.length === 0
    ? new Html('')
    : html`<ul>\n${items.map((item) => html`<li>${item}</li>\n`)}</ul>\n`;
}
