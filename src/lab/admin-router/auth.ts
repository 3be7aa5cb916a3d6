// Tokens, as Admin Router reads them (dcos/dcos, packages/adminrouter/extra/src/lib/auth/common.lua): a signed JWT with
// `uid` and, optionally, `exp`.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LabResponse } from '../http.ts';
import { page } from './pages.ts';

/** The lab's one user account; the password is the one DC/OS' own documentation uses. */
export const USER = { uid: 'bootstrapuser', password: 'deleteme' };

export class Tokens {
  readonly #secret = randomBytes(32);

  /** A token of this user; `expiresAt` in milliseconds since 1970. */
  issue(uid = USER.uid, expiresAt?: number): string {
    const claims = { uid, ...(expiresAt === undefined ? {} : { exp: Math.floor(expiresAt / 1000) }) };
    const content = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`;
    return `${content}.${this.#sign(content)}`;
  }

  /** Whether a request's `Authorization` header holds a token that stands now. */
  accepts(header: string | undefined, now = Date.now()): boolean {
    const token = /(?:token=|Bearer )(.+)/.exec(header ?? '')?.[1];
    const [head, claims, signature] = token?.split('.') ?? [];
    if (!head || !claims || !signature) return false;
    const right = Buffer.from(this.#sign(`${head}.${claims}`));
    const given = Buffer.from(signature);
    if (right.length !== given.length || !timingSafeEqual(right, given)) return false;
    const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { exp?: number };
    return exp === undefined || exp * 1000 > now;
  }

  #sign(content: string): string {
    return createHmac('sha256', this.#secret).update(content).digest('base64url');
  }
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** `oauthjwt` is the open variant's challenge, `acsjwt` the enterprise one's. */
export function unauthorized(enterprise: boolean): LabResponse {
  return page(401, { 'www-authenticate': enterprise ? 'acsjwt' : 'oauthjwt' });
}
