/** What people say on a ticket: the row's own door, also when the engine is away. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { birthIdOf, commentIdOf } from '../../models/tickets/identity';
import type { Process } from '../../models/tickets/rules';
import { seesInternal } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import { Reference, referenceSql } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from './door';
import { TicketParams } from './routes';
import { applyToRow } from './row';
import { selectTicket } from './select';
import { actorOn, viewerOf } from './sight';

const Comment = z
  .object({
    id: z.uuid(),
    author: Reference,
    isPublic: z.boolean(),
    body: z.string(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Comment' });
type Comment = z.infer<typeof Comment>;

const NewComment = z
  .strictObject({
    body: z.string().trim().min(1).max(20_000),
    isPublic: z.boolean().default(true).describe('false = an internal note; agents only.'),
  })
  .meta({ id: 'NewComment' });

const FollowUp = z.object({ id: z.uuid(), number: z.string() });

const listing = defineListing({
  name: 'comments',
  item: Comment,
  idSql: 'c.id',
  fields: {
    createdAt: { type: 'instant', column: 'c.created_at', nullable: false },
    isPublic: { type: 'boolean', column: 'c.is_public', nullable: false },
    author: { type: 'reference', column: 'c.author_id', nullable: false },
  },
  sorts: ['createdAt'],
  defaultSort: 'createdAt',
});

interface CommentRow {
  id: string;
  author: Reference;
  isPublic: boolean;
  body: string;
  createdAt: Date;
}

const source = {
  select: `c.id, ${referenceSql('u')} as author, c.is_public as "isPublic", c.body,
           c.created_at as "createdAt"`,
  from: `ticket_comments c
           join users u on u.organization_id = c.organization_id and u.id = c.author_id`,
};

function commentOf({ id, author, isPublic, body, createdAt }: CommentRow): Comment {
  return { id, author, isPublic, body, createdAt: createdAt.toISOString() };
}

export function conversationRoutes(deps: TicketDeps, process: Process): Route[] {
  return [commentRoute(deps, process), commentsRoute(deps, process)];
}

function commentRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'post',
    path: `/${path}/{id}/comments`,
    tag: title,
    summary: 'Say something, publicly or internally.',
    access: `${type}:read`,
    params: TicketParams,
    body: NewComment,
    reply: {
      status: 201,
      description: 'It is said. `followUp` is the ticket that it opened, if this one was closed.',
      body: Comment.extend({ followUp: FollowUp.nullable() }),
    },
    handle: async ({ actor, params, body, request }) => {
      const check = (by: Actor) => {
        if (body.isPublic || seesInternal(by)) return;
        throw new Refusal('forbidden', 'Only agents write internal notes.');
      };
      const sent = { idOrNumber: params.id, name: 'commented', input: body, check };
      const { ticket } = await applyToRow(deps, process, { actor, request }, sent);
      const cause = request.commandId;
      return deps.database.inOrganization(actor.organizationId, async (tx) => {
        const binds = [actor.organizationId, commentIdOf(ticket.id, cause)];
        const [row] = await tx.rows<CommentRow>(
          `select ${source.select} from ${source.from} where c.organization_id = $1 and c.id = $2`,
          binds,
        );
        const [followUp] = await tx.rows<z.infer<typeof FollowUp>>(
          `select id, number from tickets where organization_id = $1 and id = $2`,
          [actor.organizationId, birthIdOf(ticket.id, cause, 0)],
        );
        if (!row) throw new Error('The comment is not there');
        return { body: { ...commentOf(row), followUp: followUp ?? null } };
      });
    },
  });
}

function commentsRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/comments`,
    tag: title,
    summary: 'What was said, oldest first; internal notes for agents only.',
    access: `${type}:read`,
    params: TicketParams,
    query: listQuery(listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Comment) },
    handle: async ({ actor, params, query }) => {
      const page = await deps.database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const binds = [actor.organizationId, found.ticket.id];
        const visible = visibleTo(actorOn(found, actor));
        const where = `c.organization_id = $1 and c.ticket_id = $2 and ${visible}`;
        const context = { actor, secret: deps.secret, binds };
        return readPage<CommentRow>(tx, { listing, query, source: { ...source, where }, context });
      });
      return pageReply(page, commentOf);
    },
  });
}

function visibleTo(actor: Actor): string {
  return seesInternal(actor) ? 'true' : 'c.is_public';
}
