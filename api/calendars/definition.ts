/** The hours of a calendar, as the API takes and shows them. */
import { CalendarInput } from '../../models/sla/calendar.schema';

export const Definition = CalendarInput.meta({ id: 'CalendarDefinition' });
