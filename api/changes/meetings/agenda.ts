/** What waits for a board: open rounds of approval that ask it, with the changes that they are about. */
import { z } from 'zod';
import type { Conflict } from '../../../models/changes/conflicts';
import { riskLevels } from '../../../models/changes/risk';
import type { Tx } from '../../../models/database';
import { underPresent } from '../../../models/tickets/definition';
import type { Actor } from '../../../models/users/actor';
import { ApprovalDetailsShape } from '../../../workflows/approvals/details';
import { kinds } from '../../../workflows/changes/inputs';
import { windowOf } from '../../../workflows/changes/needs';
import { foundOf, ticketSource, type Found, type FoundRow } from '../../tickets/select';
import { sightOf, viewerOf, type Bind, type Viewer } from '../../tickets/sight';
import { changeOf, collisionsOf, type Change } from '../collisions';
import type { SurfaceDeps } from '../deps';
import { Window } from '../window';

/** Of one meeting nobody decides more; the rest moves up. */
export const mostOnAgenda = 100;

export const AgendaItem = z
  .object({
    approval: z.object({
      id: z.uuid(),
      number: z.string(),
      title: z.string(),
      revision: z.int().describe('For `decide`, so that nothing is decided that has changed.'),
      openedAt: z.iso.datetime(),
      expiresAt: z.iso.datetime().nullable(),
      asked: z.int(),
      answered: z.int(),
    }),
    change: z
      .object({
        id: z.uuid(),
        number: z.string(),
        title: z.string(),
        state: z.string(),
        kind: z.enum(kinds),
        riskLevel: z.enum(riskLevels).nullable().describe('null: not assessed.'),
        window: Window.nullable(),
        conflicts: z.object({ total: z.int(), blocking: z.int() }),
      })
      .nullable()
      .describe('null: it is about no change, or about one that this reader may not see.'),
  })
  .meta({ id: 'MeetingAgendaItem' });

type Item = z.infer<typeof AgendaItem>;

/** How a round names the board that it asks. */
export function watchOf(boardId: string): string {
  return `board/${boardId}`;
}

export async function agendaOf(
  tx: Tx,
  { change, approval }: Pick<SurfaceDeps, 'change' | 'approval'>,
  actor: Actor,
  boardId: string,
): Promise<Item[]> {
  const found = await ticketsOf(tx, viewerOf(approval, actor), (bind) => {
    const watch = bind(watchOf(boardId));
    return `t.is_open and t.awaited_ids <> '{}' and t.snapshot -> 'details' -> 'watches' ? ${watch}`;
  });
  const rounds = found.map(({ ticket }) => {
    const { details } = underPresent(approval, ticket);
    return { ticket, details: ApprovalDetailsShape.parse(details) };
  });
  const ids = rounds.flatMap(({ details: { subject } }) =>
    subject?.type === 'change' ? [subject.id] : [],
  );
  const viewer = viewerOf(change, actor);
  const seen = await ticketsOf(tx, viewer, (bind) => `t.id = any(${bind(ids)}::uuid[])`);
  const changes = seen.map(({ ticket }) => changeOf(change, ticket));
  const collisions = await collisionsOf(tx, viewer, changes);
  const byId = new Map(
    changes.map((one) => [one.id, presentChange(one, collisions.get(one.id) ?? [])]),
  );
  return rounds
    .map((round) => presentRound(round, byId.get(round.details.subject?.id ?? '') ?? null))
    .sort(byWindow);
}

/** Tickets of a type that they may see and that a condition holds for, the oldest first. */
async function ticketsOf(
  tx: Tx,
  viewer: Viewer,
  conditionOf: (bind: Bind) => string,
): Promise<Found[]> {
  const binds: unknown[] = [tx.organizationId, viewer.type];
  const bind: Bind = (value) => `$${binds.push(value)}`;
  const { select, from: tables, where } = ticketSource(sightOf(viewer, bind));
  const rows = await tx.rows<FoundRow>(
    `select ${select} from ${tables} where ${where ?? 'true'} and ${conditionOf(bind)}
      order by t.opened_at, t.id limit ${mostOnAgenda}`,
    binds,
  );
  return rows.map(foundOf);
}

interface Round {
  readonly ticket: Found['ticket'];
  readonly details: z.infer<typeof ApprovalDetailsShape>;
}

function presentRound({ ticket, details }: Round, change: Item['change']): Item {
  const { id, number, title, revision, openedAt, agenda } = ticket;
  const expiresAt = agenda.find(({ key }) => key === 'expiry')?.at ?? null;
  const { length: asked } = details.voters;
  const { length: answered } = details.votes;
  return {
    approval: { id, number, title, revision, openedAt, expiresAt, asked, answered },
    change,
  };
}

function presentChange(change: Change, found: readonly Conflict[]): NonNullable<Item['change']> {
  const { id, number, title, state, details } = change;
  const blocking = found.filter(({ isBlocking }) => isBlocking).length;
  return {
    ...{ id, number, title, state, kind: details.kind, riskLevel: details.risk?.level ?? null },
    window: windowOf(change),
    conflicts: { total: found.length, blocking },
  };
}

/** What begins first is decided first; what has no window comes last, in the order of asking. */
function byWindow(one: Item, other: Item): number {
  const keyOf = ({ change, approval }: Item) =>
    `${change?.window?.start ?? '~'} ${approval.openedAt} ${approval.id}`;
  return keyOf(one) < keyOf(other) ? -1 : 1;
}
