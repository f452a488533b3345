/** The closed problems of Volvo IT (BPI Challenge 2013) with their twelve columns: read, checked, put in order. */
import { z } from 'zod';
import { byTicket, millisecondsOf, readRecords, wordOf, type Kept, type LogRow } from '../log-row';
import { isFinal, type Place } from '../place';
import { isWork } from '../problems/place';
import { problems } from '../problems/telling';
import { codeOfForeign, levelOfForeign, placeOfForeign } from './mapping';

const cell = z.string();
const Cells = z.object({
  'case:concept:name': cell.min(1),
  'concept:name': cell,
  'lifecycle:transition': cell,
  'time:timestamp': cell,
  /** First name of who did it. */
  'org:resource': cell.min(1),
  /** Support team. */
  'organization involved': cell.min(1),
  'org:group': cell,
  'org:role': cell,
  'organization country': cell,
  'resource country': cell,
  impact: cell,
  product: cell.min(1),
});
interface Event {
  readonly line: number;
  readonly ticket: string;
  readonly task: string;
  readonly user: string;
  readonly cells: z.infer<typeof Cells>;
}

export const bpi2013Problems = {
  organization: 'replay-bpi2013-problems',
  read: readLog,
  telling: problems,
};

/** Rows in the order of their time stamps, equal ones as in the file; throws naming the bad row. */
export function readLog(text: string): LogRow[] {
  const events = readRecords(text, Cells).map(({ line, cells }) => ({
    ...{ line, cells, ticket: cells['case:concept:name'], user: cells['org:resource'] },
    task: `${cells['concept:name']}+${cells['lifecycle:transition']}`,
  }));
  return [...byTicket(events).values()].flatMap(rowsOf).sort(byTime);
}

function byTime(one: LogRow, other: LogRow): number {
  return one.at - other.at || one.line - other.line;
}

/** How a problem stands before a row: what is done, and who has it. */
interface Standing extends Pick<Kept, 'team' | 'assignee'> {
  readonly work: Place;
}

/** All rows of one problem: where some leave it depends on those before, and on whether one comes after. */
function rowsOf(events: readonly Event[]): LogRow[] {
  let standing: Standing = { work: 'logged', team: null, assignee: null };
  return events.map((event, index) => {
    const next = events[index + 1];
    const place = placeOf(event, standing, next);
    standing = { ...holderAfter(standing, event, next), work: workAfter(standing, place) };
    return rowOf(event, place, standing);
  });
}

function placeOf({ task, line }: Event, { work }: Standing, next: Event | undefined) {
  const place = wordOf(placeOfForeign, task, line);
  if (place === 'stays') return work;
  if (place === 'same') return place;
  // Before anybody has begun, a queue is no other place.
  if (place === 'queued') return work === 'logged' ? work : place;
  // An end that the log goes on from is one that is still watched.
  return isFinal(place) && next !== undefined ? 'resolved' : place;
}

function workAfter({ work }: Standing, place: Place | 'same'): Place {
  if (place === 'resolved') return 'investigating';
  return place !== 'same' && isWork(place) ? place : work;
}

function holderAfter(before: Standing, { task, user, cells }: Event, next: Event | undefined) {
  const team = cells['organization involved'];
  if (task.startsWith('Queued+')) return { team, assignee: null };
  // The log says that it was given to somebody, not to whom: whoever acts next has it.
  if (task === 'Accepted+Assigned') return { team, assignee: next?.user ?? user };
  return task.startsWith('Accepted+') ? { team, assignee: user } : before;
}

function rowOf(event: Event, place: Place | 'same', { team, assignee }: Standing): LogRow {
  const { line, ticket, task } = event;
  const { 'org:resource': user, 'time:timestamp': at, ...cells } = event.cells;
  const { impact, product } = cells;
  return {
    ...{ line, ticket, place, author: user, cells },
    at: instantOf(at, line),
    kept: {
      ...{ state: task, team, assignee, urgency: null, priority: null, category: null },
      impact: wordOf(levelOfForeign, impact, line),
    },
    opening: { caller: null, service: product, isMajor: impact === 'Major' },
    resolution: { code: codeOfForeign[task] ?? null, by: user },
  };
}

/** `YYYY-MM-DD HH:MM:SS+00:00`. */
function instantOf(text: string, line: number): number {
  const at = millisecondsOf(text.replace(' ', 'T').replace(/\+00:00$/, '.000Z'));
  if (at !== undefined) return at;
  throw new Error(`Row ${line} of the log: "${text}" is not a time YYYY-MM-DD HH:MM:SS+00:00.`);
}
