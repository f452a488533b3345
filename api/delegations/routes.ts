/** Substitutes for a period: one's own, and those that whoever manages people names for others. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid, Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { holdPerson } from '../../models/users/hold';
import type { ListSources } from '../http/list/readable';
import { Reference } from '../http/reference';
import type { By } from '../http/request';
import { defineRoute, type Access, type Route } from '../http/route';
import { note } from '../users/account';

const Delegation = z
  .object({
    id: z.uuid(),
    substitute: Reference,
    from: z.iso.datetime(),
    until: z.iso.datetime(),
  })
  .meta({ id: 'Delegation' });

const wish = z.strictObject({
  substituteId: z.uuid(),
  from: z.iso.datetime({ offset: true }),
  until: z.iso.datetime({ offset: true }),
});

/** Whose delegations these routes are about. */
interface Whose {
  readonly path: string;
  readonly tag: string;
  readonly access: Exclude<Access, 'public'>;
  readonly params: z.ZodObject;
  readonly of: (actor: By['actor'], params: Readonly<Record<string, unknown>>) => string;
}

const mine: Whose = {
  path: '/me/delegations',
  tag: 'Me',
  access: 'person',
  params: z.strictObject({}),
  of: (actor) => actor.id,
};

const theirs: Whose = {
  path: '/users/{id}/delegations',
  tag: 'People',
  access: 'user:manage',
  params: z.strictObject({ id: z.uuid() }),
  of: (_, params) => String(params['id']),
};

export function delegationRoutes(sources: ListSources): Route[] {
  return [mine, theirs].flatMap((whose) => [
    nameRoute(sources, whose),
    listRoute(sources, whose),
    endRoute(sources, whose),
  ]);
}

function nameRoute({ database }: ListSources, { of, ...shared }: Whose): Route {
  return defineRoute({
    ...shared,
    method: 'post',
    ifMatch: false,
    summary: 'Name a substitute for a period.',
    description:
      'What is assigned to the person meanwhile goes to the substitute, who must be able to work on it.',
    body: wish,
    reply: { status: 201, description: 'It is named.', body: Delegation },
    handle: async ({ actor, params, body, request }) => {
      const userId = of(actor, params);
      const row = await database.inOrganization(actor.organizationId, async (tx) => {
        const id = request.commandId;
        // Locked, so that two periods that are named at once cannot overlap.
        const person = await holdPerson(tx, userId);
        const made = await find(tx, userId, id);
        if (made) return made;
        const substitute = await substituteOf(tx, userId, body);
        await refuseOverlap(tx, userId, body);
        await tx.rows(
          `insert into delegations (organization_id, id, user_id, substitute_id, starts_at, ends_at)
           values ($1, $2, $3, $4, $5, $6)`,
          [tx.organizationId, id, userId, substitute.id, body.from, body.until],
        );
        const after = { substitute: substitute.name, from: body.from, until: body.until };
        await note(tx, { actor, request }, person, { action: 'delegation.named', after });
        return read(tx, userId, id);
      });
      return { body: present(row) };
    },
  });
}

function listRoute({ database }: ListSources, { of, ...shared }: Whose): Route {
  return defineRoute({
    ...shared,
    method: 'get',
    summary: 'List substitutes of now and later, the next first.',
    reply: { status: 200, description: 'All.', body: z.object({ data: z.array(Delegation) }) },
    handle: async ({ actor, params }) => {
      const userId = of(actor, params);
      const rows = await database.inOrganization(actor.organizationId, async (tx) => {
        await holdPerson(tx, userId);
        return tx.rows<DelegationRow>(`${delegationsSql} order by d.starts_at, d.id`, [
          tx.organizationId,
          userId,
        ]);
      });
      return { body: { data: rows.map(present) } };
    },
  });
}

function endRoute({ database }: ListSources, { of, path, params, ...shared }: Whose): Route {
  return defineRoute({
    ...shared,
    path: `${path}/{delegationId}`,
    params: params.extend({ delegationId: z.uuid() }),
    method: 'delete',
    ifMatch: false,
    summary: 'Take a substitute back.',
    reply: { status: 204, description: 'Nobody stands in any more.' },
    handle: async ({ actor, params: given, request }) => {
      const userId = of(actor, given);
      await database.inOrganization(actor.organizationId, async (tx) => {
        const person = await holdPerson(tx, userId);
        const row = await find(tx, userId, String(given['delegationId']));
        if (!row) throw new Refusal('not_found', 'There is no such delegation.');
        await tx.rows('delete from delegations where organization_id = $1 and id = $2', [
          tx.organizationId,
          row.id,
        ]);
        const { substitute, ...period } = present(row);
        const before = { substitute: substitute.name, from: period.from, until: period.until };
        await note(tx, { actor, request }, person, { action: 'delegation.ended', before });
      });
      return {};
    },
  });
}

interface DelegationRow {
  readonly id: string;
  readonly substitute: Reference;
  readonly from: Date;
  readonly until: Date;
}

const delegationsSql = `
  select d.id, jsonb_build_object('id', s.id, 'name', s.name) as substitute,
         d.starts_at as "from", d.ends_at as "until"
    from delegations d
    join users s on s.organization_id = d.organization_id and s.id = d.substitute_id
   where d.organization_id = $1 and d.user_id = $2 and d.ends_at > clock_timestamp()`;

async function find(tx: Tx, userId: string, id: string): Promise<DelegationRow | undefined> {
  const [row] = await tx.rows<DelegationRow>(`${delegationsSql} and d.id = $3`, [
    tx.organizationId,
    userId,
    id,
  ]);
  return row;
}

async function read(tx: Tx, userId: string, id: string): Promise<DelegationRow> {
  const row = await find(tx, userId, id);
  if (!row) throw invalid('/until', 'must lie in the future');
  return row;
}

async function substituteOf(
  tx: Tx,
  userId: string,
  { substituteId, from, until }: z.output<typeof wish>,
): Promise<Reference> {
  if (Date.parse(until) <= Date.parse(from))
    throw invalid('/until', 'must lie after the beginning');
  if (substituteId === userId) throw invalid('/substituteId', 'is the person itself');
  const [substitute] = await tx.rows<Reference>(
    `select id, name from users
      where organization_id = $1 and id = $2 and is_active and not is_service`,
    [tx.organizationId, substituteId],
  );
  if (!substitute) throw invalid('/substituteId', 'is not a known person', 'not_found');
  return substitute;
}

async function refuseOverlap(
  tx: Tx,
  userId: string,
  { from, until }: z.output<typeof wish>,
): Promise<void> {
  const [other] = await tx.rows(
    `select 1 from delegations
      where organization_id = $1 and user_id = $2 and starts_at < $4 and ends_at > $3`,
    [tx.organizationId, userId, from, until],
  );
  if (other) throw new Refusal('conflict', 'There is a substitute in this period already.');
}

function present({ from, until, ...row }: DelegationRow): z.infer<typeof Delegation> {
  return { ...row, from: toInstant(from), until: toInstant(until) };
}
