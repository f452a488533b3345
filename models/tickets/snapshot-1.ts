/** Snapshots of version 1: clocks knew per cents in place of ladders, and nobody kept who waits for whom. */
import { z } from 'zod';

const at = z.iso.datetime();

const ClockOfOld = z.object({
  id: z.string(),
  terms: z.object({
    policy: z.unknown(),
    calendar: z.unknown(),
    targetSeconds: z.number(),
  }),
  state: z.string(),
  startedAt: at,
  stoppedAt: at.nullable(),
  passed: z.array(z.object({ percent: z.number(), at, targetSeconds: z.number() })),
  breaches: z.array(z.object({ at, targetSeconds: z.number(), withdrawnAt: at.nullable() })),
});

const Old = z.looseObject({ clocks: z.array(z.looseObject(ClockOfOld.shape)) });

/** To version 2: each clock on the standard ladder, whose steps have the names of those per cents. */
export function clocksOfPolicies(stored: Readonly<Record<string, unknown>>) {
  const { clocks } = Old.parse(stored);
  const response = clocks.find(({ id }) => id === 'response');
  const answeredAt = response?.state === 'stopped' ? response.stoppedAt : null;
  return { ...stored, v: 2, answeredAt, unansweredSince: null, clocks: clocks.map(clockOf) };
}

function clockOf(clock: z.infer<typeof Old>['clocks'][number]) {
  const { policy, calendar, targetSeconds } = clock.terms;
  const { startedAt } = clock;
  return {
    ...clock,
    target: clock.id,
    teamId: null,
    terms: { policy, rule: null, calendar, targetSeconds, onChange: 'keepElapsed' },
    termsSince: startedAt,
    countsFrom: startedAt,
    former: [],
    passed: clock.passed.map(({ percent, ...one }) => {
      return { ...one, step: String(percent), time: 0, due: one.at };
    }),
    breaches: clock.breaches.map((one) => ({ ...one, due: one.at })),
  };
}
