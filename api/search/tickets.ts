/** `GET /search`: tickets of all types by what was said in them. */
import { z } from 'zod';
import { askedOf } from '../../models/search/asked';
import type { Process } from '../../models/tickets/rules';
import { priorities } from '../../models/tickets/ticket';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import { conditionOn } from '../http/list/query';
import type { TicketDeps } from '../tickets/door';
import { everyTicketListing } from '../tickets/listing';
import { findTickets, ways, type Hit } from './find';

const SearchHit = z
  .object({
    id: z.uuid(),
    number: z.string().meta({ example: 'INC0000042' }),
    type: z.string(),
    title: z.string(),
    state: z.string(),
    isOpen: z.boolean(),
    priority: z.enum(priorities).nullable(),
    service: Reference.nullable(),
    openedAt: z.iso.datetime(),
    excerpt: z
      .string()
      .describe('HTML: a piece of what the caller may read, with `mark` around what was found.'),
  })
  .meta({ id: 'SearchHit' });

const Found = z
  .object({
    foundBy: z
      .enum(ways)
      .describe('`likeness`: no ticket has these words; these titles are written like them.'),
    data: z.array(SearchHit),
  })
  .meta({ id: 'SearchResult' });

export function searchRoute(
  { database }: Pick<TicketDeps, 'database'>,
  processes: readonly Process[],
): Route {
  const types = processes.map(({ declaration }) => declaration);
  const listing = everyTicketListing(processes);
  const [first = '', ...others] = types.map(({ type }) => type);
  return defineRoute({
    method: 'get',
    path: '/search',
    tag: 'Search',
    access: 'signedIn',
    summary: 'Find tickets of all types that I may read, best first.',
    description:
      'By number, or by words of number, title, description, comments, in the language of the organization. The last word may be unfinished. `"several words"` stand together, `or` and `-word` are understood. Requesters find public texts only.',
    query: z.strictObject({
      q: z.string().trim().min(1).max(200).describe('What was typed.'),
      type: z.enum([first, ...others]).optional(),
      state: z.enum(['open', 'over']).optional().describe('Default: both.'),
      among: conditionOn(listing)
        .optional()
        .describe('Only those for which this holds, as `q` of GET /tickets: `team==myTeams`.'),
      limit: z.coerce.number().int().min(1).max(50).default(20),
    }),
    reply: { status: 200, description: 'Best first.', body: Found },
    handle: async ({ actor, query: { q, type = null, state, limit, among: condition } }) => {
      const isOpen = state === undefined ? null : state === 'open';
      const among = condition && { listing, condition };
      const wanted = { q, asked: askedOf(q, types), type, isOpen, limit, among };
      const { foundBy, hits } = await database.inOrganization(actor.organizationId, (tx) =>
        findTickets(tx, actor, wanted),
      );
      return { body: { foundBy, data: hits.map(shownOf) } };
    },
  });
}

function shownOf({ openedAt, priority, ...hit }: Hit) {
  return {
    ...hit,
    priority: z.enum(priorities).nullable().parse(priority),
    openedAt: openedAt.toISOString(),
  };
}
