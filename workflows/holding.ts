/** Holds as every process has them: why it waits, since when, and of a scheduled one until when. */
import { z } from 'zod';
import { invalid } from '../models/errors';
import { msOf, toInstant, type Instant } from '../models/instant';
import type { Fact } from '../models/tickets/fact';
import type { Next } from '../models/tickets/next';
import { say } from '../models/tickets/say';

export const holdReasons = ['customer', 'vendor', 'change', 'problem', 'scheduled'] as const;

const at = z.iso.datetime();
const text = z.string().trim().min(1).max(20_000);

/** As it stands in details, under `hold`. */
export const HoldShape = z
  .object({ reason: z.enum(holdReasons), until: at.nullable(), since: at })
  .nullable();

/** The input of `hold`; `id` is the name of the schema in OpenAPI. */
export function holdInput(id: string) {
  return z
    .discriminatedUnion('reason', [
      z.strictObject({ reason: z.literal('customer'), comment: text.optional() }),
      z.strictObject({ reason: z.literal('vendor') }),
      z.strictObject({ reason: z.literal('change') }),
      z.strictObject({ reason: z.literal('problem') }),
      z.strictObject({
        reason: z.literal('scheduled'),
        until: z.iso.datetime({ offset: true }),
      }),
    ])
    .meta({ id });
}
export type HoldInput = z.infer<ReturnType<typeof holdInput>>;

export interface Holding {
  readonly hold: z.infer<typeof HoldShape>;
}

const latestInstant: Instant = '9999-12-31T23:59:59.999Z';

/** Waits, from now or as before for another reason. The process declares `onHold` and the timer `holdUntil`. */
export function held<D extends Holding>(so: Next<D>, fact: Fact<HoldInput>): Next<D> {
  const { input, occurredAt } = fact;
  const until = input.reason === 'scheduled' ? future(input.until, occurredAt) : null;
  const since = so.ticket.details.hold?.since ?? occurredAt;
  const comment = input.reason === 'customer' ? input.comment : undefined;
  return keep(so.state('onHold'), { reason: input.reason, until, since })
    .unplan('holdUntil')
    .event('held', { reason: input.reason, until })
    .when(until !== null, (one) =>
      one.plan({ key: 'holdUntil', at: until ?? occurredAt, what: 'The hold ends.' }),
    )
    .when(comment !== undefined, (one) =>
      say(one, { ...fact, input: { body: comment ?? '', isPublic: true } }),
    );
}

/** Waits no longer. */
export function unheld<D extends Holding>(so: Next<D>): Next<D> {
  return keep(so, null).unplan('holdUntil');
}

function keep<D extends Holding>(so: Next<D>, hold: Holding['hold']): Next<D> {
  const patch: Partial<Holding> = { hold };
  return so.details(patch as Partial<D>);
}

/** An instant that lies ahead; 422 when it does not, or lies beyond the year 9999 in UTC. */
export function future(given: string, now: Instant): Instant {
  const until = new Date(given);
  if (until.getTime() > msOf(latestInstant)) throw invalid('/until', 'lies too far ahead');
  if (until.getTime() <= msOf(now)) throw invalid('/until', 'must lie in the future');
  return toInstant(until);
}
