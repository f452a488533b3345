/** Holidays of a calendar by themselves: listed, added, named and deleted. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import { manual, nameHolidays, type Holiday } from '../../models/holidays/rows';
import { Line } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { actOn, type Deed } from '../http/resource/act';
import { read } from '../http/resource/resource';
import { defineRoute, type HandlerInput, type Route } from '../http/route';
import { bumpRevision, HolidayItem, observed, writeHolidays, type Observed } from './observed';

const path = '/calendars/{id}/holidays';
const tag = 'Catalogue';
const access = 'calendar:manage';
const Params = z.strictObject({ id: z.uuid() });
const OneParams = z.strictObject({ id: z.uuid(), date: z.string() });

export function holidayRoutes(sources: ListSources): Route[] {
  return [listRoute(sources), addRoute(sources), nameRoute(sources), deleteRoute(sources)];
}

function listRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'get',
    path,
    tag,
    access: 'signedIn',
    summary: 'List the holidays of a calendar.',
    params: Params,
    reply: {
      status: 200,
      description: 'All of them, by date.',
      body: z.object({ data: z.array(HolidayItem) }).meta({ id: 'Holidays' }),
    },
    handle: async ({ actor, params: { id } }) => {
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        read(tx, observed, id),
      );
      return { body: { data: row.holidays }, revision: row.revision };
    },
  });
}

function addRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'post',
    path,
    tag,
    access,
    ifMatch: true,
    summary: 'Add a holiday to a calendar.',
    description: 'The calendar gets a new version; clocks that run go on by theirs.',
    params: Params,
    body: z
      .strictObject({ date: z.iso.date().describe('YYYY-MM-DD'), name: Line })
      .meta({ id: 'NewHoliday' }),
    reply: { status: 201, description: 'It is there.', body: HolidayItem },
    handle: async ({ body: { date, name }, ...input }) => {
      const row = await database.inOrganization(input.actor.organizationId, (tx) =>
        actOn(tx, observed, deedOf('holidayAdded', input), async (before) => {
          if (before.holidays.some((one) => one.date === date)) throw taken();
          const added = [{ date, name, source: manual }];
          await writeHolidays(tx, before, { added, pointer: '/date' });
        }),
      );
      return { body: holidayOf(row, date), revision: row.revision };
    },
  });
}

function nameRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'patch',
    path: `${path}/{date}`,
    tag,
    access,
    summary: 'Name a holiday.',
    description: 'The hours stay as they are, so the calendar keeps its version.',
    params: OneParams,
    body: z.strictObject({ name: Line }).meta({ id: 'NameHoliday' }),
    reply: { status: 200, description: 'It is named.', body: HolidayItem },
    handle: async ({ body: { name }, params, ...input }) => {
      const row = await database.inOrganization(input.actor.organizationId, (tx) =>
        actOn(tx, observed, deedOf('holidayNamed', { ...input, params }), async (before) => {
          const { date, source } = holidayOf(before, params.date);
          await nameHolidays(tx, before.id, [{ date, name, source }]);
          await bumpRevision(tx, before);
        }),
      );
      return { body: holidayOf(row, params.date), revision: row.revision };
    },
  });
}

function deleteRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'delete',
    path: `${path}/{date}`,
    tag,
    access,
    summary: 'Delete a holiday of a calendar.',
    description: 'The calendar gets a new version; clocks that run go on by theirs.',
    params: OneParams,
    reply: { status: 204, description: 'It is a usual day.' },
    handle: async (input) => {
      await database.inOrganization(input.actor.organizationId, (tx) =>
        actOn(tx, observed, deedOf('holidayDeleted', input), async (before) => {
          const { date } = holidayOf(before, input.params.date);
          await writeHolidays(tx, before, { added: [], removed: date, pointer: '/date' });
        }),
      );
      return {};
    },
  });
}

type Asked = Pick<
  HandlerInput<typeof access, typeof Params, z.ZodType, z.ZodType>,
  'actor' | 'params' | 'request'
>;

function deedOf(did: string, { actor, params: { id }, request }: Asked): Deed {
  return { did, id, actor, request, ifMatch: request.ifMatch };
}

/** Throws not_found. */
function holidayOf({ holidays }: Observed, date: string): Holiday {
  const found = holidays.find((one) => one.date === date);
  if (found === undefined) throw new Refusal('not_found', 'There is no such holiday.');
  return found;
}

function taken(): Refusal {
  const issue = { pointer: '/date', code: 'taken', detail: 'is a holiday already' };
  return new Refusal('conflict', 'The date is a holiday already.', { errors: [issue] });
}
