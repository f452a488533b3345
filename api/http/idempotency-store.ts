/** Idempotency keys in PostgreSQL, for 24 hours. Each call is one round trip. */
import type { Database } from '../../models/database';
import { toInstant } from '../../models/instant';
import type { Answer } from './output/answer';
import type { Claim, IdempotencyStore, Receipt } from './idempotency';

/** Longer than the 8 s within which a command is answered; taking over a slower one is safe, too. */
const leaseSeconds = 10;
const keptHours = 24;

interface KeyRow {
  /** Not null: the key is ours, since this instant. */
  readonly received_at: Date | null;
  readonly request_hash: string;
  readonly status: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
}

/** Most are answered within a second; the lease only ends the wait for a process that died. */
const running: Receipt = { kind: 'running', retryAfterSeconds: 1 };

export function idempotencyIn(database: Pick<Database, 'once'>): IdempotencyStore {
  return {
    begin: (claim) => begin(database, claim),
    keep: (claim, answer) => keep(database, claim, answer),
    release: (claim) => release(database, claim),
  };
}

type Store = Pick<Database, 'once'>;

/**
 * Takes a new key, one whose process died, or one that is older than 24 hours; else says what is known
 * of it. Of two that come at once the second waits for the first one's row and then reads nothing,
 * since its statement began before that row was there: it is told to come again.
 */
const taking = `with taken as (
    insert into idempotency_keys as k
      (organization_id, actor_id, key, request_hash, command_id, lease_until)
    values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
    on conflict (organization_id, actor_id, key) do update
      set lease_until = excluded.lease_until, request_hash = excluded.request_hash,
          created_at = case when k.created_at < now() - make_interval(hours => $7)
                            then excluded.created_at else k.created_at end,
          status = null, headers = null, body = null
      where k.created_at < now() - make_interval(hours => $7)
         or (k.request_hash = excluded.request_hash and k.status is null
             and k.lease_until <= clock_timestamp())
    returning created_at)
  select created_at as received_at, null as request_hash, null::int as status, null::jsonb as headers,
         null::jsonb as body from taken
  union all
  select null, request_hash, status, headers, body
    from idempotency_keys
   where organization_id = $1 and actor_id = $2 and key = $3 and not exists (select 1 from taken)`;

async function begin(store: Store, claim: Claim): Promise<Receipt> {
  const { organizationId, actorId, key, requestHash, commandId } = claim;
  const [row] = await store.once<KeyRow>(organizationId, taking, [
    ...[organizationId, actorId, key, requestHash, commandId],
    ...[leaseSeconds, keptHours],
  ]);
  if (row === undefined) return running;
  if (row.received_at !== null) return { kind: 'ours', receivedAt: toInstant(row.received_at) };
  if (row.request_hash !== claim.requestHash) return { kind: 'mismatch' };
  if (row.status === null) return running;
  const { status, headers, body } = row;
  return { kind: 'answered', answer: { status, headers: headers ?? {}, text: body ?? undefined } };
}

/** The body is kept as a JSON string, so that a repeat is the same to the byte. */
async function keep(store: Store, claim: Claim, answer: Answer): Promise<void> {
  await store.once(
    claim.organizationId,
    `update idempotency_keys set status = $4, headers = $5::jsonb, body = to_jsonb($6::text)
      where organization_id = $1 and actor_id = $2 and key = $3 and status is null`,
    [
      ...[claim.organizationId, claim.actorId, claim.key, answer.status],
      ...[JSON.stringify(answer.headers), answer.text ?? null],
    ],
  );
}

async function release(store: Store, claim: Claim): Promise<void> {
  await store.once(
    claim.organizationId,
    `update idempotency_keys set lease_until = clock_timestamp()
      where organization_id = $1 and actor_id = $2 and key = $3 and status is null`,
    [claim.organizationId, claim.actorId, claim.key],
  );
}
