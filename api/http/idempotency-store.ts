/** Idempotency keys in PostgreSQL, for 24 hours. */
import type { Database, Tx } from '../../models/database';
import { toInstant } from '../../models/instant';
import type { Answer } from './output/answer';
import type { Claim, IdempotencyStore, Receipt } from './idempotency';

const leaseSeconds = 15;
const keptHours = 24;
const purgedAtOnce = 10;

interface KeyRow {
  readonly request_hash: string;
  readonly status: number | null;
  readonly headers: Record<string, string> | null;
  readonly body: string | null;
  readonly lease_seconds: number;
}

export function idempotencyIn(database: Pick<Database, 'inOrganization'>): IdempotencyStore {
  return {
    begin: (claim) => database.inOrganization(claim.organizationId, (tx) => begin(tx, claim)),
    keep: (claim, answer) =>
      database.inOrganization(claim.organizationId, (tx) => keep(tx, claim, answer)),
    release: (claim) => database.inOrganization(claim.organizationId, (tx) => release(tx, claim)),
  };
}

/** Deletes at most `limit` keys of an actor that are older than 24 hours; the given key first. */
export async function purgeIdempotencyKeys(
  tx: Tx,
  { actorId, key, limit = purgedAtOnce }: { actorId: string; key?: string; limit?: number },
): Promise<number> {
  const gone = await tx.rows(
    `delete from idempotency_keys where organization_id = $1 and actor_id = $2 and key in (
       select key from idempotency_keys
        where organization_id = $1 and actor_id = $2 and created_at < now() - make_interval(hours => $3)
        order by key = $4 desc, created_at limit $5)
     returning key`,
    [tx.organizationId, actorId, keptHours, key ?? '', limit],
  );
  return gone.length;
}

async function begin(tx: Tx, claim: Claim): Promise<Receipt> {
  await purgeIdempotencyKeys(tx, claim);
  const receivedAt = await lease(tx, claim);
  if (receivedAt !== undefined) return { kind: 'ours', receivedAt: toInstant(receivedAt) };
  const [row] = await tx.rows<KeyRow>(
    `select request_hash, status, headers, body,
            ceil(extract(epoch from lease_until - clock_timestamp()))::int as lease_seconds
       from idempotency_keys where organization_id = $1 and actor_id = $2 and key = $3`,
    [tx.organizationId, claim.actorId, claim.key],
  );
  if (row === undefined) return { kind: 'running', retryAfterSeconds: 1 };
  if (row.request_hash !== claim.requestHash) return { kind: 'mismatch' };
  if (row.status === null) {
    return { kind: 'running', retryAfterSeconds: Math.max(1, row.lease_seconds) };
  }
  const { status, headers, body } = row;
  return { kind: 'answered', answer: { status, headers: headers ?? {}, text: body ?? undefined } };
}

/** Takes a new key, or one whose process died; nothing when it is answered, running or another's. */
async function lease(tx: Tx, claim: Claim): Promise<Date | undefined> {
  const [row] = await tx.rows<{ created_at: Date }>(
    `insert into idempotency_keys as k
       (organization_id, actor_id, key, request_hash, command_id, lease_until)
     values ($1, $2, $3, $4, $5, clock_timestamp() + make_interval(secs => $6))
     on conflict (organization_id, actor_id, key) do update
       set lease_until = excluded.lease_until
       where k.request_hash = excluded.request_hash and k.status is null
         and k.lease_until <= clock_timestamp()
     returning created_at`,
    [tx.organizationId, claim.actorId, claim.key, claim.requestHash, claim.commandId, leaseSeconds],
  );
  return row?.created_at;
}

/** The body is kept as a JSON string, so that a repeat is the same to the byte. */
async function keep(tx: Tx, claim: Claim, answer: Answer): Promise<void> {
  await tx.rows(
    `update idempotency_keys set status = $4, headers = $5::jsonb, body = to_jsonb($6::text)
      where organization_id = $1 and actor_id = $2 and key = $3 and status is null`,
    [
      tx.organizationId,
      claim.actorId,
      claim.key,
      answer.status,
      JSON.stringify(answer.headers),
      answer.text ?? null,
    ],
  );
}

async function release(tx: Tx, claim: Claim): Promise<void> {
  await tx.rows(
    `update idempotency_keys set lease_until = clock_timestamp()
      where organization_id = $1 and actor_id = $2 and key = $3 and status is null`,
    [tx.organizationId, claim.actorId, claim.key],
  );
}
