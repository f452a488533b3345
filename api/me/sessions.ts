/** My sessions: where I am signed in, and how to end one of them. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import type { Actor } from '../../models/users/actor';
import { endSession } from '../auth/session';
import { defineListing } from '../http/list/listing';
import { pageReply, pageSchema, readPage } from '../http/list/page';
import { listQuery } from '../http/list/query';
import type { ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';

const at = z.iso.datetime();

const Session = z
  .object({
    id: z.uuid(),
    address: z.string().describe('Where it was last used from.'),
    userAgent: z.string(),
    createdAt: at,
    lastUsedAt: at.describe('When it last got new tokens: every ten minutes while it is used.'),
    expiresAt: at.describe('If it is not used before.'),
    isCurrent: z.boolean().describe('The one of this request.'),
  })
  .meta({ id: 'Session' });

const sessions = defineListing({
  name: 'sessions',
  item: Session,
  idSql: 's.id',
  fields: {
    createdAt: { type: 'instant', column: 's.created_at', nullable: false },
    lastUsedAt: { type: 'instant', column: 's.last_used_at', nullable: false },
  },
  sorts: ['lastUsedAt', 'createdAt'],
  defaultSort: '-lastUsedAt',
});

const source = {
  select: `s.id, s.address, s.user_agent as "userAgent", s.created_at as "createdAt",
           s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt"`,
  from: 'sessions s',
  where: `s.organization_id = $1 and s.user_id = $2
          and s.ended_at is null and s.expires_at > clock_timestamp()`,
};

interface SessionRow {
  readonly id: string;
  readonly address: string;
  readonly userAgent: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

export function sessionRoutes({ database, secret }: ListSources): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/me/sessions',
      tag: 'Me',
      access: 'person',
      summary: 'List my sessions, the one used last first.',
      query: listQuery(sessions),
      reply: { status: 200, description: 'A page.', body: pageSchema(Session) },
      handle: async ({ actor, query }) => {
        const context = { actor, secret, binds: [actor.organizationId, actor.id] };
        const page = await database.inOrganization(actor.organizationId, (tx) =>
          readPage<SessionRow>(tx, { listing: sessions, query, source, context }),
        );
        return pageReply(page, (row) => present(row, actor));
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/me/sessions/{id}',
      tag: 'Me',
      access: 'person',
      summary: 'End one of my sessions.',
      description: 'Acts at once, on its access tokens, too.',
      params: z.strictObject({ id: z.uuid() }),
      reply: { status: 204, description: 'It has ended.' },
      handle: async ({ actor, params }) => {
        await database.inOrganization(actor.organizationId, async (tx) => {
          const [mine] = await tx.rows(
            'select 1 from sessions where organization_id = $1 and id = $2 and user_id = $3',
            [actor.organizationId, params.id, actor.id],
          );
          if (mine === undefined) throw new Refusal('not_found', 'You have no such session.');
          await endSession(tx, params.id);
        });
        return {};
      },
    }),
  ];
}

function present(row: SessionRow, actor: Actor): z.infer<typeof Session> {
  const { id, address, userAgent, createdAt, lastUsedAt, expiresAt } = row;
  return {
    id,
    address,
    userAgent,
    createdAt: toInstant(createdAt),
    lastUsedAt: toInstant(lastUsedAt),
    expiresAt: toInstant(expiresAt),
    isCurrent: id === actor.sessionId,
  };
}
