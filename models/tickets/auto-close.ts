/** What is resolved closes by itself unless somebody objects. */
import { plusDays, type Instant } from '../instant';
import type { Next } from './next';

/** Whatever is planned here is taken off with `unplan(...autoCloseKeys)`. */
export const autoCloseKeys = ['autoClose', 'autoCloseReminder'] as const;

/** `title` is what it is: `incident`. */
interface Close {
  readonly at: Instant;
  readonly title: string;
}

export function closesAt<D>(so: Next<D>, { at, title }: Close): Next<D> {
  return so.plan({ key: 'autoClose', at, what: `The ${title} closes by itself.` });
}

/** Its requester hears of it a day before. */
export function closesAnnounced<D>(so: Next<D>, close: Close): Next<D> {
  return closesAt(so, close).plan({
    key: 'autoCloseReminder',
    at: plusDays(close.at, -1),
    what: 'The requester is reminded that it will be closed.',
  });
}

/** After days of 24 hours; announced where there is more than one. */
export function closesAfter<D>(
  so: Next<D>,
  days: number,
  { at, title }: { readonly at: Instant; readonly title: string },
): Next<D> {
  const close = { at: plusDays(at, days), title };
  return days > 1 ? closesAnnounced(so, close) : closesAt(so, close);
}
