/** Every event that owes a notice has it, once for each person, and nobody was told anything else. Pure. */
import { z } from 'zod';
import {
  groupBy,
  type EventRow,
  type Evidence,
  type Finding,
  type OrganizationRow,
  type TicketRow,
} from './evidence';
import { factOf, feedsOf, nobody, standingAfter, type Standing } from './feed';

export function checkNotices({ rows }: Pick<Evidence, 'rows'>): Finding[] {
  const feeds = feedsOf(rows.events);
  const notices = groupBy(rows.notices, ({ ticketId }) => ticketId);
  const organizations = new Map(rows.organizations.map((one) => [one.id, one]));
  return rows.tickets.flatMap((ticket) => {
    const organization = organizations.get(ticket.organizationId);
    if (!organization) return [];
    const owed = owedBy(ticket, feeds.get(ticket.id) ?? [], organization);
    const told = (notices.get(ticket.id) ?? []).map(
      ({ cause, template, recipientId }) =>
        `${cause} ${template.split('.')[1] ?? ''} ${recipientId}`,
    );
    return differences(ticket.name, owed, told);
  });
}

function differences(
  ticket: string,
  owed: ReadonlySet<string>,
  told: readonly string[],
): Finding[] {
  const known = new Set(told);
  const proof = 'every notice is written once';
  const twice = told.filter((one, k) => told.indexOf(one) !== k);
  return [
    ...[...owed].filter((one) => !known.has(one)).map((one) => `missing: ${one}`),
    ...told.filter((one) => !owed.has(one)).map((one) => `nothing owes it: ${one}`),
    ...twice.map((one) => `twice: ${one}`),
  ].map((detail) => ({ proof, ticket, detail }));
}

/** `cause notice recipient` of all that the feed of a ticket owes. */
function owedBy(
  ticket: TicketRow,
  feed: readonly EventRow[],
  organization: OrganizationRow,
): ReadonlySet<string> {
  const owed = new Set<string>();
  let before = nobody;
  for (const [cause, lines] of groupBy(feed, factOf)) {
    const after = lines.reduce(standingAfter, before);
    const desk: Desk = { ticket, organization, before, after };
    for (const one of lines.flatMap((line) => toldBy(line, desk))) owed.add(`${cause} ${one}`);
    before = after;
  }
  return owed;
}

/** Who does something is not told of it. */
function toldBy(line: EventRow, desk: Desk): string[] {
  return owedByLine(line, desk).flatMap(([notice, people]) =>
    people.filter((id) => id !== line.actorId).map((id) => `${notice} ${id}`),
  );
}

interface Desk {
  readonly ticket: TicketRow;
  readonly organization: OrganizationRow;
  readonly before: Standing;
  readonly after: Standing;
}

type Owed = readonly (readonly [notice: string, people: readonly string[]])[];

const Level = z.looseObject({ level: z.number().optional(), reason: z.string().nullish() });

/** Whom a line of the feed tells: the table of workflows/incidents, written a second time on purpose. */
const owing: Readonly<Record<string, (desk: Desk, line: EventRow) => Owed>> = {
  opened: ({ ticket }) => [['opened', [ticket.requesterId]]],
  assigned: (desk) => owedByAssignment(desk),
  commented: (desk, { isPublic }) => [
    ['commented', holder(desk)],
    ['commented', isPublic ? [desk.ticket.requesterId, ...desk.after.watcherIds] : []],
  ],
  reopened: (desk) => [['reopened', holder(desk)]],
  escalated: (desk, line) => [
    ['escalated', detailOf(line).level === 1 ? lead(desk) : desk.organization.managers],
  ],
  slaWarned: (desk) => [['slaWarning', holder(desk)]],
  slaBreached: (desk) => [['slaBreach', [...holder(desk), ...lead(desk)]]],
  slaEscalated: ({ organization }) => [['slaEscalation', organization.managers]],
  resolved: ({ ticket }) => [['resolved', [ticket.requesterId]]],
  cancelled: ({ ticket }) => [['cancelled', [ticket.requesterId]]],
  closed: ({ ticket }, line) =>
    detailOf(line).reason === 'autoClose' ? [['closed', [ticket.requesterId]]] : [],
};

function detailOf({ data }: EventRow) {
  return Level.parse(data);
}

function owedByLine(line: EventRow, desk: Desk): Owed {
  return owing[line.type]?.(desk, line) ?? [];
}

function owedByAssignment(desk: Desk): Owed {
  const { before, after } = desk;
  const isOther = before.teamId !== after.teamId || before.assigneeId !== after.assigneeId;
  if (!isOther) return [];
  return after.assigneeId === null
    ? [['assignedToTeam', members(desk)]]
    : [['assigned', [after.assigneeId]]];
}

function holder(desk: Desk): readonly string[] {
  const { before, organization } = desk;
  if (before.assigneeId !== null) return [before.assigneeId];
  return before.teamId === null ? organization.managers : members(desk);
}

function members({ organization, after }: Desk): readonly string[] {
  return organization.teams.get(after.teamId ?? '')?.members ?? [];
}

function lead({ organization, after }: Desk): readonly string[] {
  const id = organization.teams.get(after.teamId ?? '')?.lead ?? null;
  return id === null ? [] : [id];
}
