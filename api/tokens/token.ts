/** The text of an API token: the organization that it is looked up in, and a secret of which only the hash is kept. */
import { randomBytes } from 'node:crypto';
import { hashOf, type OpaqueToken } from '../auth/opaque-token';

const idBytes = 16;
const secretBytes = 32;
const form = /^hf_([A-Za-z0-9_-]{64})$/;

export function newApiToken(organizationId: string): string {
  const id = Buffer.from(organizationId.replaceAll('-', ''), 'hex');
  return `hf_${Buffer.concat([id, randomBytes(secretBytes)]).toString('base64url')}`;
}

/** Whether a bearer token is meant to be one of ours, and not of a session. */
export function isApiToken(text: string): boolean {
  return text.startsWith('hf_');
}

/** Nothing when the text cannot be one of ours. */
export function readApiToken(text: string): OpaqueToken | undefined {
  const [, body] = form.exec(text) ?? [];
  if (body === undefined) return undefined;
  const id = Buffer.from(body, 'base64url').subarray(0, idBytes).toString('hex');
  const organizationId = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { organizationId, hash: hashOf(text) };
}
