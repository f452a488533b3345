/** Why somebody got a ticket, in plain words: "least loaded of 4: 2 open against 3, 5, 7". */
import { countOf, hasRoom, loadOf } from './load';
import type { Candidate } from './shape';

/** A team narrowed down: to those with the skills, and of them to those who are there and have room. */
export interface Field {
  readonly candidates: readonly Candidate[];
  readonly able: readonly Candidate[];
  readonly free: readonly Candidate[];
}

export interface Ranking {
  readonly first: Candidate;
  /** In order of their load. */
  readonly others: readonly Candidate[];
  /** How many of them have as little to do as the first. */
  readonly alike: number;
}

const mostNamed = 8;

export function leastLoadedReason({ first, others, alike }: Ranking, field: Field): string {
  const isPlain = showsByCount(first, others);
  const shown = (one: Candidate, word: string) => {
    const count = `${tickets(one)}${word}`;
    return isPlain ? count : `${count} (weight ${loadOf(one.open)})`;
  };
  const against = others.slice(0, mostNamed).map((one) => shown(one, ''));
  const more = others.length > mostNamed ? ` and ${others.length - mostNamed} more` : '';
  const tie = alike > 0 ? `; of ${alike + 1} alike the longest waiting` : '';
  const figures = `${shown(first, ' open')} against ${against.join(', ')}${more}`;
  return `least loaded of ${field.free.length}: ${figures}${tie}${notAsked(field)}`;
}

export function nextInTurnReason({ lastAssignedAt }: Candidate, field: Field): string {
  const last = lastAssignedAt === null ? 'has had none yet' : `had the last one ${lastAssignedAt}`;
  return `next in turn of ${field.free.length}: ${last}${notAsked(field)}`;
}

export function onlyOneReason(first: Candidate, field: Field): string {
  return `the only one of ${field.candidates.length} who can take it: ${tickets(first)} open${notAsked(field)}`;
}

export function stickyReason(last: Candidate): string {
  return `had the last ticket of this requester: ${tickets(last)} open`;
}

/** Why nobody of those who could take it does: `2 at capacity, 1 absent`. */
export function whyNone(able: readonly Candidate[], free: readonly Candidate[]): string {
  const busy = able.filter((one) => !free.includes(one));
  const absent = busy.filter(({ isAbsent }) => isAbsent).length;
  const full = busy.filter((one) => !one.isAbsent && !hasRoom(one)).length;
  const parts = [
    ...(full > 0 ? [`${full} at capacity`] : []),
    ...(absent > 0 ? [`${absent} absent`] : []),
  ];
  return parts.join(', ');
}

function notAsked({ candidates, able, free }: Field): string {
  const unskilled = candidates.length - able.length;
  const busy = whyNone(able, free);
  const parts = [
    ...(busy === '' ? [] : [busy]),
    ...(unskilled > 0 ? [`${unskilled} without the skills`] : []),
  ];
  return parts.length === 0 ? '' : `; not asked: ${parts.join(', ')}`;
}

/** Whether the numbers of tickets alone show why the first one comes before the others. */
function showsByCount(first: Candidate, others: readonly Candidate[]): boolean {
  return others.every(
    ({ capacity, open }) => capacity === first.capacity && countOf(first.open) <= countOf(open),
  );
}

function tickets({ open, capacity }: Candidate): string {
  return capacity === null ? `${countOf(open)}` : `${countOf(open)} of ${capacity}`;
}
