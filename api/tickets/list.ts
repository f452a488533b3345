/** Lists of tickets: those of one type, and those of all. Routes and saved views read them alike. */
import type { Tx } from '../../models/database';
import type { Process } from '../../models/tickets/rules';
import { typesWith } from '../../models/users/ability';
import type { Actor } from '../../models/users/actor';
import type { Listing } from '../http/list/listing';
import { pageReply, readPage, type ListSource } from '../http/list/page';
import type { ListQuery } from '../http/list/query';
import { everyTicketListing, ticketListing } from './listing';
import { present, presentCommon, type EveryTicketBody } from './representation';
import { foundOf, ticketSource, type FoundRow } from './select';
import { sightOf, viewerOf, wallsFor, type Bind, type Sight } from './sight';

export interface TicketList {
  readonly listing: Listing;
  /** Whether somebody may ask for it at all. */
  readonly isFor: (actor: Actor) => boolean;
  /** What they see of it; `$1` is the organization, `bind` takes what else it needs. */
  readonly seenBy: (actor: Actor, bind: Bind) => ListSource;
  readonly present: (row: FoundRow, actor: Actor) => EveryTicketBody;
}

export function ticketListOf(process: Process): TicketList {
  const { type } = process.declaration;
  return {
    listing: ticketListing(process),
    isFor: (actor) => readsType(actor, type),
    seenBy: (actor, bind) => {
      const ofType = `t.type = ${bind(type)}`;
      return sourceOf(sightOf(viewerOf(process, actor), bind), ofType);
    },
    present: (row, actor) => present(process, foundOf(row), actor),
  };
}

export function everyTicketList(processes: readonly Process[]): TicketList {
  const byType = new Map(processes.map((process) => [process.declaration.type, process]));
  return {
    listing: everyTicketListing(processes),
    isFor: () => true,
    seenBy: (actor, bind) => {
      const walls = wallsFor(actor, bind);
      const sight = { isVisible: walls.isReadable('t'), isInside: walls.isInside('t') };
      return sourceOf(sight, `t.type = any(${bind([...byType.keys()])}::text[])`);
    },
    present: (row, actor) => {
      const process = byType.get(row.type);
      if (process === undefined) throw new Error(`A list has a ticket of the type ${row.type}`);
      return presentCommon(process, foundOf(row), actor);
    },
  };
}

/** One page of it, as they see it. */
export async function readTickets(
  tx: Tx,
  list: TicketList,
  query: ListQuery,
  { actor, secret }: { readonly actor: Actor; readonly secret: string },
) {
  const binds: unknown[] = [actor.organizationId];
  const source = list.seenBy(actor, (value) => `$${binds.push(value)}`);
  const context = { actor, secret, binds };
  const page = await readPage<FoundRow>(tx, { listing: list.listing, query, source, context });
  return pageReply(page, (row) => list.present(row, actor));
}

function readsType(actor: Actor, type: string): boolean {
  const types = typesWith(actor, 'read', 'end_user');
  return types === 'every' || types.includes(type);
}

function sourceOf(sight: Pick<Sight, 'isVisible' | 'isInside'>, ofType: string): ListSource {
  const { isVisible } = sight;
  return {
    ...ticketSource(sight),
    where: `t.organization_id = $1 and ${ofType} and ${isVisible}`,
  };
}
