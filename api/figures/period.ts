/** The time that figures are about: half-open, and no longer than a statement should take. */
import { invalid } from '../../models/errors';
import { msOf, plusDays, toInstant, type Instant } from '../../models/instant';
import { Moment } from '../http/input/fields';

const longestDays = 1_100;
const usualDays = 31;

export interface Period {
  readonly from: Instant;
  readonly until: Instant;
}

export const periodFields = {
  from: Moment.optional().describe(`Default: ${usualDays} days before the end.`),
  until: Moment.optional().describe(
    `No longer in it; at most ${longestDays} days later. Default: a moment after now, so that now is in it.`,
  ),
};

/** Throws invalid_input. */
export function periodOf(
  given: { readonly from?: string | undefined; readonly until?: string | undefined },
  now: Instant,
): Period {
  const until = given.until === undefined ? toInstant(msOf(now) + 1) : instantOf(given.until);
  const from = given.from === undefined ? plusDays(until, -usualDays) : instantOf(given.from);
  if (until <= from) throw invalid('/query/until', 'must lie after the beginning');
  if (msOf(until) <= msOf(plusDays(from, longestDays))) return { from, until };
  throw invalid('/query/until', `is more than ${longestDays} days after the beginning`, 'too_big');
}

function instantOf(text: string): Instant {
  return toInstant(new Date(text));
}
