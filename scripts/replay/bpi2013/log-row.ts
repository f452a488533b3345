/** The incident log of Volvo IT (BPI Challenge 2013) with its four columns: read, checked, put in order. */
import { z } from 'zod';
import { byTicket, millisecondsOf, readRecords, wordOf, type Kept, type LogRow } from '../log-row';
import { incidents } from '../incidents';
import { caller, codeOfForeign, placeOfForeign, teams } from './mapping';

const Cells = z.object({
  caseid: z.string().min(1),
  /** Status and sub-status. */
  task: z.string(),
  /** First name of who did it. */
  user: z.string().min(1),
  end_timestamp: z.string(),
});
type Event = z.infer<typeof Cells> & { readonly line: number; readonly ticket: string };

export const bpi2013 = { organization: 'replay-bpi2013', read: readLog, telling: incidents };

/** Rows in the order of their time stamps, equal ones as in the file; throws naming the bad row. */
export function readLog(text: string): LogRow[] {
  const events = readRecords(text, Cells).map(({ line, cells }) => ({
    ...{ ...cells, line, ticket: cells.caseid },
  }));
  return [...byTicket(events).values()].flatMap(rowsOf).sort(byTime);
}

function byTime(one: LogRow, other: LogRow): number {
  return one.at - other.at || one.line - other.line;
}

/** All rows of one ticket; who has it follows from what was done before and who acts next. */
function rowsOf(events: readonly Event[]): LogRow[] {
  let holder: Holder = { team: teams.queue, assignee: null };
  return events.map((event, index) => {
    holder = holderAfter(holder, event, events[index + 1]);
    return rowOf(event, holder);
  });
}

type Holder = Pick<Kept, 'team' | 'assignee'>;

function holderAfter(before: Holder, { task, user }: Event, next: Event | undefined): Holder {
  if (task.startsWith('Queued+')) return { team: teams.queue, assignee: null };
  // The log says that it was given to somebody, not to whom: whoever acts next has it.
  if (task === 'Accepted+Assigned') return { team: teams.desk, assignee: next?.user ?? user };
  return task.startsWith('Accepted+') ? { team: teams.desk, assignee: user } : before;
}

function rowOf({ line, ticket, task, user, end_timestamp: at }: Event, holder: Holder): LogRow {
  return {
    line,
    ticket,
    at: instantOf(at, line),
    author: user,
    place: wordOf(placeOfForeign, task, line),
    kept: { state: task, ...holder, impact: null, urgency: null, priority: null, category: null },
    opening: { caller, service: null, isMajor: false },
    resolution: { code: codeOfForeign[task] ?? null, by: user },
    cells: { task },
  };
}

/** `YYYY-MM-DDTHH:MM:SS`, read as UTC. */
function instantOf(text: string, line: number): number {
  const at = millisecondsOf(`${text}.000Z`);
  if (at !== undefined) return at;
  throw new Error(`Row ${line} of the log: "${text}" is not a time YYYY-MM-DDTHH:MM:SS.`);
}
