/** Questions to a calendar, answered before it counts. Pure, and what one request may cost is bounded. */
import { invalid } from '../errors';
import { earliest, plusSeconds, type Instant } from '../instant';
import {
  addWorkingTime,
  isOpen,
  nextClose,
  nextOpen,
  nextStart,
  openingsIn,
  prevClose,
  workingSecondsBetween,
  type Calendar,
} from './calendar';
import { bounded } from './calendar/opening';
import { NeverOpen, tenYearsMs } from './calendar/walk';

export type Question =
  | { readonly kind: 'add'; readonly from: Instant; readonly workingSeconds: number }
  | { readonly kind: 'between'; readonly from: Instant; readonly to: Instant }
  | { readonly kind: 'isOpen'; readonly at: Instant }
  | { readonly kind: Edge; readonly at: Instant }
  | { readonly kind: 'intervals'; readonly from: Instant; readonly count: number };

export type Answer =
  | { readonly dueAt: Instant }
  | { readonly workingSeconds: number }
  | { readonly isOpen: boolean }
  | { readonly at: Instant | null }
  | { readonly intervals: readonly (readonly [Instant, Instant])[] };

/** Openings and closings: null when there is none in ten years. */
const edges = { nextOpen, nextStart, nextClose, prevClose } as const;
type Edge = keyof typeof edges;

const endOfTime: Instant = '9999-12-31T23:59:59.999Z';

/** Of all questions together: some centuries of one span a day, five years of 48. */
const mostOpenings = 100_000;
/** In all answers together. */
export const mostIntervals = 20_000;

/**
 * One answer to each question, in their order. Throws invalid_input with a pointer to the first question,
 * `/questions/3`, that has none: the calendar does not open any more, or it reaches too far.
 */
export function answersTo(calendar: Calendar, questions: readonly Question[]): Answer[] {
  const hours = bounded(calendar, mostOpenings);
  let listed = 0;
  return questions.map((question, index) => {
    const pointer = `/questions/${index}`;
    if (question.kind === 'intervals') listed += question.count;
    if (listed > mostIntervals)
      throw invalid(`${pointer}/count`, `makes more than ${mostIntervals} intervals`, 'too_big');
    return refusingUnanswerable(pointer, () => answerTo(hours, question));
  });
}

function answerTo(hours: Calendar, question: Question): Answer {
  switch (question.kind) {
    case 'add':
      return { dueAt: addWorkingTime(hours, question.from, question.workingSeconds) };
    case 'between':
      return { workingSeconds: workingSecondsBetween(hours, question.from, question.to) };
    case 'isOpen':
      return { isOpen: isOpen(hours, question.at) };
    case 'intervals':
      return { intervals: listIn(hours, question.from, question.count) };
    case 'nextOpen':
    case 'nextStart':
    case 'nextClose':
    case 'prevClose':
      return { at: edgeAt(hours, question) };
  }
}

function edgeAt(hours: Calendar, { kind, at }: { readonly kind: Edge; readonly at: Instant }) {
  try {
    return edges[kind](hours, at);
  } catch (error) {
    if (error instanceof NeverOpen) return null;
    throw error;
  }
}

/** Fewer than asked for where it does not open any more; what does not close is cut after ten years. */
function listIn(hours: Calendar, from: Instant, count: number): [Instant, Instant][] {
  return openingsIn(hours, from, endOfTime, count).map(([start, end]) => [
    start,
    earliest(end, plusSeconds(start, tenYearsMs / 1000)),
  ]);
}

function refusingUnanswerable(pointer: string, work: () => Answer): Answer {
  try {
    return work();
  } catch (error) {
    if (error instanceof NeverOpen)
      throw invalid(pointer, 'has no answer: the calendar does not open for ten years', 'never');
    if (error instanceof RangeError) throw invalid(pointer, 'reaches too far', 'too_big');
    throw error;
  }
}
