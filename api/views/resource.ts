/** Views as things: made, edited, deleted by whom they belong to. */
import type { z } from 'zod';
import type { Tx } from '../../models/database';
import { Refusal, invalid } from '../../models/errors';
import type { Actor } from '../../models/users/actor';
import { ViewRow } from '../../models/views/tables';
import { defineListing } from '../http/list/listing';
import { referenceSql } from '../http/reference';
import type { Change, Resource } from '../http/resource/resource';
import { queryOf, refuseUnreadable, type ViewLists } from './lists';
import { admit, mayEdit, visibleSql } from './rights';
import { edits, inputFor, Owned, scopes, View, type Saved, type ViewBody } from './shape';

/** A view as it is read. */
export interface ViewFacts extends Omit<ViewBody, 'isBroken' | 'mayEdit'> {
  readonly leadId: string | null;
}

const mostOfOne = 100;

const listing = defineListing({
  name: 'views',
  item: View,
  idSql: 'v.id',
  fields: {
    name: { type: 'text', column: 'v.name', nullable: false },
    scope: { type: 'enum', column: 'v.scope', values: scopes, nullable: false },
    team: { type: 'reference', refersTo: 'team', column: 'v.team_id' },
    ticketType: { type: 'text', column: 'v.ticket_type', nullable: false },
    position: { type: 'integer', column: 'v.position', nullable: false },
  },
  sorts: ['position', 'name', 'scope'],
  defaultSort: 'position,name',
});

export const viewSelect = `v.id, v.name, v.scope, ${referenceSql('o')} as owner, ${referenceSql('t')} as team,
  v.ticket_type as "ticketType", v.filter, v.sort, v.fields, v.position, v.revision,
  t.lead_id as "leadId"`;
export const viewFrom = `views v
  left join users o on o.organization_id = v.organization_id and o.id = v.owner_id
  left join teams t on t.organization_id = v.organization_id and t.id = v.team_id`;

export function viewResource(lists: ViewLists, types: readonly string[]): Resource<ViewFacts> {
  return {
    path: '/views',
    tag: 'Views',
    one: 'view',
    many: 'views: mine, those of my teams, those of the organization',
    access: 'signedIn',
    manage: 'signedIn',
    model: ViewRow,
    input: inputFor(types),
    edits,
    admit,
    refuse: (tx, change) => refuse(tx, lists, change),
    columns: (change) => (change.did === 'created' ? newColumns(change) : change.input),
    // What people put together for themselves is nobody else's to know.
    isRecorded: ({ scope }) => scope !== 'person',
    visibleTo: visibleSql,
    listing,
    item: View,
    select: viewSelect,
    from: viewFrom,
    present: (view, actor) => presentView(lists, view, actor),
  };
}

function presentView(lists: ViewLists, view: ViewFacts, actor: Actor): z.infer<typeof View> {
  const { leadId, ...shown } = view;
  const { scope, owner } = shown;
  return {
    ...shown,
    isBroken: queryOf(lists, view) === undefined,
    mayEdit: mayEdit(actor, { scope, ownerId: owner?.id ?? null, leadId }),
  };
}

function newColumns({ actor, input }: Change): Change['input'] {
  const { scope } = Owned.parse(input);
  return { ...input, ownerId: scope === 'person' ? actor.id : null };
}

async function refuse(tx: Tx, lists: ViewLists, change: Change): Promise<void> {
  if (change.did === 'deleted') return;
  if (change.did === 'created') await refuseNew(tx, change);
  const saved = { ...(await storedOf(tx, change.id)), ...change.input } as Saved;
  if (lists.get(saved.ticketType)?.isFor(change.actor) === false) {
    throw new Refusal('forbidden', 'You may not read what this view would show.');
  }
  refuseUnreadable(lists, saved);
}

async function refuseNew(tx: Tx, { actor, input }: Change): Promise<void> {
  const { scope, teamId } = Owned.parse(input);
  if (scope !== 'team' && teamId !== null) {
    throw invalid('/teamId', 'is for views of the scope team');
  }
  const [kept] = await tx.rows<{ count: number }>(
    `select count(*)::int as count from views
      where organization_id = $1 and scope = $2 and team_id is not distinct from $3
        and (scope <> 'person' or owner_id = $4)`,
    [tx.organizationId, scope, teamId, actor.id],
  );
  if ((kept?.count ?? 0) < mostOfOne) return;
  throw new Refusal('conflict', `There are ${mostOfOne} of them already: delete one first.`);
}

/** Nothing, of one that is being made. */
async function storedOf(tx: Tx, id: string): Promise<Partial<Saved>> {
  const [row] = await tx.rows<Saved>(
    `select ticket_type as "ticketType", filter, sort, fields from views
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  return row ?? {};
}
