/** A request of an organization to one of its connections: addressed, signed, sent. */
import type { Json } from '../tickets/ticket';
import type { Connection } from './rows';
import { send, type Network, type Reply } from './send';
import { signatureOf } from './signature';
import { targetOf } from './target';

export interface Wish {
  readonly method: string;
  /** Below the base URL. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** undefined: no body. */
  readonly body?: Json | undefined;
  readonly idempotencyKey: string;
}

export interface CallDeps {
  readonly network: Network;
  readonly now: () => Date;
}

/** Throws HopelessWork for what may not be called, and an ordinary error when there is no reply. */
export function call(
  { network, now }: CallDeps,
  connection: Connection,
  { method, path, query, body, idempotencyKey }: Wish,
): Promise<Reply> {
  const url = targetOf(connection.baseUrl, path, query);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { secret } = connection;
  const signed = { idempotencyKey, method, url, body: text ?? '', at: now() };
  const headers = {
    ...connection.headers,
    accept: 'application/json',
    'user-agent': 'Holdfast',
    'idempotency-key': idempotencyKey,
    ...(text !== undefined && { 'content-type': 'application/json' }),
    ...(secret !== undefined && { 'holdfast-signature': signatureOf(secret, signed) }),
  };
  return send({ method, url, headers, body: text }, network);
}
