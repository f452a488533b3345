/** The lists that views are of, and a saved query as one of them reads it. */
import type { Process } from '../../models/tickets/rules';
import { Refusal, type InputIssue } from '../../models/errors';
import { listQuery, type ListQuery } from '../http/list/query';
import { everyTicketList, ticketListOf, type TicketList } from '../tickets/list';
import { everyType, type Saved } from './shape';

/** A list with the reader of its queries. */
export interface ViewList extends TicketList {
  readonly read: (saved: Saved) => QueryRead;
}

export type QueryRead =
  | { readonly ok: true; readonly query: ListQuery }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

export type ViewLists = ReadonlyMap<string, ViewList>;

export function viewListsOf(processes: readonly Process[]): ViewLists {
  return new Map([
    [everyType, readable(everyTicketList(processes))],
    ...processes.map((process): [string, ViewList] => [
      process.declaration.type,
      readable(ticketListOf(process)),
    ]),
  ]);
}

/** Undefined: there is no such list any more, or the list does not have any more what the query names. */
export function queryOf(lists: ViewLists, saved: Saved): ListQuery | undefined {
  const read = lists.get(saved.ticketType)?.read(saved);
  return read?.ok === true ? read.query : undefined;
}

/** Throws invalid_input with a pointer to each part that the list does not take. */
export function refuseUnreadable(lists: ViewLists, saved: Saved): void {
  const read = lists.get(saved.ticketType)?.read(saved);
  if (read === undefined || read.ok) return;
  const detail = 'The list does not take this query.';
  throw new Refusal('invalid_input', detail, { errors: read.issues });
}

/** The very schema of the list's own route. */
function readable(list: TicketList): ViewList {
  const schema = listQuery(list.listing);
  return {
    ...list,
    read: ({ filter, sort, fields }) => {
      const read = schema.safeParse({
        ...(filter !== null && { q: filter }),
        ...(sort !== null && { sort }),
        ...(fields !== null && { fields: fields.join(',') }),
      });
      if (read.success) return { ok: true, query: read.data };
      return { ok: false, issues: read.error.issues.map(issueOf) };
    },
  };
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issueOf(issue: Issue & { readonly params?: unknown }): InputIssue {
  const [parameter] = issue.path;
  const pointer = `/${parameter === 'q' ? 'filter' : String(parameter)}`;
  const { params } = issue;
  const hasCode = typeof params === 'object' && params !== null && 'code' in params;
  return { pointer, detail: issue.message, code: hasCode ? String(params.code) : 'invalid' };
}
