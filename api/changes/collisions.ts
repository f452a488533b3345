/** What changes collide with, from the rows as they are, as far as the one who asks may know of it. */
import { conflictsOf, type Conflict, type PlannedChange } from '../../models/changes/conflicts';
import type { ChangeGround } from '../../models/changes/ground';
import { readGround } from '../../models/changes/reading';
import type { ChangeWindow } from '../../models/changes/windows';
import type { Tx } from '../../models/database';
import { earliest, latest, plusSeconds, type Instant } from '../../models/instant';
import { underPresent } from '../../models/tickets/definition';
import type { Process } from '../../models/tickets/rules';
import type { Ticket } from '../../models/tickets/ticket';
import { ChangeDetailsShape, type ChangeDetails } from '../../workflows/changes/details';
import { peopleOf, windowOf } from '../../workflows/changes/needs';
import { sightOf, type Viewer } from '../tickets/sight';

export type Change = Ticket<ChangeDetails>;

/** A ticket that was read as a change. */
export function changeOf(process: Process, ticket: Ticket): Change {
  const { details } = underPresent(process, ticket);
  return { ...ticket, details: ChangeDetailsShape.parse(details) };
}

interface Planned {
  readonly change: Change;
  readonly window: ChangeWindow;
}

/**
 * By id of the change, the heaviest first; none for one without a window. All of them are read at once, over
 * the whole time in which they are.
 */
export async function collisionsOf(
  tx: Tx,
  viewer: Viewer,
  changes: readonly Change[],
): Promise<ReadonlyMap<string, Conflict[]>> {
  const planned = changes.flatMap((change): Planned[] => {
    const window = windowOf(change);
    return window ? [{ change, window }] : [];
  });
  if (planned.length === 0) return new Map();
  const ground = await readGround(tx, aboutAll(planned));
  const shown = await shownTo(tx, viewer, ground.others);
  const now = await tx.now();
  const others = shown.map((other) => asItLasts(other, now));
  return new Map(
    planned.map(({ change, window }) => {
      const found = conflictsOf(asPlanned(change, window, ground), others, ground);
      return [change.id, found.map((conflict) => asItBinds(change, conflict))];
    }),
  );
}

/** What is under way lasts at least until now, whatever its window says. */
function asItLasts(other: ChangeGround['others'][number], now: Instant): PlannedChange {
  const { state, window } = other;
  if (state !== 'implementing' && state !== 'backingOut') return other;
  return { ...other, window: { ...window, end: latest(window.end, plusSeconds(now, 1)) } };
}

/** Of no change in particular: one never collides with itself. */
const nobody = '00000000-0000-0000-0000-000000000000';

function aboutAll(planned: readonly Planned[]) {
  const unique = (ids: readonly string[]) => [...new Set(ids)];
  return {
    changeId: nobody,
    window: {
      start: planned.map(({ window }) => window.start).reduce(earliest),
      end: planned.map(({ window }) => window.end).reduce(latest),
    },
    serviceIds: unique(planned.flatMap(({ change }) => change.details.serviceIds)),
    peopleIds: unique(planned.flatMap(({ change }) => peopleOf(change))),
    // How such changes went before, and what a template says, is for rules.
    ...{ categoryId: null, templateId: null, isFromTemplate: false },
  };
}

function asPlanned(
  change: Change,
  window: ChangeWindow,
  { services, people }: ChangeGround,
): PlannedChange {
  const { id, number, title, details } = change;
  const { serviceIds, configurationItems } = details;
  const peopleIds = peopleOf(change);
  return {
    ...{ id, number, title, window, configurationItems },
    services: services.filter((service) => serviceIds.includes(service.id)),
    people: people.filter((person) => peopleIds.includes(person.id)),
  };
}

/** Stands in sentences in place of a number. */
const unnamed = 'Another change';

/** Those that they may not see have neither number nor title: only that they are there counts. */
async function shownTo(
  tx: Tx,
  viewer: Viewer,
  others: ChangeGround['others'],
): Promise<ChangeGround['others']> {
  if (others.length === 0) return others;
  const binds: unknown[] = [tx.organizationId];
  const bind = (value: unknown) => `$${binds.push(value)}`;
  const among = bind(others.map(({ id }) => id));
  const { isVisible } = sightOf(viewer, bind);
  const rows = await tx.rows<{ id: string }>(
    `select t.id from tickets t
      where t.organization_id = $1 and t.id = any(${among}::uuid[]) and ${isVisible}`,
    binds,
  );
  const seen = new Set(rows.map(({ id }) => id));
  return others.map((one) => (seen.has(one.id) ? one : { ...one, number: unnamed, title: '' }));
}

/** Whether it is the one of a conflict that the caller may not see. */
export function isUnnamed({ number }: { readonly number: string }): boolean {
  return number === unnamed;
}

/** Emergencies are exempt from freezes and maintenance, others from freezes where an exception was asked for. */
function asItBinds({ details }: Change, conflict: Conflict): Conflict {
  const { kind, isBlocking } = conflict;
  const isEmergency = details.kind === 'emergency';
  const excepted = details.freezeException?.freezeIds ?? [];
  const isExcepted = conflict.with?.type === 'freeze' && excepted.includes(conflict.with.id);
  const isExempt =
    (kind === 'freeze' && (isEmergency || isExcepted)) ||
    (kind === 'outsideMaintenance' && isEmergency);
  return { ...conflict, isBlocking: isBlocking && !isExempt };
}
