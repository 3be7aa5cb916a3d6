// Answers with the headers that Marathon sends (recordings).
import { empty, type LabRequest, type LabResponse } from '../http.ts';
import { Refusal } from './errors.ts';
import type { Plan } from './plan.ts';
import type { MarathonVersion } from './versions.ts';

/** A request below `/v2`, its path in decoded parts without empty ones: `['groups', 'calico']`. */
export interface Call {
  request: LabRequest;
  parts: string[];
}

export function flag({ request }: Call, name: string, otherwise = false): boolean {
  const value = request.query.get(name);
  return value === null ? otherwise : value === 'true';
}

export function ok(value: unknown, headers: Record<string, string> = {}, status = 200): LabResponse {
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
  };
}

/** What was read; compressed if asked for, so it varies. */
export function read(value: unknown): LabResponse {
  return ok(value, { Vary: 'Accept-Encoding, User-Agent' });
}

export function text(value: string): LabResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain', Vary: 'Accept-Encoding, User-Agent' },
    body: value,
  };
}

/** The answer to a change; `created`: the path of what is new. */
export function deploymentResult(plan: Plan, leader: string, created?: string): LabResponse {
  return ok(
    { deploymentId: plan.id, version: plan.version },
    {
      ...(created !== undefined ? { Location: `http://${leader}${created}` } : {}),
      'Marathon-Deployment-Id': plan.id,
    },
    created === undefined ? 200 : 201,
  );
}

/** 404 of a resource that was looked for and answered so itself. */
export function notFound(message: string, version: MarathonVersion): LabResponse {
  return ok(version.notFoundDetails ? { message, details: [] } : { message }, {}, 404);
}

export function refusal({ status, body }: Refusal): LabResponse {
  return ok(body, {}, status);
}

export function noContent(): LabResponse {
  return empty(204);
}

export function methodNotAllowed(): Refusal {
  return new Refusal(405, { message: 'Method Not Allowed' });
}

/** Marathon's own answer to a route that it does not have: 500, not 404. */
export function noSuchRoute(): Refusal {
  return new Refusal(500, { message: 'URI not found' });
}

/** `leader` with every answer. */
export function withCommonHeaders(response: LabResponse, leader: string, now: number): LabResponse {
  return {
    ...response,
    headers: {
      Date: new Date(now).toUTCString(),
      'X-Marathon-Leader': `http://${leader}`,
      'X-Frame-Options': 'DENY',
      'X-XSS-Protection': '1; mode=block',
      'Cache-Control': 'no-cache, no-store, must-revalidate',
      Pragma: 'no-cache',
      Expires: '0',
      ...response.headers,
    },
  };
}
