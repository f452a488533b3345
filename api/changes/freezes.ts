/** Freezes: times in which nothing is changed, of the whole organization or of some services. */
import { z } from 'zod';
import { FreezeRow } from '../../models/changes/tables';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { Ids, Line, Moment } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference } from '../http/reference';
import { linkedSql, refuseUnknown, withoutLinks, writeLinks } from '../http/resource/links';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';

const Freeze = z
  .object({
    id: z.uuid(),
    name: z.string(),
    from: z.iso.datetime(),
    until: z.iso.datetime().describe('No longer in it.'),
    services: z.array(Reference).describe('Empty: everything.'),
    reason: z.string(),
    revision: z.int(),
  })
  .meta({ id: 'Freeze' });

const input = z.strictObject({
  name: Line,
  from: Moment,
  until: Moment,
  serviceIds: Ids.default([]).describe('Empty: everything.'),
  reason: z.string().trim().min(1).max(2_000),
});

const freezes = defineListing({
  name: 'freezes',
  item: Freeze,
  idSql: 'f.id',
  fields: {
    name: { type: 'text', column: 'f.name', nullable: false },
    from: { type: 'instant', column: 'f.starts_at', nullable: false },
    until: { type: 'instant', column: 'f.ends_at', nullable: false },
  },
  sorts: ['name', 'from', 'until'],
  defaultSort: 'from',
});

const services = {
  field: 'serviceIds',
  table: 'freeze_services',
  owner: 'freeze_id',
  named: 'service_id',
} as const;

interface StoredFreeze extends Omit<z.infer<typeof Freeze>, 'from' | 'until'> {
  readonly from: Date;
  readonly until: Date;
}

export function freezeRoutes(sources: ListSources): Route[] {
  return resourceRoutes<StoredFreeze>(sources, {
    path: '/freezes',
    tag: 'Changes',
    one: 'freeze',
    many: 'freezes',
    access: 'signedIn',
    manage: 'freeze:manage',
    model: FreezeRow,
    input,
    columns: ({ input: given }) => withoutLinks(services, given),
    refuse,
    alongside: (tx, { id, input: given }) => writeLinks(tx, services, id, given),
    listing: freezes,
    item: Freeze,
    select: `f.id, f.name, f.starts_at as "from", f.ends_at as "until",
             ${linkedSql(services, 'f')} as services, f.reason, f.revision`,
    from: 'freezes f',
    present: ({ from, until, id, name, services: about, reason, revision }) => {
      const period = { from: toInstant(from), until: toInstant(until) };
      return { id, name, ...period, services: about, reason, revision };
    },
  });
}

async function refuse(tx: Tx, { did, id, input: given }: Change): Promise<void> {
  if (did === 'deleted') return;
  await refuseUnknown(tx, services, given);
  const [before] = await tx.rows<{ from: Date; until: Date }>(
    `select starts_at as "from", ends_at as "until" from freezes
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  const from = momentOf(given['from']) ?? before?.from;
  const until = momentOf(given['until']) ?? before?.until;
  if (from && until && until <= from) throw invalid('/until', 'must lie after the beginning');
}

function momentOf(given: unknown): Date | undefined {
  return typeof given === 'string' ? new Date(given) : undefined;
}
