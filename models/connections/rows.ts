/** Connections as they are stored: what is secret of them is sealed, and opened only to call. */
import { z } from 'zod';
import type { Tx } from '../database';
import type { Seal } from '../seal';

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly isActive: boolean;
  /** undefined: requests are not signed. */
  readonly secret: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly isActive: boolean;
  readonly signingSecret: string | null;
  readonly headersSecret: string | null;
}

const connectionSql = `select id, name, base_url as "baseUrl", is_active as "isActive",
    signing_secret as "signingSecret", headers_secret as "headersSecret"
  from connections where organization_id = $1`;

/** Ready to call; undefined: there is none of that name. */
export async function connectionNamed(
  tx: Tx,
  seal: Seal,
  name: string,
): Promise<Connection | undefined> {
  const [row] = await tx.rows<Stored>(`${connectionSql} and name = $2`, [tx.organizationId, name]);
  return row && opened(seal, row);
}

/** As `connectionNamed`, by id. */
export async function connectionWith(
  tx: Tx,
  seal: Seal,
  id: string,
): Promise<Connection | undefined> {
  const [row] = await tx.rows<Stored>(`${connectionSql} and id = $2`, [tx.organizationId, id]);
  return row && opened(seal, row);
}

/** Given anew it can be read again: until then attempts are made, as for any outage. */
export class SealedElsewhere extends Error {
  override name = 'SealedElsewhere';
}

const Headers = z.record(z.string(), z.string());

/** As it is stored; null: there is none. */
export function sealedSecret(seal: Seal, id: string, secret: string | null): string | null {
  return secret === null ? null : seal.close(secret, `${id}/secret`);
}

/** As they are stored; null: there are none. */
export function sealedHeaders(seal: Seal, id: string, headers: z.infer<typeof Headers>) {
  if (Object.keys(headers).length === 0) return null;
  return seal.close(JSON.stringify(headers), `${id}/headers`);
}

function opened(seal: Seal, { signingSecret, headersSecret, ...row }: Stored): Connection {
  const open = (sealed: string, what: string) => {
    const text = seal.open(sealed, `${row.id}/${what}`);
    if (text === undefined)
      throw new SealedElsewhere(
        `The secret of ${row.name} was sealed under another JWT_SECRET: give it anew`,
      );
    return text;
  };
  return {
    ...row,
    secret: signingSecret === null ? undefined : open(signingSecret, 'secret'),
    headers:
      headersSecret === null ? {} : Headers.parse(JSON.parse(open(headersSecret, 'headers'))),
  };
}

/** Makes keys of their own from the secret of the installation. */
export const sealPurpose = 'connections';
