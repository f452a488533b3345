/** Boards that decide about changes: a chair and members. */
import { z } from 'zod';
import { BoardRow } from '../../models/changes/tables';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { Ids, Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { linkedSql, refuseUnknown, withoutLinks, writeLinks } from '../http/resource/links';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';

const kinds = ['cab', 'ecab'] as const;
const kind = z
  .enum(kinds)
  .describe('`cab`: meets about normal changes; `ecab`: on duty for emergencies.');

const Board = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind,
    chair: Reference,
    members: z.array(Reference).describe('The chair counts as one, also when not named here.'),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Board' });

const input = z.strictObject({
  name: Line,
  kind,
  chairId: z.uuid(),
  memberIds: Ids.default([]),
  isActive: z.boolean().default(true),
});

const boards = defineListing({
  name: 'boards',
  item: Board,
  idSql: 'b.id',
  fields: {
    name: { type: 'text', column: 'b.name', nullable: false },
    kind: { type: 'enum', column: 'b.kind', values: kinds, nullable: false },
    chair: { type: 'reference', column: 'b.chair_id', nullable: false },
    isActive: { type: 'boolean', column: 'b.is_active', nullable: false },
  },
  sorts: ['name'],
  defaultSort: 'name',
});

const members = {
  field: 'memberIds',
  table: 'board_members',
  owner: 'board_id',
  named: 'user_id',
} as const;

export function boardRoutes(sources: ListSources): Route[] {
  return resourceRoutes<z.infer<typeof Board>>(sources, {
    path: '/boards',
    tag: 'Changes',
    one: 'board',
    many: 'boards',
    access: 'signedIn',
    manage: 'board:manage',
    model: BoardRow,
    input,
    columns: ({ input: given }) => withoutLinks(members, given),
    refuse,
    alongside: (tx, { id, input: given }) => writeLinks(tx, members, id, given),
    listing: boards,
    item: Board,
    select: `b.id, b.name, b.kind, ${referenceSql('c')} as chair, ${linkedSql(members, 'b')} as members,
             b.is_active as "isActive", b.revision`,
    from: 'boards b left join users c on c.organization_id = b.organization_id and c.id = b.chair_id',
    present: ({ id, name, kind: what, chair, members: people, isActive, revision }) => {
      return { id, name, kind: what, chair, members: people, isActive, revision };
    },
  });
}

async function refuse(tx: Tx, { input: given }: Change): Promise<void> {
  await refuseUnknown(tx, members, given);
  const { chairId } = given;
  if (chairId === undefined) return;
  const [chair] = await tx.rows(
    `select 1 from users
      where organization_id = $1 and id = $2 and is_active and not is_service for key share`,
    [tx.organizationId, chairId],
  );
  if (!chair) throw invalid('/chairId', 'is nobody who is there', 'not_found');
}
