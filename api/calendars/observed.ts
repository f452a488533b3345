/** A calendar with its holidays by name, and how they are changed: the dates in a version, the names beside. */
import { z } from 'zod';
import type { Tx } from '../../models/database';
import { invalid } from '../../models/errors';
import { holidaysSql, nameHolidays, type Holiday } from '../../models/holidays/rows';
import { opensAfter } from '../../models/sla/calendar.schema';
import type { Resource } from '../http/resource/resource';
import { calendars, writeVersion, type CalendarItem } from './resource';

export const HolidayItem = z
  .object({
    date: z.iso.date(),
    name: z.string().nullable().describe('null: nobody has named it.'),
    source: z.string().describe('`manual`, or the country and region it was imported for.'),
  })
  .meta({ id: 'Holiday' });

export type Observed = CalendarItem & { readonly holidays: Holiday[] };

/** As calendars are, so that the audit log tells of the holidays by name. */
export const observed: Resource<Observed> = {
  ...calendars,
  select: `${calendars.select}, ${holidaysSql} as holidays`,
  present: ({ holidays, ...calendar }, actor) => {
    return { ...calendars.present(calendar, actor), holidays };
  },
};

const most = 1_000;

interface Changed {
  readonly added: readonly {
    readonly date: string;
    readonly name: string;
    readonly source: string;
  }[];
  readonly removed?: string;
  /** Of what is to blame when that cannot be. */
  readonly pointer: string;
}

/** Writes a new version of a calendar that is locked, with its holidays changed. Throws invalid_input. */
export async function writeHolidays(
  tx: Tx,
  calendar: Observed,
  { added, removed, pointer }: Changed,
): Promise<void> {
  const stay = calendar.holidays.map(({ date }) => date).filter((date) => date !== removed);
  const holidays = [...stay, ...added.map(({ date }) => date)].sort();
  if (holidays.length > most) throw invalid(pointer, `makes more than ${most} holidays`, 'too_big');
  const definition = { ...calendar.definition, holidays };
  if (!opensAfter(definition, await tx.now()))
    throw invalid(pointer, 'leaves no opening hours in ten years', 'empty');
  await writeVersion(tx, calendar.id, definition);
  await nameHolidays(tx, calendar.id, added);
  await bumpRevision(tx, calendar);
}

export async function bumpRevision(tx: Tx, { id, revision }: Observed): Promise<void> {
  await tx.rows(
    'update business_calendars set revision = $3 where organization_id = $1 and id = $2',
    [tx.organizationId, id, revision + 1],
  );
}
