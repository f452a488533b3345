/** Who follows a ticket without being part of it; an end user who watches sees it. */
import { z } from 'zod';
import { invalid, Refusal } from '../../models/errors';
import type { Process } from '../../models/tickets/rules';
import { mayEdit } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import type { Caller, TicketDeps } from './door';
import { TicketParams } from './routes';
import { applyToRow } from './row';
import { selectTicket } from './select';
import { viewerOf } from './sight';

const reply = {
  status: 200,
  description: 'The watchers now.',
  body: z.object({ data: z.array(Reference) }),
};

const NewWatcher = z.strictObject({ userId: z.uuid().optional() }).meta({ id: 'NewWatcher' });

export function watcherRoutes(deps: TicketDeps, process: Process): Route[] {
  const { type, path, title } = process.declaration;
  const shared = { tag: title, access: `${type}:read`, params: TicketParams, reply } as const;
  return [
    defineRoute({
      ...shared,
      method: 'get',
      path: `/${path}/{id}/watchers`,
      summary: 'Who watches it.',
      handle: ({ actor, params }) => read(deps, process, actor, params.id),
    }),
    defineRoute({
      ...shared,
      method: 'post',
      path: `/${path}/{id}/watchers`,
      summary: 'Let somebody watch it; without userId: me.',
      body: NewWatcher,
      handle: async ({ actor, params, body, request }) => {
        const userId = body.userId ?? actor.id;
        await change(deps, process, { actor, request }, { id: params.id, name: 'watched', userId });
        return read(deps, process, actor, params.id);
      },
    }),
    defineRoute({
      ...shared,
      method: 'delete',
      path: `/${path}/{id}/watchers/{userId}`,
      summary: 'Somebody watches it no longer.',
      params: TicketParams.extend({ userId: z.uuid() }),
      reply: { status: 204, description: 'Done.' },
      handle: async ({ actor, params: { id, userId }, request }) => {
        await change(deps, process, { actor, request }, { id, name: 'unwatched', userId });
        return {};
      },
    }),
  ];
}

function read({ database }: TicketDeps, process: Process, actor: Actor, idOrNumber: string) {
  return database.inOrganization(actor.organizationId, async (tx) => {
    const { ticket } = await selectTicket(tx, viewerOf(process, actor), idOrNumber);
    const data = await tx.rows<Reference>(
      `select id, name from users where organization_id = $1 and id = any($2::uuid[]) order by name`,
      [actor.organizationId, ticket.watcherIds],
    );
    return { body: { data } };
  });
}

async function change(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  { id, name, userId }: { id: string; name: 'watched' | 'unwatched'; userId: string },
): Promise<void> {
  // Whoever has left can be taken off, but not put on.
  if (name === 'watched') await refuseUnknown(deps, caller.actor, userId);
  const check = (actor: Actor) => {
    mayChange(actor, process, userId);
  };
  await applyToRow(deps, process, caller, { idOrNumber: id, name, input: { userId }, check });
}

function mayChange(actor: Actor, { declaration: { type } }: Process, userId: string): void {
  if (userId === actor.id || mayEdit(actor, type)) return;
  throw new Refusal('forbidden', 'Only agents do this for others.');
}

async function refuseUnknown({ database }: TicketDeps, actor: Actor, userId: string) {
  const [person] = await database.inOrganization(actor.organizationId, (tx) =>
    tx.rows(`select 1 from users where organization_id = $1 and id = $2 and is_active`, [
      actor.organizationId,
      userId,
    ]),
  );
  if (!person) throw invalid('/userId', 'is not a known person');
}
