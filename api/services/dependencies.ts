/** What a service needs to work. Two that need each other are no mistake: that is how things are. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { distinct } from '../http/input/fields';
import type { Change } from '../http/resource/resource';

const mostDependencies = 50;

export const DependsOn = distinct(z.array(z.uuid().toLowerCase()).max(mostDependencies));

/** Select expression of what the service `s` depends on, as references. */
export const dependsOnSql = `coalesce((
  select jsonb_agg(jsonb_build_object('id', n.id, 'name', n.name) order by n.name, n.id)
    from service_dependencies d
    join services n on n.organization_id = d.organization_id and n.id = d.depends_on_id
   where d.organization_id = s.organization_id and d.service_id = s.id), '[]')`;

/** Puts the given ones in place of those that were there; left out, they stay. Throws invalid_input. */
export async function writeDependencies(tx: Tx, { id, input }: Change): Promise<void> {
  if (input['dependsOn'] === undefined) return;
  const wanted = DependsOn.parse(input['dependsOn']);
  await refuseUnknown(tx, id, wanted);
  await tx.rows('delete from service_dependencies where organization_id = $1 and service_id = $2', [
    tx.organizationId,
    id,
  ]);
  await tx.rows(
    `insert into service_dependencies (organization_id, service_id, depends_on_id)
     select $1, $2, unnest($3::uuid[])`,
    [tx.organizationId, id, wanted],
  );
}

/** Those that are named are locked, so that nobody deletes them meanwhile. */
async function refuseUnknown(tx: Tx, id: string, wanted: readonly string[]): Promise<void> {
  const itself = wanted.indexOf(id.toLowerCase());
  if (itself !== -1) throw invalid(`/dependsOn/${itself}`, 'is the service itself', 'cycle');
  const found = await tx.rows<{ id: string }>(
    `select id from services where organization_id = $1 and id = any($2::uuid[])
      order by id for key share`,
    [tx.organizationId, wanted],
  );
  const known = new Set(found.map((one) => one.id));
  const missing = wanted.findIndex((one) => !known.has(one));
  if (missing !== -1)
    throw invalid(`/dependsOn/${missing}`, 'is no service that is there', 'not_found');
}
