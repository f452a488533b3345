/** A story as requests, each with the identity that its event has in the feed. */
import { commandIdOf } from '../../api/http/idempotency';
import { idFrom } from '../../models/tickets/identity';
import type { Person } from '../../models/users/actor';
import { actorOf } from './cast';
import type { Cast, Names, Step, Story, Tale } from './story';

/** One request. What caused an event of that `cause` is done and never sent again. */
export interface Deed {
  readonly by: Person;
  readonly key: string;
  readonly cause: string;
  /** Below the base of the API. */
  readonly path: string;
  readonly body: (names: Names) => object;
}

/** What happens to one ticket. */
export interface Plot {
  readonly title: string;
  readonly opening: Deed;
  readonly steps: readonly Deed[];
}

export function plotsOf({ cast, tales }: Story): Plot[] {
  return tales.map((tale) => plotOf(cast, tale));
}

export function deedsOf({ opening, steps }: Plot): Deed[] {
  return [opening, ...steps];
}

function plotOf(cast: Cast, tale: Tale): Plot {
  const identify = (login: string, place: number) => {
    const by = actorOf(cast, login);
    const key = `demo/${cast.slug}/${tale.n}/${place}`;
    return { by, key, cause: commandIdOf(by, key) };
  };
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
    const identity = identify(step.by, index + 1);
    const id = step.onFollowUp ? followUpId : ticketId;
    if (isCommentOn(ticketId, id, step)) followUpId = idFrom(ticketId, identity.cause, 'birth/0');
    return { ...identity, path: `${path}/${id}/${step.path}`, body: (names) => step.body(names) };
  });
  return { title: tale.opening.title, opening, steps };
}

function isCommentOn(ticketId: string, id: string, { path }: Step): boolean {
  return path === 'comments' && id === ticketId;
}

/** Of the tickets of its type, below the base of the API. */
export function pathOf({ opening }: Tale): string {
  return 'path' in opening ? opening.path : 'incidents';
}

function openingBody({ opening }: Tale, names: Names): object {
  if ('path' in opening) return { title: opening.title, ...opening.body(names) };
  const { service, category, requester, ...said } = opening;
  return {
    ...said,
    ...(service !== undefined && { serviceId: names.service(service) }),
    ...(category !== undefined && { categoryId: names.category(category) }),
    ...(requester !== undefined && { requesterId: names.person(requester) }),
  };
}
