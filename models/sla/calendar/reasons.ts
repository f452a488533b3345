/** Why time is worked or not: a stretch of real time cut up by the rule of the calendar that decided it. */
import { msOf, toInstant, type Instant } from '../../instant';
import { onDay, openingOf } from './opening';
import { dateOf, hoursOf, type DayRule, type Rules } from './rules';
import type { Calendar } from './shape';
import type { Stretch } from './stretch';
import { dayMs } from './wall-time';

/**
 * `weekly` and `override`: worked by these hours. `holiday`, `yearlyHoliday`, and `override` that is not
 * worked: the date has no hours then. `break` and `closure`: would be worked otherwise. `closed`: the
 * weekly hours say nothing of it.
 */
export type Reason = DayRule | 'break' | 'closure' | 'closed';

export interface Segment {
  readonly from: Instant;
  readonly to: Instant;
  readonly isWorked: boolean;
  readonly rule: Reason;
  /** `YYYY-MM-DD`, local. What is worked past midnight belongs to the day on which it opened. */
  readonly day: string;
}

/**
 * The whole of [from, to) in segments that touch, the first first; neighbours differ in day, rule or
 * worked. At most `most`: where the last one ends before `to`, ask again from there. None when `to` is not
 * after `from`.
 */
export function segmentsOf(
  calendar: Calendar,
  from: Instant,
  to: Instant,
  most: number,
): Segment[] {
  const { rules } = openingOf(calendar);
  const frame: Stretch = [msOf(from), msOf(to)];
  const found: Cut[] = [];
  // A local day begins up to 15 hours before that of UTC.
  for (let day = Math.floor(frame[0] / dayMs) - 1; day * dayMs < frame[1] + dayMs; day += 1) {
    for (const cut of cutsOf(day, frame, rules)) join(found, cut);
    if (found.length > most) break;
  }
  return found.slice(0, most).map(({ from: start, to: end, isWorked, rule, day }) => {
    return { from: toInstant(start), to: toInstant(end), isWorked, rule, day: dateOf(day) };
  });
}

interface Verdict {
  readonly isWorked: boolean;
  readonly rule: Reason;
  readonly day: number;
}

interface Cut extends Verdict {
  readonly from: number;
  readonly to: number;
}

function join(found: Cut[], cut: Cut): void {
  const last = found.at(-1);
  const isSame = last?.day === cut.day && last.rule === cut.rule && last.isWorked === cut.isWorked;
  if (last !== undefined && isSame) found[found.length - 1] = { ...last, to: cut.to };
  else found.push(cut);
}

/** What of a local day, by its number, lies in the frame: from edge to edge of everything that has a say. */
function cutsOf(day: number, frame: Stretch, rules: Rules): Cut[] {
  const from = Math.max(frame[0], rules.clock(day * dayMs));
  const to = Math.min(frame[1], rules.clock((day + 1) * dayMs));
  // Some zones have skipped a day.
  if (from >= to) return [];
  const ground = groundOf(day, [from, to], rules);
  const edges = [ground.worked, ground.breaks, ground.closures]
    .flatMap((stretches) => stretches.flatMap(({ stretch }) => stretch))
    .filter((edge) => from < edge && edge < to);
  const cuts = [...new Set([from, ...edges, to])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, index) => {
    return { from: start, to: cuts[index + 1] ?? to, ...verdictOn(start, ground) };
  });
}

interface Held {
  readonly stretch: Stretch;
}

interface HeldOfDay extends Held {
  readonly day: number;
}

interface HeldByHours extends HeldOfDay {
  readonly rule: DayRule;
}

/** Everything that has a say in a local day; what belongs to a later day comes first. */
interface Ground {
  readonly day: number;
  /** Of the date itself. */
  readonly rule: DayRule;
  readonly worked: readonly HeldByHours[];
  readonly breaks: readonly HeldOfDay[];
  readonly closures: readonly Held[];
}

function groundOf(day: number, [from, to]: Stretch, rules: Rules): Ground {
  // A span may end almost two days after its midnight.
  const days = [day, day - 1, day - 2].map((number) => ({ number, date: dateOf(number) }));
  const worked = days.flatMap(({ number, date }) => {
    const { rule, spans } = hoursOf(number, date, rules);
    return onDay(number, spans, rules.clock).map((stretch) => ({ stretch, rule, day: number }));
  });
  const breaks = days.flatMap(({ number, date }) =>
    onDay(number, rules.breaks.get(date) ?? [], rules.clock).map((stretch) => {
      return { stretch, day: number };
    }),
  );
  const closures = rules.closures
    .filter(([begin, end]) => begin < to && from < end)
    .map((stretch) => ({ stretch }));
  return { day, rule: hoursOf(day, dateOf(day), rules).rule, worked, breaks, closures };
}

function verdictOn(ms: number, { day, rule, worked, breaks, closures }: Ground): Verdict {
  const holds = ({ stretch: [from, to] }: Held) => from <= ms && ms < to;
  const hours = worked.find(holds);
  if (hours === undefined)
    return { isWorked: false, rule: rule === 'weekly' ? 'closed' : rule, day };
  if (closures.some(holds)) return { isWorked: false, rule: 'closure', day };
  const pause = breaks.find(holds);
  if (pause !== undefined) return { isWorked: false, rule: 'break', day: pause.day };
  return { isWorked: true, rule: hours.rule, day: hours.day };
}
