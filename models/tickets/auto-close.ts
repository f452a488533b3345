/** What is resolved closes by itself unless somebody objects. */
import { plusDays, type Instant } from '../instant';
import type { Next } from './next';

/** Whatever is planned by this is taken off with `unplan(...autoCloseKeys)`. */
export const autoCloseKeys = ['autoClose', 'autoCloseReminder'] as const;

/** `days` are days of 24 hours; of more than one, the requester is reminded on the last. */
export function closesByItself<D>(
  so: Next<D>,
  { at, days, title }: { readonly at: Instant; readonly days: number; readonly title: string },
): Next<D> {
  const closesAt = plusDays(at, days);
  return so
    .plan({ key: 'autoClose', at: closesAt, what: `The ${title} closes by itself.` })
    .when(days > 1, (one) =>
      one.plan({
        key: 'autoCloseReminder',
        at: plusDays(closesAt, -1),
        what: 'The requester is reminded that it will be closed.',
      }),
    );
}
