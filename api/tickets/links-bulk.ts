/** One ticket linked to many: each link by itself, what one is refused does not hold up the others. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { idFrom } from '../../models/tickets/identity';
import type { LinkKind } from '../../models/tickets/links';
import type { Process } from '../../models/tickets/rules';
import { defineRoute, type Route } from '../http/route';
import type { Caller, TicketDeps } from './door';
import { link, LinkKindField, placeOf } from './links';
import { TicketParams } from './routes';
import { readTicket } from './select';
import { viewerOf } from './sight';

const mostAtOnce = 200;

const NewLinks = z
  .strictObject({
    kind: LinkKindField,
    ticketIds: z
      .array(z.string().min(1).max(60))
      .min(1)
      .max(mostAtOnce)
      .describe('Ids or numbers.'),
  })
  .meta({ id: 'NewTicketLinks', example: { kind: 'causes', ticketIds: ['INC0000042'] } });

const Outcome = z.object({
  ticketId: z.string().describe('As it was given.'),
  outcome: z.enum(['linked', 'already', 'refused']),
  error: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .describe('Why it is refused, as making that one link would say it.'),
});

const Reply = z.object({ data: z.array(Outcome) }).meta({ id: 'TicketLinksBulk' });

export function bulkLinkRoute(deps: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'post',
    path: `/${path}/{id}/links/bulk`,
    tag: title,
    access: `${type}:read`,
    params: TicketParams,
    summary: 'Link it to many tickets; for whoever may edit them all.',
    description: 'Each by itself, in the order given; may be repeated as it is.',
    body: NewLinks,
    reply: { status: 200, description: 'What became of each.', body: Reply },
    handle: async ({ actor, params, body: { kind, ticketIds }, request }) => {
      // Or one that they do not see would answer for each by itself.
      await readTicket(deps.database, viewerOf(process, actor), params.id);
      const data = [];
      for (const ticketId of new Set(ticketIds)) {
        // Each is a fact of its own, the same one when the request is repeated.
        const commandId = idFrom(request.commandId, ticketId, 'link');
        const caller = { actor, request: { ...request, commandId, ifMatch: undefined } };
        data.push(await outcomeOf(deps, process, caller, { id: params.id, kind, ticketId }));
      }
      return { body: { data } };
    },
  });
}

interface Wanted {
  readonly id: string;
  readonly kind: LinkKind;
  readonly ticketId: string;
}

async function outcomeOf(
  deps: TicketDeps,
  process: Process,
  caller: Caller,
  { id, kind, ticketId }: Wanted,
): Promise<z.infer<typeof Outcome>> {
  const unknown = new Refusal('not_found', 'It is not a known ticket.');
  try {
    await link(deps, process, caller, { id, kind, unknown, ...placeOf(ticketId) });
    return { ticketId, outcome: 'linked', error: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message: detail, details } = error;
    if (details['isThere'] === true) return { ticketId, outcome: 'already', error: null };
    return { ticketId, outcome: 'refused', error: { code, detail } };
  }
}
