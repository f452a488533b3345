/** What a meeting decides goes to the rounds of approval that it is about: each once, however often it is sent. */
import limitTo from 'p-limit';
import { v5 as uuidv5 } from 'uuid';
import { z } from 'zod';
import { recordAct } from '../../../models/audit/record';
import type { Tx } from '../../../models/database';
import { invalid, Refusal } from '../../../models/errors';
import { Ids } from '../../http/input/fields';
import { doerOf } from '../../http/request';
import { hold } from '../../http/resource/resource';
import { defineRoute, type Route } from '../../http/route';
import type { Caller } from '../../tickets/door';
import type { SurfaceDeps } from '../deps';
import { carry, type Carried } from './carry';
import { outcome, recordDecisions, results, type Recorded } from './decisions';
import { meetings, refuseUnlessLeading, type StoredMeeting } from './resource';
import { roundsOf, unknownAttendee } from './standing';

const One = z.strictObject({
  approvalId: z.uuid(),
  result: z.enum(results),
  comment: z.string().trim().min(1).max(20_000).optional(),
  revision: z
    .int()
    .min(1)
    .optional()
    .describe('Of the approval, as on the agenda: refused when it has changed since.'),
});

const Decide = z
  .strictObject({
    attendeeIds: Ids.min(1).max(100).describe('Members of the board, or who stands in for one.'),
    decisions: z
      .array(One)
      .min(1)
      .max(50)
      .refine((all) => new Set(all.map(({ approvalId }) => approvalId)).size === all.length, {
        message: 'names one twice',
      }),
  })
  .meta({ id: 'DecideMeeting' });

type Wish = z.output<typeof Decide>;

const Params = z.strictObject({ id: z.uuid() });

export function decideRoute(deps: SurfaceDeps): Route {
  return defineRoute({
    method: 'post',
    path: '/meetings/{id}/actions/decide',
    tag: meetings.tag,
    access: 'change:read',
    summary: 'Record what the meeting decided, and carry it to the rounds of approval.',
    description:
      'For the chair of the board, and who holds `board:manage`. Each is answered by itself. Repeating the ' +
      'call, also after a crash, decides nothing twice.',
    params: Params,
    body: Decide,
    reply: {
      status: 200,
      description: 'What became of each, in the order of the call.',
      body: z.object({
        data: z.array(z.object({ approvalId: z.uuid(), ...outcome })),
      }),
    },
    handle: async ({ actor, params, body, request }) => {
      const caller = { actor, request };
      const { recorded, boardRounds } = await record(deps, caller, params.id, body);
      // Of an engine that is away each call would wait in vain: the first to find out tells the others.
      const engine = { isAway: false };
      const limit = limitTo(atOnce);
      const settled = await Promise.allSettled(
        body.decisions.map((wish) =>
          limit(async (): Promise<Carried & { readonly approvalId: string }> => {
            const { approvalId, revision } = wish;
            const decision = recorded.get(approvalId);
            if (!decision) return { approvalId, ...notTheirs };
            const isWholly = boardRounds.get(approvalId)?.isWholly === true;
            const order = { meetingId: params.id, decision, revision, isWholly };
            return { approvalId, ...(await carry(deps, caller, order, engine)) };
          }),
        ),
      );
      return { body: { data: settled.map(valueOf) } };
    },
  });
}

/** Each holds a connection now and then, of those that other calls need, too. */
const atOnce = 4;

const notTheirs = {
  outcome: 'refused',
  code: 'not_found',
  detail: 'There is no such round of approval that asks this board.',
} as const;

/** What failed was recorded: the same call carries it out later. */
function valueOf<T>(one: PromiseSettledResult<T>): T {
  if (one.status === 'rejected') throw one.reason;
  return one.value;
}

type Rounds = Awaited<ReturnType<typeof roundsOf>>;

interface Recording {
  readonly recorded: ReadonlyMap<string, Recorded>;
  readonly boardRounds: Rounds;
}

/** All in one transaction with its line in the audit log. Throws what refuses it. */
function record(
  { database }: SurfaceDeps,
  { actor, request }: Caller,
  id: string,
  { attendeeIds, decisions }: Wish,
): Promise<Recording> {
  return database.inOrganization(actor.organizationId, async (tx) => {
    const meeting = await hold(tx, meetings, id, request.ifMatch);
    await refuseUnlessLeading(tx, actor, meeting.boardId);
    await refuseStrangers(tx, meeting, attendeeIds);
    const ids = decisions.map(({ approvalId }) => approvalId);
    const boardRounds = await roundsOf(tx, meeting.boardId, ids);
    const theirs = decisions
      .filter(({ approvalId }) => boardRounds.has(approvalId))
      .map((wish) => ({
        id: commandIdOf(id, actor.id, wish),
        approvalId: wish.approvalId,
        result: wish.result,
        comment: wish.comment ?? null,
        attendeeIds,
      }));
    const recorded = await recordDecisions(tx, id, actor.id, theirs);
    const fresh = recorded.filter(({ isNew }) => isNew);
    if (fresh.length > 0) await note(tx, { actor, request }, meeting, fresh);
    return { recorded: new Map(recorded.map((one) => [one.approvalId, one])), boardRounds };
  });
}

/** A repeat after the end is answered; what is new comes too late. */
async function note(
  tx: Tx,
  by: Caller,
  { id, name, state }: StoredMeeting,
  fresh: readonly Recorded[],
): Promise<void> {
  if (state === 'held') throw new Refusal('conflict', 'The meeting was held: it decides no more.');
  await recordAct(tx, doerOf(by), {
    action: 'meeting.decided',
    target: { type: 'meeting', id, name },
    after: {
      attendeeIds: fresh[0]?.attendeeIds ?? [],
      decisions: fresh.map(({ approvalId, result, comment }) => ({ approvalId, result, comment })),
    },
  });
}

async function refuseStrangers(
  tx: Tx,
  meeting: StoredMeeting,
  attendeeIds: readonly string[],
): Promise<void> {
  const index = await unknownAttendee(tx, meeting, attendeeIds);
  if (index === undefined) return;
  const detail = 'is no member of the board, and stands in for none';
  throw invalid(`/attendeeIds/${index}`, detail, 'not_found');
}

const namespace = '5d0c8a52-6b0f-5c0e-8f6b-2f6c0d9a7e14';

/**
 * The same for each repeat of what this person decided. The other result, and the same asked of another
 * revision, are other commands: they hear an answer of their own.
 */
function commandIdOf(meetingId: string, actorId: string, wish: Wish['decisions'][number]): string {
  const { approvalId, result, revision = 'any' } = wish;
  return uuidv5([meetingId, approvalId, actorId, result, revision].join('/'), namespace);
}
