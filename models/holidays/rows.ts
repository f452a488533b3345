/** Holidays of a calendar: the dates of its newest version with the words about them. */
import type { Tx } from '../database';

export interface Holiday {
  readonly date: string;
  /** null: nobody has named it. */
  readonly name: string | null;
  /** `manual`, or the country and region it was imported for. */
  readonly source: string;
}

export const manual = 'manual';

/** Select expression of them, ascending, behind the alias `b` of the calendar and `v` of its version. */
export const holidaysSql = `coalesce((
  select jsonb_agg(jsonb_build_object('date', d.date, 'name', h.name,
                                      'source', coalesce(h.source, '${manual}')) order by d.date)
    from (select distinct jsonb_array_elements_text(v.definition->'holidays') as date) d
    left join calendar_holidays h
      on h.organization_id = b.organization_id and h.calendar_id = b.id and h.date = d.date), '[]')`;

/** Makes these the words about their dates. */
export async function nameHolidays(
  tx: Tx,
  calendarId: string,
  named: readonly { readonly date: string; readonly name: string; readonly source: string }[],
): Promise<void> {
  await tx.rows(
    `insert into calendar_holidays (organization_id, calendar_id, date, name, source)
     select $1, $2, date, name, source
       from jsonb_to_recordset($3::jsonb) as given (date text, name text, source text)
     on conflict (organization_id, calendar_id, date)
       do update set name = excluded.name, source = excluded.source`,
    [tx.organizationId, calendarId, JSON.stringify(named)],
  );
}

/** Forgets the words about dates that are no holidays of it any more. */
export async function forgetOthers(
  tx: Tx,
  calendarId: string,
  holidays: readonly string[],
): Promise<void> {
  await tx.rows(
    `delete from calendar_holidays
      where organization_id = $1 and calendar_id = $2 and date <> all ($3::text[])`,
    [tx.organizationId, calendarId, holidays],
  );
}
