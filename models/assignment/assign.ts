/** Which team a ticket goes to and who of it gets it: rules first, then the team's own way of sharing. */
import type { Tx } from '../database';
import { compiled } from '../filter/compiled';
import type { ConditionFields } from '../filter/field';
import type { Subject } from '../filter/holds';
import type { Instant } from '../instant';
import type { Ticket } from '../tickets/ticket';
import { lastHandlerOf, lockTurns, readCandidates, recordTurn } from './candidates';
import { readGround, type AssignmentRule, type Ground, type GroundTeam } from './ground';
import { calendarOf } from './hours';
import { pick } from './pick';
import type { Picked, Sharing, Waiting } from './shape';

/** What is asked of whom. */
export interface ToAssign {
  readonly ticket: Pick<
    Ticket,
    'id' | 'type' | 'teamId' | 'confidentialTeamId' | 'requesterId' | 'serviceId' | 'priority'
  >;
  /** What conditions can ask about it (conditionFields of its process). */
  readonly fields: ConditionFields;
  /** Its values, as far as these conditions ask for them. */
  readonly subjectFor: (conditions: readonly string[]) => Promise<Subject>;
  /** Only then do rules name the team; later they say no more than which skills it takes. */
  readonly isOpening: boolean;
  readonly at: Instant;
}

export interface Assignment {
  /** That of the rule, else the ticket's own. */
  readonly teamId: string | null;
  /** Name of the rule that gave the team, or its skills. */
  readonly rule: string | null;
  /** null: nobody; the ticket stays in the queue of the team. */
  readonly assigneeId: string | null;
  /** Why them, in plain words: "least loaded of 4: 2 open against 3, 5, 7". */
  readonly reason: string | null;
  /** null: somebody has it, or the team gives out its tickets by hand. */
  readonly waits: Waiting | null;
}

/**
 * To be called in the transaction that writes what it answers, after the lock of the ticket's row and before
 * that of its number: where a team shares by itself, it is locked until the transaction ends, so that two
 * openings do not see the same loads. Their turn counts from here on. Reads one small statement and no more
 * where neither rules nor strategies are in use. Throws an ordinary Error for a stored condition that cannot
 * be read.
 */
export async function assignmentFor(tx: Tx, asked: ToAssign): Promise<Assignment> {
  const { ticket, isOpening } = asked;
  const ground = await readGround(tx, ticket);
  const subject = await subjectOf(ground, asked);
  const rule = ruleFor(ground, { ...asked, subject });
  const team = isOpening && rule ? rule.team : ground.own;
  const said = { teamId: team?.id ?? ticket.teamId, rule: rule?.name ?? null };
  const nobody = { ...said, assigneeId: null, reason: null, waits: null };
  if (!team?.sharing) return nobody;
  const picked = await pickFrom(tx, team, team.sharing, { ...asked, skills: rule?.skills ?? [] });
  if ('waits' in picked) return { ...nobody, waits: picked.waits };
  await recordTurn(tx, { teamId: team.id, assigneeId: picked.assigneeId, at: asked.at });
  return { ...said, ...picked, waits: null };
}

async function subjectOf({ rules }: Ground, { subjectFor }: ToAssign): Promise<Subject> {
  const conditions = rules.flatMap(({ when }) => (when === null ? [] : [when]));
  return conditions.length === 0 ? {} : subjectFor(conditions);
}

/** The first that holds. One that names another team than the ticket may or can go to says nothing. */
function ruleFor(
  { rules }: Ground,
  asked: ToAssign & { readonly subject: Subject },
): AssignmentRule | undefined {
  const { ticket, fields, subject, isOpening } = asked;
  const holds = ({ when }: AssignmentRule) => when === null || compiled(fields, when)(subject);
  if (!isOpening) {
    const first = rules.find(holds);
    return first?.team.id === ticket.teamId ? first : undefined;
  }
  const { confidentialTeamId: own } = ticket;
  return rules.find((rule) => (own === null || rule.team.id === own) && holds(rule));
}

interface Picking extends Pick<ToAssign, 'ticket' | 'at'> {
  readonly skills: readonly string[];
}

/** All in one packet; the candidates are read under the lock, as whoever had it before has left them. */
async function pickFrom(
  tx: Tx,
  { id: teamId, name, calendar: hours }: GroundTeam,
  sharing: Sharing,
  { ticket, at, skills }: Picking,
): Promise<Picked> {
  const [calendar, lastHandlerId, , candidates] = await Promise.all([
    hours && calendarOf(tx, hours),
    sharing.sticky === true ? lastHandlerOf(tx, teamId, ticket) : null,
    lockTurns(tx, teamId),
    readCandidates(tx, { teamId, ticketId: ticket.id, at }),
  ]);
  const { priority } = ticket;
  return pick({ name, assignment: sharing, calendar }, candidates, {
    ...{ priority, requiredSkills: skills, lastHandlerId, at },
  });
}
