/** Tags of tickets, and which of them people use: the row's own door, also when the engine is away. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import type { Process } from '../../models/tickets/rules';
import { longestTag, mostTags, tagForm, tagOf } from '../../models/tickets/tags';
import { mayEdit } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from './door';
import { present, ticketShape } from './representation';
import { TicketParams } from './routes';
import { applyToRow } from './row';
import { readActedOn } from './select';
import { viewerOf, wallsFor } from './sight';

const Tag = z
  .string()
  .transform(tagOf)
  .refine((tag) => tagForm.test(tag) && tag.length <= longestTag, {
    message: `is not a word of at most ${longestTag} letters, digits and _.:/+#-`,
  });

const Tags = z
  .strictObject({ tags: z.array(Tag).max(mostTags) })
  .meta({ id: 'EditTags', example: { tags: ['vpn', 'home-office'] } });

export function tagRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'put',
    path: `/${path}/{id}/tags`,
    tag: title,
    access: `${type}:read`,
    summary: 'Give it these tags in place of those that it has; for whoever may edit it.',
    params: TicketParams,
    body: Tags,
    reply: { status: 200, description: `The ${type}.`, body: ticketShape(process) },
    handle: async ({ actor, params, body, request }) => {
      const check = (by: Actor) => {
        if (mayEdit(by, type)) return;
        throw new Refusal('forbidden', 'Only agents tag tickets.');
      };
      const sent = { idOrNumber: params.id, name: 'tagged', input: body, check };
      const { ticket } = await applyToRow(deps, process, { actor, request }, sent);
      const found = await readActedOn(deps.database, viewerOf(process, actor), ticket.id);
      return { body: present(process, found, actor), revision: found.ticket.revision };
    },
  });
}

const UsedTag = z.object({ tag: z.string(), tickets: z.int() }).meta({ id: 'UsedTag' });

const mostShown = 50;

/** Those of tickets of all types, as far as the caller may read them. */
export function usedTagsRoute({ database }: Pick<TicketDeps, 'database'>): Route {
  return defineRoute({
    method: 'get',
    path: '/tags',
    tag: 'Tags',
    access: 'signedIn',
    summary: 'Tags that are in use, to complete one.',
    query: z.strictObject({
      prefix: z.string().max(longestTag).transform(tagOf).default('').describe('How they begin.'),
    }),
    reply: {
      status: 200,
      description: `Those that most tickets have, at most ${mostShown}.`,
      body: z.object({ data: z.array(UsedTag) }),
    },
    handle: async ({ actor, query }) => {
      const binds: unknown[] = [actor.organizationId, query.prefix];
      const { isReadable } = wallsFor(actor, (value) => `$${binds.push(value)}`);
      const data = await database.inOrganization(actor.organizationId, (tx) =>
        tx.rowsOf<z.infer<typeof UsedTag>>(
          `select tag, count(*)::int as tickets from tickets t, unnest(t.tags) tag
            where t.organization_id = $1 and t.tags <> '{}' and starts_with(tag, $2)
              and ${isReadable('t')}
            group by tag order by count(*) desc, tag limit ${mostShown}`,
          binds,
        ),
      );
      return { body: { data } };
    },
  });
}
