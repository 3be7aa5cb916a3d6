// What the lab's parts say to each other instead of HTTP, so that none of them but the server needs an HTTP library.

export interface LabRequest {
  method: string;
  /** Without the query, not decoded, as the service itself sees it: `/v2/groups//calico`. */
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** As it was sent; empty where there was none. */
  body: string;
}

export interface LabResponse {
  status: number;
  headers: Record<string, string>;
  body: string | Uint8Array;
}

/** A floating-point number as Mesos and Marathon write them: `4.0`, never `4`. */
export function float(value: number): unknown {
  const text = Number.isInteger(value) ? value.toFixed(1) : String(value);
  return RAW.rawJSON(text);
}

const RAW = JSON as unknown as { rawJSON(text: string): unknown };

export function json(value: unknown, status = 200): LabResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): LabResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body };
}

/** An answer without a body, and so without a content type. */
export function empty(status: number, headers: Record<string, string> = {}): LabResponse {
  return { status, headers, body: '' };
}

/** A parameter of the query; of several of one name the last one counts, as libprocess has it. */
export function parameter(request: LabRequest, name: string): string | null {
  return request.query.getAll(name).at(-1) ?? null;
}
