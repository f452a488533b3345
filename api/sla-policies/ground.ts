/** What a policy names, as it is now. */
import type { Tx } from '../../models/database';
import type { Calendar } from '../../models/sla/calendar';
import { refuseWrongPolicy } from '../../models/sla/policy/check';
import { namedIn } from '../../models/sla/policy/check/named';
import type { PolicyDefinition } from '../../models/sla/policy/shape';
import type { ProcessDeclaration } from '../../workflows/process';

/** Throws invalid_input. What it names is locked, so that nobody deletes it before this is written. */
export async function refuseWrong(
  tx: Tx,
  process: ProcessDeclaration,
  definition: PolicyDefinition,
  below = '',
): Promise<void> {
  const { calendarIds, teamIds, userIds } = namedIn(definition);
  const at = await tx.now();
  const calendars = await calendarsOf(tx, calendarIds);
  const team = await activeIn(tx, 'teams', teamIds);
  const person = await activeIn(tx, 'users', userIds);
  refuseWrongPolicy(definition, { process, calendars, team, person, at }, below);
}

async function calendarsOf(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Calendar>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.rows<{ id: string; definition: Calendar }>(
    `select b.id, v.definition
       from business_calendars b cross join lateral (
         select definition from calendars c
          where c.organization_id = b.organization_id and c.id = b.id
          order by version desc limit 1) v
      where b.organization_id = $1 and b.id = any($2::uuid[]) order by b.id for key share of b`,
    [tx.organizationId, ids],
  );
  return new Map(rows.map(({ id, definition }) => [id, definition]));
}

/** Programs are nobody whom a step tells. */
const isThere = { teams: 'is_active', users: 'is_active and not is_service' } as const;

async function activeIn(
  tx: Tx,
  table: keyof typeof isThere,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx.rows<{ id: string }>(
    `select id from ${table}
      where organization_id = $1 and id = any($2::uuid[]) and ${isThere[table]}
      order by id for key share`,
    [tx.organizationId, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
