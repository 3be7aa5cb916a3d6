// An answer as it is taken: JSON only where its type says so. What Admin Router itself says is HTML.
import type { AxiosResponse } from 'axios';

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

/** Throws BadJson for a good status only: a failed one is told by its status, whatever its body. */
export function decoded(response: AxiosResponse<string>): Answer {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  const answer = { status: response.status, headers, isJson: false, json: undefined as unknown };
  if (!/^application\/([a-z.]+\+)?json\b/i.test(headers['content-type'] ?? '') || response.data === '')
    return answer;
  try {
    return { ...answer, isJson: true, json: JSON.parse(response.data) };
  } catch (error) {
    if (response.status >= 300) return answer;
    const { message } = error as Error;
    throw new BadJson(message, isCut(message, response.data));
  }
}

/** Whether the parser came to the end of the text before that of the document. */
function isCut(message: string, text: string): boolean {
  const position = /at position (\d+)/.exec(message)?.[1];
  return /^Unexpected end|^Unterminated/.test(message) || Number(position) >= text.length;
}
