/**
 * Performs one attempt of a piece of work that a ticket owes. Changes nothing but the count of attempts;
 * the work itself is repeated with the same idempotency key. Final failure = attempts used up, or a
 * failure that no attempt can cure.
 */
import type { Database } from '../../models/database';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import type { Json, Work } from '../../models/tickets/ticket';
import type { WorkAnswer, WorkRequest } from '../../workflows/life/wire';

/**
 * A side effect by name. Called again with the same key after a crash: it must not act twice. Throws
 * HopelessWork for what another attempt would not do better.
 */
export type WorkActivity = (
  input: Json,
  scope: { organizationId: string; ticketId: string; idempotencyKey: string },
) => Promise<Json>;

export type WorkActivities = Readonly<Record<string, WorkActivity>>;

export function createPerform(database: Database, activities: WorkActivities) {
  return async function perform(request: WorkRequest): Promise<WorkAnswer> {
    const work = await begin(database, request);
    // Settled by an earlier attempt whose answer was lost: the recorded result stands.
    if (!work) return { done: true, attempts: 0 };
    const { attempts } = work;
    if (attempts > work.patience.attempts) return { done: false, attempts, error: 'given up' };
    try {
      return { done: true, attempts, result: await run(activities, work, request) };
    } catch (error) {
      const isHopeless = error instanceof HopelessWork;
      if (!isHopeless && attempts < work.patience.attempts) throw error;
      return {
        done: false,
        attempts,
        error: error instanceof Error ? error.message : String(error),
      };
    }
  };
}

async function run(activities: WorkActivities, work: Work, request: WorkRequest): Promise<Json> {
  const { organizationId, ticketId, key, n } = request;
  const activity = activities[work.activity];
  if (!activity) throw new Error(`There is no work activity ${work.activity}`);
  const idempotencyKey = `${ticketId}/${key}/${n}`;
  return activity(work.input, { organizationId, ticketId, idempotencyKey });
}

/** Counts the attempt in the row, so that it survives every life; undefined when nothing is owed. */
async function begin(database: Database, request: WorkRequest): Promise<Work | undefined> {
  const { organizationId, ticketId, key, n } = request;
  const rows = await database.inOrganization(organizationId, (tx) =>
    tx.rows<{ work: readonly Work[] }>(
      `update tickets set snapshot = jsonb_set(snapshot, '{work}',
         (select coalesce(jsonb_agg(case when w ->> 'key' = $3 and (w ->> 'n')::int = $4
                   then jsonb_set(w, '{attempts}', to_jsonb((w ->> 'attempts')::int + 1)) else w end), '[]')
            from jsonb_array_elements(snapshot -> 'work') w))
        where organization_id = $1 and id = $2 returning snapshot -> 'work' as work`,
      [organizationId, ticketId, key, n],
    ),
  );
  return rows[0]?.work.find((one) => one.key === key && one.n === n);
}
