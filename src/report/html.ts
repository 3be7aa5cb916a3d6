// Markup in which no value can be anything but text.
import { plainText } from '../view/plain-text.ts';

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup that is finished: the only thing that `html` takes as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** `text` as markup, for content and quoted attributes alike. Characters that nobody sees go, as on a terminal. */
export function escaped(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

type Value = Html | string | number | undefined | readonly Value[];

function markupOf(value: Value): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined) return '';
  if (typeof value === 'object') return value.map(markupOf).join('');
  return typeof value === 'number' ? String(value) : escaped(value);
}

/** A template of markup: values are escaped, lists are joined. Attributes that take a value must stand in quotes. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  let markup = parts[0]!;
  values.forEach((value, index) => {
    markup += markupOf(value) + parts[index + 1]!;
  });
  return new Html(markup);
}
