/** Which steps of a clock were taken. */
import type { Clock, Passed } from './shape';

/** The taking of a step, known by when the present target reached it; undefined: not yet. */
export function passing(
  clock: Clock,
  { step, time, due }: Pick<Passed, 'step' | 'time' | 'due'>,
): Passed | undefined {
  const { targetSeconds } = clock.terms;
  return clock.passed.find((one) => isSame(one, { step, time, due, targetSeconds }));
}

export function isAmong(passed: readonly Passed[], wanted: Passed): boolean {
  return passed.some((one) => isSame(one, wanted));
}

function isSame(a: Omit<Passed, 'at'>, b: Omit<Passed, 'at'>): boolean {
  return (
    a.step === b.step && a.time === b.time && a.due === b.due && a.targetSeconds === b.targetSeconds
  );
}
