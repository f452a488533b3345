/** The change calendar: what is changed when, what is frozen, when maintenance is open; as JSON and iCalendar. */
import { z } from 'zod';
import { riskLevels } from '../../models/changes/risk';
import { invalid } from '../../models/errors';
import { msOf, plusDays, toInstant, type Instant } from '../../models/instant';
import type { Actor } from '../../models/users/actor';
import { kinds } from '../../workflows/changes/inputs';
import { Moment } from '../http/input/fields';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import { viewerOf } from '../tickets/sight';
import { entriesIn, mostEntries, type Asked, type Entries } from './entries';
import { icalendarOf } from './icalendar';
import type { SurfaceDeps } from './deps';
import { Window } from './window';

const longestDays = 400;
/** Where nothing is said: what was of late, and a year from now. */
const usual = { before: 31, after: 366 };

const query = z.strictObject({
  from: Moment.optional().describe(`Default: ${usual.before} days ago.`),
  until: Moment.optional().describe(
    `At most ${longestDays} days later. Default: ${usual.before + usual.after} days later.`,
  ),
  serviceId: z.uuid().optional().describe('Only what touches this service.'),
});

const common = { id: z.uuid(), window: Window, services: z.array(Reference) };

const Calendar = z
  .object({
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    changes: z.array(
      z.object({
        ...common,
        number: z.string(),
        title: z.string(),
        state: z.string(),
        kind: z.enum(kinds),
        riskLevel: z.enum(riskLevels).nullable().describe('null: not assessed.'),
        updatedAt: z.iso.datetime(),
      }),
    ),
    freezes: z
      .array(
        z.object({
          ...common,
          name: z.string(),
          reason: z.string(),
          updatedAt: z.iso.datetime(),
        }),
      )
      .describe('Without services: everything is frozen.'),
    maintenance: z
      .array(z.object({ ...common, name: z.string(), updatedAt: z.iso.datetime() }))
      .describe('Each opening by itself, cut at the ends of what was asked for.'),
  })
  .meta({ id: 'ChangeCalendar' });

export function calendarRoutes(deps: SurfaceDeps): Route[] {
  const facts = { method: 'get', tag: 'Change', access: 'change:read', query } as const;
  const limits = `Changes that I may see. At most ${mostEntries} entries.`;
  return [
    defineRoute({
      ...facts,
      path: '/change-calendar',
      summary: 'What is changed when, what is frozen, when maintenance is open.',
      description: limits,
      reply: { status: 200, description: 'Each kind by its beginning.', body: Calendar },
      handle: async ({ actor, query: given }) => {
        const { asked, entries } = await read(deps, actor, given);
        const { start: from, end: until } = asked.window;
        return { body: Calendar.parse({ from, until, ...entries }) };
      },
    }),
    defineRoute({
      ...facts,
      path: '/change-calendar.ics',
      summary: 'The same as iCalendar, for calendar programs that send an API token.',
      description: limits,
      reply: {
        status: 200,
        description: 'RFC 5545.',
        media: 'text/calendar; charset=utf-8',
      },
      handle: async ({ actor, query: given }) => {
        const { asked, entries } = await read(deps, actor, given);
        const text = icalendarOf(entries, asked.window);
        return { stream: (write) => write(text) };
      },
    }),
  ];
}

async function read(
  { database, change }: SurfaceDeps,
  actor: Actor,
  given: z.output<typeof query>,
): Promise<{ readonly asked: Asked; readonly entries: Entries }> {
  return database.inOrganization(actor.organizationId, async (tx) => {
    const asked = { window: windowOf(given, await tx.now()), serviceId: given.serviceId };
    return { asked, entries: await entriesIn(tx, viewerOf(change, actor), asked) };
  });
}

/** Throws invalid_input. */
function windowOf({ from, until }: z.output<typeof query>, now: Instant): Asked['window'] {
  const start = from === undefined ? plusDays(now, -usual.before) : instantOf(from);
  const end = until === undefined ? plusDays(start, usual.before + usual.after) : instantOf(until);
  if (end <= start) throw invalid('/query/until', 'must lie after the beginning');
  if (msOf(end) <= msOf(plusDays(start, longestDays))) return { start, end };
  throw invalid('/query/until', `is more than ${longestDays} days after the beginning`, 'too_big');
}

function instantOf(text: string): Instant {
  return toInstant(new Date(text));
}
