/** A meeting of a board as a resource: how it looks, who sees it, who keeps it. */
import { z } from 'zod';
import { boardOf } from '../../../models/changes/rows';
import { MeetingRow } from '../../../models/changes/tables';
import type { Tx } from '../../../models/database';
import { Refusal } from '../../../models/errors';
import { toInstant } from '../../../models/instant';
import { tellOfMeeting } from '../../../models/notifications/meeting';
import { seesAll } from '../../../models/users/ability';
import type { Actor } from '../../../models/users/actor';
import { may } from '../../../models/users/permissions';
import { Moment } from '../../http/input/fields';
import { defineListing } from '../../http/list/listing';
import { Reference } from '../../http/reference';
import type { By } from '../../http/request';
import { read, type Change, type Resource } from '../../http/resource/resource';

const states = ['planned', 'held'] as const;

export const Meeting = z
  .object({
    id: z.uuid(),
    board: Reference,
    startsAt: z.iso.datetime(),
    state: z.enum(states),
    heldAt: z.iso.datetime().nullable(),
    minutes: z.string(),
    revision: z.int(),
  })
  .meta({ id: 'Meeting' });

export type MeetingBody = z.infer<typeof Meeting>;

export const Minutes = z.string().trim().max(50_000);

export const input = z.strictObject({
  startsAt: Moment,
  minutes: Minutes.default('').describe('What was said; may be written before, as a plan.'),
});

export const meetingListing = defineListing({
  name: 'meetings',
  item: Meeting,
  idSql: 'm.id',
  fields: {
    state: { type: 'enum', column: 'm.state', values: states, nullable: false },
    startsAt: { type: 'instant', column: 'm.starts_at', nullable: false },
  },
  sorts: ['startsAt'],
  defaultSort: '-startsAt',
});

export interface StoredMeeting {
  readonly id: string;
  /** Of its board: by that name acts on it are recorded. */
  readonly name: string;
  readonly boardId: string;
  readonly startsAt: Date;
  readonly state: (typeof states)[number];
  readonly heldAt: Date | null;
  readonly minutes: string;
  readonly revision: number;
}

export const meetings: Resource<StoredMeeting> = {
  path: '/meetings',
  tag: 'Change',
  one: 'meeting',
  many: 'meetings',
  access: 'change:read',
  manage: 'change:read',
  model: MeetingRow,
  input,
  refuse: refuseNew,
  alongside: tellOfNew,
  listing: meetingListing,
  item: Meeting,
  select: `m.id, b.name, m.board_id as "boardId", m.starts_at as "startsAt", m.state,
           m.held_at as "heldAt", m.minutes, m.revision`,
  from: 'meetings m join boards b on b.organization_id = m.organization_id and b.id = m.board_id',
  present: presentMeeting,
};

export function presentMeeting(row: StoredMeeting): MeetingBody {
  const { id, name, boardId, startsAt, state, heldAt, minutes, revision } = row;
  return {
    ...{ id, board: { id: boardId, name }, startsAt: toInstant(startsAt), state },
    ...{ heldAt: heldAt && toInstant(heldAt), minutes, revision },
  };
}

/** Throws not_found for whoever is neither of the board nor sees all changes. */
export async function refuseOutsider(tx: Tx, actor: Actor, boardId: string): Promise<void> {
  const board = await boardOf(tx, boardId);
  const isMember = board?.members.some(({ id }) => id === actor.id) === true;
  if (board && (isMember || seesAll(actor, 'change') || may(actor, 'board:manage'))) return;
  throw new Refusal('not_found', 'There is no such meeting or board.');
}

/** Throws not_found, and forbidden for whoever is not its chair and does not keep boards. */
export async function refuseUnlessLeading(tx: Tx, actor: Actor, boardId: string): Promise<void> {
  await refuseOutsider(tx, actor, boardId);
  const board = await boardOf(tx, boardId);
  // The chair alone is no right of a token: its scopes must name the one that others have.
  const isChair = board?.chair?.id === actor.id && isInScope(actor);
  if (isChair || may(actor, 'board:manage')) return;
  throw new Refusal('forbidden', 'Only the chair of the board, or who holds board:manage.');
}

function isInScope({ scopes }: Actor): boolean {
  return scopes?.includes('board:manage') !== false;
}

/** Throws conflict. */
export function refuseHeld({ state }: Pick<StoredMeeting, 'state'>): void {
  if (state === 'held') throw new Refusal('conflict', 'The meeting was held: it stays as it is.');
}

/** Only where one is made: what is done to one that is there looks at it as it is. */
async function refuseNew(tx: Tx, { input: given, actor }: Change): Promise<void> {
  const boardId = String(given['boardId']);
  await refuseUnlessLeading(tx, actor, boardId);
  const board = await boardOf(tx, boardId);
  if (board?.isActive !== true) throw new Refusal('conflict', 'The board is not active.');
}

async function tellOfNew(tx: Tx, { id, actor, request }: Change): Promise<void> {
  await tellMembers(tx, await read(tx, meetings, id), { what: 'planned', actor, request });
}

export async function tellMembers(
  tx: Tx,
  { id, boardId, name, startsAt }: StoredMeeting,
  { what, actor, request }: By & { readonly what: 'planned' | 'moved' },
): Promise<void> {
  await tellOfMeeting(tx, {
    meetingId: id,
    board: { id: boardId, name },
    startsAt: toInstant(startsAt),
    what,
    cause: request.id,
    byId: actor.id,
  });
}
