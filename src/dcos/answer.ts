// An answer as it is taken: JSON only where its type says so. What Admin Router itself says is HTML.
import type { AxiosResponse } from 'axios';
import { type Keep, readKept } from './json-kept.ts';

export interface Answer {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  /** The decoded body if its type is JSON, else undefined. */
  json: unknown;
  isJson: boolean;
}

/** A body of a JSON type that does not parse: it was cut off, or is not what its type says. */
export class BadJson extends Error {
  readonly code = 'BAD_JSON';
  readonly cut: boolean;

  constructor(message: string, cut: boolean) {
    super(message);
    this.cut = cut;
  }
}

/** From here on what is left out of an answer costs more than leaving it out: the reader has to be compiled first. */
const LARGE_BYTES = 1 << 22;

/**
 * Throws BadJson for a good status only: a failed one is told by its status, whatever its body.
 *
 * @param keeps what is looked at of a large answer; undefined: everything
 */
export function decoded(response: AxiosResponse<Buffer>, keeps?: Keep): Answer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  const answer = { status: response.status, headers, isJson: false, json: undefined as unknown };
  if (!/^application\/([a-z.]+\+)?json\b/i.test(headers['content-type'] ?? '') || response.data.length === 0)
    return answer;
  if (keeps && response.status < 300 && response.data.length >= LARGE_BYTES) {
    const json = readKept(response.data, keeps);
    if (json !== undefined) return { ...answer, isJson: true, json };
  }
  const text = withoutMark(response.data.toString());
  try {
    return { ...answer, isJson: true, json: JSON.parse(text) };
  } catch (error) {
    if (response.status >= 300) return answer;
    const { message } = error as Error;
    throw new BadJson(message, isCut(message, text));
  }
}

/** A text may begin with a mark of its byte order, which is none of the document. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Whether the parser came to the end of the text before that of the document. */
function isCut(message: string, text: string): boolean {
  const position = /at position (\d+)/.exec(message)?.[1];
  return /^Unexpected end|^Unterminated/.test(message) || Number(position) >= text.length;
}
