/** What to say to Holdfast so that an incident becomes what a row of the log says. Pure. */
import { priorityOf, type PriorityMatrix } from '../../models/tickets/priority';
import type { Priority } from '../../models/tickets/ticket';
import type { Kept, LogRow } from './log-row';
import { isFinal, placeOfOurs, type Place } from './place';

/** The ticket as Holdfast showed it last. */
export interface Seen {
  readonly state: string;
  readonly holdReason: string | null;
  readonly hasAssignee: boolean;
  readonly override: Priority | null;
  /** Whether it was declared major, and has to be reviewed before it is closed. Of problems; else false. */
  readonly isMajor: boolean;
  readonly owesReview: boolean;
}

/** A command of ours; an override needs a manager, the rest an agent. */
export interface Command {
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly by: 'agent' | 'manager';
}

/** Ids of what the log names. */
export interface Directory {
  team(name: string | null): string | null;
  person(name: string | null): string | null;
  category(name: string | null): string | null;
  service(name: string | null): string | null;
}

export interface Rules {
  readonly directory: Directory;
  readonly matrix: PriorityMatrix;
}

export function openingOf(
  { ticket, kept, opening }: LogRow,
  directory: Directory,
): Command['body'] {
  const { caller, service } = opening;
  return {
    title: `${ticket} of the log`,
    description: `Replayed from an audit log: ${kept.category ?? 'no category'}.`,
    impact: kept.impact ?? 'medium',
    urgency: kept.urgency ?? 'medium',
    categoryId: directory.category(kept.category),
    serviceId: directory.service(service),
    ...(caller === null ? {} : { requesterId: directory.person(caller) }),
    channel: 'import',
  };
}

/** Commands for everything but the state: what differs between the ticket's last row and this one. */
export function fieldCommands(before: Kept, row: LogRow, seen: Seen, rules: Rules): Command[] {
  const after = row.kept;
  return [
    ...prioritizing(before, after, seen, rules),
    ...(before.category === after.category
      ? []
      : [agents('classify', { categoryId: rules.directory.category(after.category) })]),
    ...(before.team === after.team && before.assignee === after.assignee
      ? []
      : [handingOver(before, row, seen, rules.directory)]),
  ];
}

/** Work that was begun goes back to a queue only as another team's: then it is begun anew. */
function handingOver(before: Kept, row: LogRow, seen: Seen, directory: Directory): Command {
  const { kept, place } = row;
  const isBack = place === 'new' && placeOfOurs(seen.state, seen.holdReason) !== 'new';
  const teamId = directory.team(kept.team);
  if (!isBack || kept.assignee !== null || teamId === null || kept.team === before.team) {
    return assigning(kept, directory);
  }
  return agents('escalate', { kind: 'functional', teamId, reason: 'The log puts it in a queue.' });
}

/** The person is always named: another team alone would take the ticket from whom the log leaves it to. */
export function assigning({ team, assignee }: Kept, directory: Directory): Command {
  return agents('assign', {
    teamId: directory.team(team),
    assigneeId: directory.person(assignee),
  });
}

function prioritizing(before: Kept, after: Kept, seen: Seen, { matrix }: Rules): Command[] {
  const impact = after.impact ?? 'medium';
  const urgency = after.urgency ?? 'medium';
  const follows = priorityOf(matrix, impact, urgency);
  const isOther = before.impact !== after.impact || before.urgency !== after.urgency;
  const wanted = after.priority === null || after.priority === follows ? null : after.priority;
  if (wanted !== seen.override) {
    const reason = wanted === null ? {} : { reason: `The log says ${wanted}.` };
    return [
      { name: 'prioritize', body: { impact, urgency, override: wanted, ...reason }, by: 'manager' },
    ];
  }
  return isOther ? [agents('prioritize', { impact, urgency })] : [];
}

/** The next command on the shortest way to where the row says the ticket stands. */
export function nextMove(
  row: LogRow,
  seen: Seen,
  rules: Rules,
): Command | 'arrived' | 'impossible' {
  const wanted = row.place;
  const place = placeOfOurs(seen.state, seen.holdReason);
  if (wanted === 'same') return 'arrived';
  if (wanted === place)
    return needsHolderAgain(row, place, seen) ? assigning(row.kept, rules.directory) : 'arrived';
  if (isFinal(place)) return 'impossible';
  if (wanted === 'cancelled') return agents('cancel', { reason: 'The log says so.' });
  if (place === 'resolved') return fromResolved(wanted, row, seen, rules);
  return fromUnresolved(wanted, row, place);
}

/** Whoever was taken off so that a reopened ticket is like a new one gets it back. */
function needsHolderAgain({ kept }: LogRow, place: Place, seen: Seen): boolean {
  return place === 'new' && kept.assignee !== null && !seen.hasAssignee;
}

function fromResolved(wanted: Place, row: LogRow, seen: Seen, { directory }: Rules): Command {
  if (wanted === 'closed') return agents('close', {});
  // Reopened work goes on with whoever has it; only a ticket that nobody has is like a new one.
  if (wanted === 'new' && seen.hasAssignee) {
    return assigning({ ...row.kept, assignee: null }, directory);
  }
  return agents('reopen', { reason: `The log goes on with ${row.kept.state}.` });
}

function fromUnresolved(wanted: Place, row: LogRow, place: Place): Command | 'impossible' {
  if (wanted === 'closed' || wanted === 'resolved') return resolving(row);
  if (wanted.startsWith('hold:')) return agents('hold', { reason: wanted.slice('hold:'.length) });
  if (place.startsWith('hold:')) return agents('resume', {});
  return wanted === 'active' ? agents('start', {}) : 'impossible';
}

function resolving({ resolution: { code, by } }: LogRow): Command {
  return agents('resolve', {
    code: code ?? unknownCode,
    notes: `Resolved in the log by: ${by ?? 'nobody named'}.`,
  });
}

/** Resolution code of rows that name none. */
export const unknownCode = 'notRecorded';

export function agents(name: string, body: Command['body']): Command {
  return { name, body, by: 'agent' };
}

/** Which columns a row changed. */
export function changedColumns(before: LogRow | undefined, row: LogRow): string[] {
  if (before === undefined) return [];
  return Object.keys(row.cells).filter((name) => before.cells[name] !== row.cells[name]);
}

/** What `after` keeps of a ticket when its row leaves the state open. */
export function keptAfter(before: Kept, row: LogRow): Kept {
  return row.place === 'same' ? { ...row.kept, state: before.state } : row.kept;
}
