/** Calendars as a resource. An edit of the hours makes a new version: clocks that run go on by theirs. */
import { z } from 'zod';
import { CalendarRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { forgetOthers } from '../../models/holidays/rows';
import { checkCalendar, refuseNeverOpen } from '../../models/sla/calendar.schema';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import { without } from '../http/resource/links';
import type { Change, Resource } from '../http/resource/resource';
import { Definition } from './definition';
import { refuseUsed } from './uses';

const Calendar = z
  .object({
    id: z.uuid(),
    name: z.string(),
    definition: Definition,
    version: z.int().describe('Of the definition.'),
    revision: z.int(),
  })
  .meta({ id: 'Calendar' });

export type CalendarItem = z.infer<typeof Calendar>;

const listing = defineListing({
  name: 'calendars',
  item: Calendar,
  idSql: 'b.id',
  fields: { name: { type: 'text', column: 'b.name', nullable: false } },
  sorts: ['name'],
  defaultSort: 'name',
});

export const calendars: Resource<CalendarItem> = {
  path: '/calendars',
  tag: 'Catalogue',
  one: 'calendar',
  many: 'calendars',
  access: 'signedIn',
  manage: 'calendar:manage',
  model: CalendarRow,
  input: z.strictObject({ name: Line, definition: Definition }),
  columns: ({ input: given }) => without(given, 'definition'),
  refuse,
  alongside: async (tx, { id, input: given }) => {
    const { definition } = Edited.parse(given);
    if (definition !== undefined) await writeVersion(tx, id, definition);
  },
  listing,
  item: Calendar,
  select: 'b.id, b.name, v.definition, v.version, b.revision',
  from: `business_calendars b cross join lateral (
    select definition, version from calendars c
     where c.organization_id = b.organization_id and c.id = b.id
     order by version desc limit 1) v`,
  present: ({ id, name, definition, version, revision }) => {
    return { id, name, definition, version, revision };
  },
};

const Edited = z.object({ definition: Definition.optional() });

async function refuse(tx: Tx, { did, id, input: given }: Change): Promise<void> {
  if (given['definition'] !== undefined) {
    const below = '/definition';
    refuseNeverOpen(checkCalendar(given['definition'], below), await tx.now(), below);
  }
  if (did !== 'deleted') return;
  await refuseUsed(tx, id);
  await tx.rows('delete from calendars where organization_id = $1 and id = $2', [
    tx.organizationId,
    id,
  ]);
}

/** Writes the next version of a calendar that is locked. */
export async function writeVersion(
  tx: Tx,
  id: string,
  definition: CalendarItem['definition'],
): Promise<void> {
  await tx.rows(
    `insert into calendars (organization_id, id, version, name, definition)
     select b.organization_id, b.id,
            1 + coalesce((select max(version) from calendars c
                           where c.organization_id = b.organization_id and c.id = b.id), 0),
            b.name, $3::jsonb
       from business_calendars b where b.organization_id = $1 and b.id = $2`,
    [tx.organizationId, id, JSON.stringify(definition)],
  );
  await forgetOthers(tx, id, definition.holidays ?? []);
}
