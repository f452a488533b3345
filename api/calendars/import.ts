/** Holidays of a country or a region of it, taken over as rows that can be edited; rehearsed first. */
import { z } from 'zod';
import { countries, holidayTypes, knownHolidays, type Day } from '../../models/holidays/known';
import { distinct } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { actOn } from '../http/resource/act';
import { hold } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { HolidayItem, observed, writeHolidays, type Observed } from './observed';

const tag = 'Catalogue';
const mostYears = 10;

const Named = z.object({ code: z.string(), name: z.string() });
const Countries = z
  .object({ data: z.array(Named.extend({ regions: z.array(Named) })) })
  .meta({ id: 'HolidayCountries' });

const Body = z
  .strictObject({
    country: z.string().max(10).describe('Its code: `DE`; see GET /holiday-countries.'),
    region: z.string().max(60).optional().describe('`BY`; absent: only what all of it celebrates.'),
    years: z
      .array(z.int().min(1970).max(2100))
      .min(1)
      .max(mostYears)
      .refine((years) => new Set(years).size === years.length, { message: 'names one twice' }),
    types: distinct(z.array(z.enum(holidayTypes)).min(1)).default(['public']),
    language: z
      .string()
      .regex(/^[a-z]{2}$/, 'is no language, as en')
      .optional()
      .describe('Of the names, where they are known in it; absent: that of the country.'),
    dryRun: z.boolean().default(true).describe('Only tells what would be added.'),
  })
  .meta({ id: 'ImportHolidays' });

const Reply = z
  .object({
    dryRun: z.boolean(),
    version: z.int().describe('Of the calendar, as it is now.'),
    added: z.array(HolidayItem),
    known: z.array(HolidayItem).describe('Were there already, and stay as they are.'),
    leftOut: z.array(
      z.object({
        date: z.iso.date(),
        name: z.string(),
        type: z.enum(holidayTypes),
        reason: z
          .enum(['type', 'partOfDay'])
          .describe('Of a type that was not asked for; or it leaves a part of the day open.'),
      }),
    ),
  })
  .meta({ id: 'HolidayImport' });

export function importRoutes(sources: ListSources): Route[] {
  return [countriesRoute(), importRoute(sources)];
}

function countriesRoute(): Route {
  return defineRoute({
    method: 'get',
    path: '/holiday-countries',
    tag,
    access: 'signedIn',
    summary: 'List the countries and regions whose holidays can be imported.',
    reply: { status: 200, description: 'All of them, by code.', body: Countries },
    handle: async () => ({ body: { data: await countries() } }),
  });
}

function importRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'post',
    path: '/calendars/{id}/holidays/actions/import',
    tag,
    access: 'calendar:manage',
    ifMatch: true,
    summary: 'Import the holidays of a country.',
    description:
      'Whole days only; what is left out is told. Dates that are holidays already stay as they are. All ' +
      'together make one new version of the calendar; clocks that run go on by theirs.',
    params: z.strictObject({ id: z.uuid() }),
    body: Body,
    reply: { status: 200, description: 'What was, or would be, added.', body: Reply },
    handle: async ({ actor, params: { id }, body: { dryRun, ...wanted }, request }) => {
      const { days, leftOut } = await knownHolidays(wanted);
      const source = [wanted.country, wanted.region].filter(Boolean).join('-');
      const { ifMatch } = request;
      return database.inOrganization(actor.organizationId, async (tx) => {
        const before = await hold(tx, observed, id, ifMatch);
        const { added, known } = comparedWith(before, days, source);
        const reply = { dryRun, added, known, leftOut };
        if (dryRun || added.length === 0)
          return { body: { ...reply, version: before.version }, revision: before.revision };
        const deed = { did: 'holidaysImported', id, actor, request, ifMatch };
        const after = await actOn(tx, observed, deed, (calendar) =>
          writeHolidays(tx, calendar, { added, pointer: '/years' }),
        );
        return { body: { ...reply, version: after.version }, revision: after.revision };
      });
    },
  });
}

function comparedWith({ holidays }: Observed, days: readonly Day[], source: string) {
  const there = new Map(holidays.map((holiday) => [holiday.date, holiday]));
  return {
    added: days.filter(({ date }) => !there.has(date)).map((day) => ({ ...day, source })),
    known: days.flatMap(({ date }) => there.get(date) ?? []),
  };
}
