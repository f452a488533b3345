/** Teams and who is in them. */
import { z } from 'zod';
import { readRoutes, type ListSources } from '../http/list/readable';
import { defineListing } from '../http/list/listing';
import { Reference, referenceSql } from '../http/reference';
import type { Route } from '../http/route';

const Team = z
  .object({
    id: z.uuid(),
    name: z.string(),
    lead: Reference.nullable(),
    members: z.array(Reference),
    isActive: z.boolean(),
  })
  .meta({ id: 'Team' });

const teams = defineListing({
  name: 'teams',
  item: Team,
  idSql: 't.id',
  fields: {
    id: { type: 'reference', column: 't.id', nullable: false },
    name: { type: 'text', column: 't.name', nullable: false },
    lead: { type: 'reference', column: 't.lead_id' },
    isActive: { type: 'boolean', column: 't.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

const membersSql = `coalesce((
  select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
    from team_members m
    join users u on u.organization_id = m.organization_id and u.id = m.user_id
   where m.organization_id = t.organization_id and m.team_id = t.id), '[]')`;

export function teamRoutes(sources: ListSources): Route[] {
  return readRoutes<z.infer<typeof Team>>(sources, {
    path: '/teams',
    tag: 'People',
    one: 'team',
    many: 'teams',
    access: 'signedIn',
    listing: teams,
    item: Team,
    select: `t.id, t.name, ${referenceSql('l')} as lead, ${membersSql} as members,
             t.is_active as "isActive"`,
    from: 'teams t left join users l on l.organization_id = t.organization_id and l.id = t.lead_id',
    present: ({ id, name, lead, members, isActive }) => ({ id, name, lead, members, isActive }),
  });
}
