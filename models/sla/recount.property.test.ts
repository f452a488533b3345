import { env } from 'node:process';
import * as fc from 'fast-check';
import { z } from 'zod';
import { incidentProcess } from '../../tests/factories';
import { feedOf, led, lives, livesWithEdits, type Led } from '../../tests/sla-histories';
import { plusSeconds } from '../instant';
import { bareGround } from '../tickets/subject';
import { recounted, timelineOf } from '../tickets/timeline';
import { calendarOf } from './agreement';
import { isTaken, standingOf } from './agenda';
import { allHappened, type ClockEvent } from './clock/events';
import type { Clock } from './clock/shape';
import { figures } from './figures';

/** SOAK_RUNS=10000 for a long one. */
const runs = { numRuns: Number(env['SOAK_RUNS'] ?? 300) };

const clockEventsOf = (so: Led) =>
  feedOf(so).flatMap(({ data }) => z.custom<ClockEvent[]>().parse(data['clocks'] ?? []));

/** A clock without what only a ladder that is climbed leaves. */
const countedBy = (clock: Clock) => ({ ...clock, passed: [], breaches: [] });

/**
 * What it says. Only a ladder records a breach: one of before other terms and back is known to a clock that
 * lived, and not to one that is counted again.
 */
function saidBy(clock: Clock, { agreement, until }: Led) {
  const seen = { ...figures(clock, calendarOf(agreement, clock), until), breaches: [] };
  if (clock.former.length === 0) return seen;
  return { ...seen, breachedAt: null, breached: seen.percent >= 100 };
}

describe('the clocks of a ticket, whatever happens to it under whatever policies', () => {
  it('are a fold over its feed', () => {
    fc.assert(
      fc.property(livesWithEdits, (life) => {
        const so = led(life);
        expect(allHappened([], clockEventsOf(so))).toEqual(so.ticket.clocks);
      }),
      runs,
    );
  });

  it('are what policies make of how its feed says that it stood', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const so = led(life);
        const { ticket, agreement } = so;
        const timeline = timelineOf(incidentProcess, ticket, feedOf(so));
        const again = recounted(incidentProcess, timeline, {
          agreement,
          groundOf: () => bareGround,
        });
        expect(again.map(countedBy)).toEqual(ticket.clocks.map(countedBy));
        expect(again.map((clock) => saidBy(clock, so))).toEqual(
          ticket.clocks.map((clock) => saidBy(clock, so)),
        );
      }),
      runs,
    );
  });

  it('never count backwards, and are breached when, and only when, the target has elapsed', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(livesWithEdits, hours, (life, given) => {
        const { ticket, agreement, openedAt } = led(life);
        const instants = given
          .toSorted((a, b) => a - b)
          .map((n) => plusSeconds(openedAt, n * 3_600));
        for (const clock of ticket.clocks) {
          let elapsed = 0;
          for (const now of instants) {
            const seen = figures(clock, calendarOf(agreement, clock), now);
            expect(seen.elapsedSeconds).toBeGreaterThanOrEqual(elapsed);
            elapsed = seen.elapsedSeconds;
            if (seen.breached) expect(seen.percent).toBeGreaterThanOrEqual(100);
            const until = clock.stoppedAt !== null && clock.stoppedAt < now ? clock.stoppedAt : now;
            if (until >= clock.termsSince) expect(seen.breached).toBe(seen.percent >= 100);
            if (seen.state !== 'running' || seen.dueAt === null) continue;
            expect(seen.dueAt <= now).toBe(seen.percent >= 100);
          }
        }
      }),
      runs,
    );
  });

  it('have taken every step that was due, each once', () => {
    fc.assert(
      fc.property(livesWithEdits, (life) => {
        const so = led(life);
        const { ticket, agreement } = so;
        expect(ticket.agenda.filter(({ at }) => at <= so.until)).toEqual([]);
        const states = ticket.clocks.map(({ state }) => state);
        if (ticket.state === 'closed' || ticket.state === 'cancelled') {
          expect(states.filter((state) => state === 'running' || state === 'paused')).toEqual([]);
        }
        for (const clock of ticket.clocks) {
          const known = clock.passed.map(({ step, time, due, targetSeconds }) =>
            [step, time, due, targetSeconds].join(),
          );
          expect(new Set(known).size).toBe(known.length);
          if (clock.state !== 'running') continue;
          const { rungs } = standingOf(clock, agreement);
          const due = rungs.filter(({ happensAt }) => happensAt <= so.until);
          expect(due.filter((rung) => !isTaken(clock, rung))).toEqual([]);
        }
      }),
      runs,
    );
  });
});
