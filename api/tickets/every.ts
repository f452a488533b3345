/** `GET /tickets`: tickets of all types together. */
import type { Process } from '../../models/tickets/rules';
import { pageSchema } from '../http/list/page';
import { listQuery } from '../http/list/query';
import { defineRoute, type Route } from '../http/route';
import type { TicketDeps } from './door';
import { everyTicketList, readTickets } from './list';
import { everyTicketShape } from './representation';

export function everyTicketRoute(
  { database, secret }: TicketDeps,
  processes: readonly Process[],
): Route {
  const list = everyTicketList(processes);
  return defineRoute({
    method: 'get',
    path: '/tickets',
    tag: 'Tickets',
    access: 'signedIn',
    summary: 'List tickets of all types.',
    description:
      'Those that I may read, with what tickets of every type have; the details of a type are in its own list.',
    query: listQuery(list.listing),
    reply: { status: 200, description: 'A page.', body: pageSchema(everyTicketShape(processes)) },
    handle: async ({ actor, query }) =>
      database.inOrganization(actor.organizationId, (tx) =>
        readTickets(tx, list, query, { actor, secret }),
      ),
  });
}
