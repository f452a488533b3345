/** What the explanation of a clock looks like. */
import { z } from 'zod';
import { ClockFigures } from '../record';

const at = z.iso.datetime();

const Fact = z
  .object({
    type: z.string(),
    at,
    actor: z.object({
      kind: z.enum(['person', 'system']),
      id: z.uuid().nullable(),
      name: z.string(),
    }),
    reason: z.string().nullable(),
  })
  .meta({ id: 'LedgerFact' });

const by = Fact.nullable().describe('The line of the feed; null: none, or not for this reader.');

const Because = z.discriminatedUnion('rule', [
  z.object({
    rule: z.enum(['weekly', 'override', 'holiday', 'yearlyHoliday', 'break', 'closure', 'closed']),
    day: z.iso.date().describe('Local, on the calendar.'),
  }),
  z.object({
    rule: z.literal('month').describe('Of a clock that has too many days to tell one by one.'),
    month: z.string(),
  }),
  z.object({
    rule: z.literal('pause'),
    why: z.string().nullable().describe('The condition that held; null: not for this reader.'),
    by,
  }),
  z.object({ rule: z.literal('otherTeam'), by }),
  z.object({ rule: z.literal('stopped').describe('Until it was reopened.'), by }),
  z.object({ rule: z.literal('restarted').describe('Counted from the start again.'), by }),
]);

const Entry = z
  .object({
    from: at,
    to: at,
    isCounted: z.boolean(),
    seconds: z.number().describe('To the millisecond.'),
    because: Because,
  })
  .meta({ id: 'LedgerEntry' });

const Version = z.object({ id: z.uuid(), version: z.int(), name: z.string() });

const Terms = z.object({
  policy: Version.extend({ rule: z.string().nullable() })
    .nullable()
    .describe('null: not for this reader.'),
  calendar: Version,
  targetSeconds: z.number(),
  onChange: z.enum(['keepElapsed', 'restart']),
  since: at,
  until: at.nullable().describe('null: they hold.'),
});

export const Explanation = z
  .object({
    asOf: at,
    clock: ClockFigures,
    startedAt: at,
    elapsedSeconds: z.number().describe('To the millisecond: the sum of what is counted.'),
    promise: Terms.extend({ former: z.array(Terms) }),
    entries: z.array(Entry),
  })
  .meta({ id: 'ClockExplanation' });
