/** The text of a refresh token, a challenge or a link: the organization it is looked up in, and a secret that only its hash is kept of. */
import { createHash, randomBytes } from 'node:crypto';

const form = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[A-Za-z0-9_-]{43}$/;

export interface OpaqueToken {
  readonly organizationId: string;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

export function newToken(organizationId: string): string {
  return `${organizationId}.${randomBytes(32).toString('base64url')}`;
}

/** Nothing when the text cannot be one of ours. */
export function readToken(text: string): OpaqueToken | undefined {
  const [, organizationId] = form.exec(text) ?? [];
  if (organizationId === undefined) return undefined;
  return { organizationId, hash: hashOf(text) };
}

/** SHA-256, hexadecimal: enough for a secret that nobody can guess. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
