/** Meetings of boards: planned, moved, held; what they decide is in `decide.ts`. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import { updateRow } from '../../../models/statement';
import { pageReply, pageSchema, readPage } from '../../http/list/page';
import { listQuery } from '../../http/list/query';
import { Moment } from '../../http/input/fields';
import { actOn } from '../../http/resource/act';
import { makeIn, read } from '../../http/resource/resource';
import { defineRoute, type Route } from '../../http/route';
import type { SurfaceDeps } from '../deps';
import { agendaOf, AgendaItem, mostOnAgenda } from './agenda';
import { decideRoute } from './decide';
import { decisionsOf, Decision } from './decisions';
import {
  input,
  Meeting,
  meetingListing,
  meetings,
  Minutes,
  presentMeeting,
  refuseHeld,
  refuseOutsider,
  refuseUnlessLeading,
  tellMembers,
  type StoredMeeting,
} from './resource';

export function meetingRoutes(deps: SurfaceDeps): Route[] {
  return [
    planRoute(deps),
    listRoute(deps),
    readRoute(deps),
    editRoute(deps),
    decideRoute(deps),
    holdRoute(deps),
  ];
}

const Params = z.strictObject({ id: z.uuid() });
const facts = { tag: meetings.tag, access: 'change:read', params: Params } as const;
const ofBoard = '/boards/{id}/meetings';
const leading = 'For the chair of the board, and who holds `board:manage`.';

function planRoute({ database }: SurfaceDeps): Route {
  return defineRoute({
    ...facts,
    method: 'post',
    path: ofBoard,
    summary: 'Plan a meeting of a board; its members are told.',
    description: leading,
    body: input.meta({ id: 'NewMeeting' }),
    reply: { status: 201, description: 'It is planned.', body: Meeting },
    handle: async ({ actor, params, body, request }) => {
      const id = request.commandId;
      const given = { ...body, boardId: params.id };
      const row = await database.inOrganization(actor.organizationId, async (tx) => {
        const made = await madeBefore(tx, id);
        if (made) return made;
        return makeIn(tx, meetings, { did: 'created', id, input: given, actor, request }, given);
      });
      const location = `/api/v1/meetings/${id}`;
      return { body: presentMeeting(row), revision: row.revision, location };
    },
  });
}

async function madeBefore(tx: Tx, id: string): Promise<StoredMeeting | undefined> {
  const [row] = await tx.rows<StoredMeeting>(
    `select ${meetings.select} from ${meetings.from} where m.organization_id = $1 and m.id = $2`,
    [tx.organizationId, id],
  );
  return row;
}

function listRoute({ database, secret }: SurfaceDeps): Route {
  return defineRoute({
    ...facts,
    method: 'get',
    path: ofBoard,
    summary: 'List meetings of a board, the last first.',
    description: 'For its members, and who sees all changes.',
    query: listQuery(meetingListing),
    reply: { status: 200, description: 'A page.', body: pageSchema(Meeting) },
    handle: async ({ actor, params, query }) => {
      const page = await database.inOrganization(actor.organizationId, async (tx) => {
        await refuseOutsider(tx, actor, params.id);
        const where = 'm.organization_id = $1 and m.board_id = $2::uuid';
        const source = { select: meetings.select, from: meetings.from, where };
        const context = { actor, secret, binds: [tx.organizationId, params.id] };
        return readPage<StoredMeeting>(tx, { listing: meetingListing, query, source, context });
      });
      return pageReply(page, presentMeeting);
    },
  });
}

function readRoute(deps: SurfaceDeps): Route {
  return defineRoute({
    ...facts,
    method: 'get',
    path: '/meetings/{id}',
    summary: 'Read a meeting with its agenda: the rounds of approval that wait for its board.',
    description: 'For members of the board, and who sees all changes.',
    reply: {
      status: 200,
      description: 'The meeting.',
      body: Meeting.extend({
        agenda: z
          .array(AgendaItem)
          .describe(
            `Of changes by their windows, at most ${mostOnAgenda}; empty once it was held.`,
          ),
        decisions: z.array(Decision).describe('In the order in which they were recorded.'),
      }).meta({ id: 'MeetingInFull' }),
    },
    handle: async ({ actor, params }) =>
      deps.database.inOrganization(actor.organizationId, async (tx) => {
        const row = await read(tx, meetings, params.id);
        await refuseOutsider(tx, actor, row.boardId);
        const agenda = row.state === 'held' ? [] : await agendaOf(tx, deps, actor, row.boardId);
        const decisions = await decisionsOf(tx, deps, actor, row.id);
        return { body: { ...presentMeeting(row), agenda, decisions }, revision: row.revision };
      }),
  });
}

const Edit = z
  .strictObject({ startsAt: Moment.optional(), minutes: Minutes.optional() })
  .refine((given) => Object.keys(given).length > 0, { message: 'give at least one field' })
  .meta({ id: 'EditMeeting' });

function editRoute({ database }: SurfaceDeps): Route {
  return defineRoute({
    ...facts,
    method: 'patch',
    path: '/meetings/{id}',
    summary: 'Move a meeting, or write its minutes; of a move its members are told.',
    description: leading,
    body: Edit,
    reply: { status: 200, description: 'It is edited.', body: Meeting },
    handle: async ({ actor, params: { id }, body, request }) => {
      const deed = { did: 'edited', id, actor, request, ifMatch: request.ifMatch };
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        actOn(tx, meetings, deed, async (before) => {
          await refuseUnlessLeading(tx, actor, before.boardId);
          refuseHeld(before);
          await write(tx, before, body);
          const after = await read(tx, meetings, id);
          if (Number(after.startsAt) !== Number(before.startsAt))
            await tellMembers(tx, after, { what: 'moved', actor, request });
        }),
      );
      return { body: presentMeeting(row), revision: row.revision };
    },
  });
}

function holdRoute({ database }: SurfaceDeps): Route {
  return defineRoute({
    ...facts,
    method: 'post',
    path: '/meetings/{id}/actions/hold',
    summary: 'The meeting is over: close it with its minutes.',
    description: leading,
    body: z.strictObject({ minutes: Minutes.min(1) }).meta({ id: 'HoldMeeting' }),
    reply: { status: 200, description: 'It is held, and stays as it is.', body: Meeting },
    handle: async ({ actor, params: { id }, body, request }) => {
      const deed = { did: 'held', id, actor, request, ifMatch: request.ifMatch };
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        actOn(tx, meetings, deed, async (before) => {
          await refuseUnlessLeading(tx, actor, before.boardId);
          refuseHeld(before);
          const heldAt = await tx.now();
          await write(tx, before, { minutes: body.minutes, state: 'held', heldAt });
        }),
      );
      return { body: presentMeeting(row), revision: row.revision };
    },
  });
}

type Fields = Readonly<Record<string, unknown>>;

function write(tx: Tx, { id, revision }: StoredMeeting, fields: Fields): Promise<void> {
  const key = { organizationId: tx.organizationId, id };
  return updateRow(tx, meetings.model, key, { ...fields, revision: revision + 1 });
}
