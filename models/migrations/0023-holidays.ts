/** What the holidays of calendars are called, and where they come from. */
import { walled } from './walls';

export const holidays = `
-- Which dates are holidays is said by the versions of a calendar alone; a row here adds the words. So a
-- date without a row has no name yet, and a row whose date is no holiday any more says nothing.
create table calendar_holidays (
  organization_id uuid not null,
  calendar_id uuid not null,
  -- YYYY-MM-DD, as in the definition.
  date text not null,
  name text not null,
  -- 'manual', or the country and region it was imported for: DE-BY.
  source text not null,
  primary key (organization_id, calendar_id, date),
  foreign key (organization_id, calendar_id)
    references business_calendars (organization_id, id) on delete cascade
);
${walled('calendar_holidays')}`;
