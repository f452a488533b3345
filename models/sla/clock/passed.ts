/** Which thresholds of a clock were acted on. */
import type { Instant } from '../../instant';
import type { Clock, Passed } from './shape';

/** Whether the threshold was acted on at this very instant, by the present target. */
export function hasPassed(clock: Clock, percent: number, at: Instant): boolean {
  return isAmong(clock.passed, { percent, at, targetSeconds: clock.terms.targetSeconds });
}

export function isAmong(
  passed: readonly Passed[],
  { percent, at, targetSeconds }: Passed,
): boolean {
  return passed.some(
    (one) => one.percent === percent && one.at === at && one.targetSeconds === targetSeconds,
  );
}
