/** A story as requests, each with the identity that its event has in the feed. */
import { commandIdOf } from '../../api/http/idempotency';
import { idFrom } from '../../models/tickets/identity';
import type { Person } from '../../models/users/actor';
import { actorOf } from './cast';
import type { Cast, Found, Names, Shelf, Step, Story, Tale } from './story';

/** One request. What caused an event of that `cause` is done and never sent again. */
export interface Deed {
  readonly by: Person;
  readonly key: string;
  readonly cause: string;
  readonly method: 'post' | 'put';
  /** Below the base of the API; `{found}` in it stands for the id of what is found. */
  readonly path: string;
  readonly body: (names: Names) => object;
  /** A file of plain text that is sent instead of the body. */
  readonly text?: string | undefined;
  readonly find?: Find;
}

/** A list of which one row is meant. */
export interface Find extends Pick<Found, 'isIt'> {
  /** Below the base of the API. */
  readonly path: (names: Names) => string;
}

/** What happens to one ticket. */
export interface Plot {
  readonly title: string;
  readonly opening: Deed;
  readonly steps: readonly Deed[];
}

/** All that there is to send: the catalog, which is played first, and the tales. */
export function plotsOf(story: Story): Plot[] {
  return chaptersOf(story).flat();
}

/** In the order in which they are played, each when the one before is through. */
export function chaptersOf({ cast, catalog, tales }: Story): Plot[][] {
  const shelves = catalog.map((shelf) => shelfPlot(cast, shelf));
  return [shelves, tales.map((tale) => plotOf(cast, tale))];
}

/** The id of what the first request of a tale made. */
export function madeBy(cast: Cast, { n, by }: Pick<Tale, 'n' | 'by'>): string {
  return identityOf(cast, n, by, 0).cause;
}

/** The id of an item of a shelf, which is designed and then published. */
export function itemIdOf(cast: Cast, { n, by }: Shelf, index: number): string {
  return identityOf(cast, n, by, 2 * index + 1).cause;
}

function identityOf(cast: Cast, n: number, login: string, place: number) {
  const by = actorOf(cast, login);
  const key = `demo/${cast.slug}/${n}/${place}`;
  return { by, key, cause: commandIdOf(by, key) };
}

/** What present.ts tells of an item that was published; no event of a feed says it. */
export const publishedCause = (itemId: string) => `${itemId}/published`;

function shelfPlot(cast: Cast, shelf: Shelf): Plot {
  const { n, by, category, items } = shelf;
  const identify = (place: number) => ({
    ...identityOf(cast, n, by, place),
    method: 'post' as const,
  });
  const opening = { ...identify(0), path: 'catalog-categories', body: () => ({ name: category }) };
  const steps = items.flatMap(({ name, definition }, index): Deed[] => {
    const id = itemIdOf(cast, shelf, index);
    const design = (names: Names) => ({
      ...{ name, categoryId: opening.cause, position: index },
      definition: definition(names),
    });
    return [
      { ...identify(2 * index + 1), path: 'catalog-designs', body: design },
      {
        ...{ ...identify(2 * index + 2), cause: publishedCause(id) },
        ...{ path: `catalog-designs/${id}/actions/publish`, body: () => ({}) },
      },
    ];
  });
  return { title: category, opening, steps };
}

export function deedsOf({ opening, steps }: Plot): Deed[] {
  return [opening, ...steps];
}

function plotOf(cast: Cast, tale: Tale): Plot {
  const identify = (login: string, place: number) => ({
    ...identityOf(cast, tale.n, login, place),
    method: 'post' as const,
  });
  const path = pathOf(tale);
  const opening: Deed = {
    ...identify(tale.by, 0),
    path,
    body: (names) => openingBody(tale, names),
  };
  // A ticket has the id of the command that opened it.
  const ticketId = opening.cause;
  let followUpId = ticketId;
  const steps = tale.steps.map((step, index): Deed => {
    const { body, text, method, on } = step;
    const identified = identify(step.by, index + 1);
    const identity = { ...identified, method: method ?? identified.method, body, text };
    if (on)
      return { ...identity, path: `${on.path}/{found}/${step.path}`, find: findOf(on, ticketId) };
    const id = step.onFollowUp ? followUpId : ticketId;
    if (isCommentOn(ticketId, id, step)) followUpId = idFrom(ticketId, identity.cause, 'birth/0');
    return { ...identity, path: `${path}/${id}/${step.path}` };
  });
  return { title: tale.opening.title, opening, steps };
}

function findOf({ path, where, ...rest }: Found, order: string): Find {
  return {
    ...rest,
    path: (names) => `${path}?q=${encodeURIComponent(where(names, order))}`,
  };
}

function isCommentOn(ticketId: string, id: string, { path }: Step): boolean {
  return path === 'comments' && id === ticketId;
}

/** Of the tickets of its type, below the base of the API. */
export function pathOf({ opening }: Tale): string {
  return 'path' in opening ? opening.path : 'incidents';
}

function openingBody({ opening }: Tale, names: Names): object {
  if ('path' in opening) {
    // An order has no title: its requests have those of what is ordered.
    const said = opening.path === 'orders' ? {} : { title: opening.title };
    return { ...said, ...opening.body(names) };
  }
  const { service, category, requester, ...said } = opening;
  return {
    ...said,
    ...(service !== undefined && { serviceId: names.service(service) }),
    ...(category !== undefined && { categoryId: names.category(category) }),
    ...(requester !== undefined && { requesterId: names.person(requester) }),
  };
}
