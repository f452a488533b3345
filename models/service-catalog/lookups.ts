/** What answers look up: whether it is there, and may be named. */
import type { Tx } from '../database';
import type { InputIssue } from '../errors';
import type { LookedUp } from './answers';
import { lookups, type Lookup } from './shape';

/** Programs are nobody whom an answer means. What is not active is as if it were not there. */
const tables: Readonly<Record<Lookup, readonly [table: string, isThere: string]>> = {
  user: ['users', 'is_active and not is_service'],
  service: ['services', 'is_active'],
  location: ['locations', 'is_active'],
  team: ['teams', 'is_active'],
};

/** One statement for each kind that is named, however often. */
export async function lookupIssues(tx: Tx, named: readonly LookedUp[]): Promise<InputIssue[]> {
  const issues = await Promise.all(
    lookups.map(async (kind) => {
      const ofKind = named.filter((one) => one.kind === kind && uuid.test(one.id));
      const known = await activeOf(tx, kind, [...new Set(ofKind.map(({ id }) => id))]);
      return ofKind
        .filter(({ id }) => !known.has(id.toLowerCase()))
        .map(({ pointer }) => ({
          pointer,
          detail: `is no ${kind} that is there`,
          code: 'not_found',
        }));
    }),
  );
  return issues.flat();
}

/** What is no id was found wrong before. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function activeOf(tx: Tx, kind: Lookup, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const [table, isThere] = tables[kind];
  const rows = await tx.rows<{ id: string }>(
    `select id from ${table}
      where organization_id = $1 and id = any($2::uuid[]) and ${isThere}`,
    [tx.organizationId, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
