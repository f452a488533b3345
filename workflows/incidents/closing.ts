/** How a resolved incident comes to be closed by itself. */
import { plusDays, type Instant } from '../../models/instant';
import type { Next } from '../../models/tickets/next';
import type { IncidentDetails } from './details';

type Said = Next<IncidentDetails>;

export function closesAt(so: Said, at: Instant): Said {
  return so.plan({ key: 'autoClose', at, what: 'The incident closes by itself.' });
}

/** Its requester hears of it a day before. */
export function closesAnnounced(so: Said, at: Instant): Said {
  return closesAt(so, at).plan({
    key: 'autoCloseReminder',
    at: plusDays(at, -1),
    what: 'The requester is reminded that it will be closed.',
  });
}
