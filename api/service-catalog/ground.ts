/** What a definition names, as it is now. */
import type { Tx } from '../../models/database';
import { refuseWrongDefinition } from '../../models/service-catalog/check';
import {
  namedIn,
  type Activities,
  type NamedKind,
} from '../../models/service-catalog/check/ground';
import type { ItemDefinition } from '../../models/service-catalog/shape';
import { roles } from '../../models/users/actor';

/** Throws invalid_input. What it names is locked, so that nobody deletes it before this is written. */
export async function refuseWrong(
  tx: Tx,
  activities: Activities,
  definition: ItemDefinition,
): Promise<void> {
  const named = namedIn(definition);
  const known = {
    service: await activeOf(tx, 'service', named.service),
    team: await activeOf(tx, 'team', named.team),
    person: await activeOf(tx, 'person', named.person),
    board: await activeOf(tx, 'board', named.board),
    role: new Set([...roles, ...(await activeOf(tx, 'role', named.role))]),
  };
  refuseWrongDefinition(definition, { known, activities }, '/definition');
}

/** Programs are nobody whom a round asks. */
const tables: Readonly<Record<NamedKind, readonly [table: string, isThere: string]>> = {
  service: ['services', 'is_active'],
  team: ['teams', 'is_active'],
  person: ['users', 'is_active and not is_service'],
  board: ['boards', 'is_active'],
  role: ['roles', 'is_active'],
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function activeOf(
  tx: Tx,
  kind: NamedKind,
  named: readonly string[],
): Promise<ReadonlySet<string>> {
  const ids = named.filter((id) => uuid.test(id));
  if (ids.length === 0) return new Set();
  const [table, isThere] = tables[kind];
  const rows = await tx.rows<{ id: string }>(
    `select id from ${table}
      where organization_id = $1 and id = any($2::uuid[]) and ${isThere}
      order by id for key share`,
    [tx.organizationId, ids],
  );
  return new Set(rows.map(({ id }) => id));
}
