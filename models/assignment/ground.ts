/** What decides which team a ticket goes to: one small statement, as every opening asks it. */
import { z } from 'zod';
import type { Tx } from '../database';
import type { Ticket } from '../tickets/ticket';
import { TeamAssignment, type Sharing } from './shape';

/** A team that works. */
export interface GroundTeam {
  readonly id: string;
  readonly name: string;
  /** null: by hand. */
  readonly sharing: Sharing | null;
  /** When it works, where it asks for that. */
  readonly calendar: CalendarName | null;
}

export interface CalendarName {
  readonly id: string;
  /** The newest one. */
  readonly version: number;
}

export interface AssignmentRule {
  readonly name: string;
  /** null: every ticket. */
  readonly when: string | null;
  readonly skills: readonly string[];
  readonly team: GroundTeam;
}

export interface Ground {
  /** The active ones of the type, the first to be asked first; those of teams that do not work are left out. */
  readonly rules: readonly AssignmentRule[];
  /** That of the ticket; undefined: none, or it does not work any more. */
  readonly own: GroundTeam | undefined;
}

interface Row extends TeamRow {
  readonly rule: string | null;
  readonly when: string | null;
  readonly skills: readonly string[];
}

interface TeamRow {
  readonly id: string;
  readonly name: string;
  readonly assignment: unknown;
  readonly calendarId: string | null;
  readonly calendarVersion: number | null;
}

export async function readGround(
  tx: Tx,
  { type, teamId }: Pick<Ticket, 'type' | 'teamId'>,
): Promise<Ground> {
  const rows = await tx.rows<Row>(groundSql, [tx.organizationId, type, teamId]);
  const own = rows.find(({ rule }) => rule === null);
  return {
    own: own && teamOf(own),
    rules: rows.flatMap((row) => {
      const { rule: name, when, skills } = row;
      return name === null ? [] : [{ name, when, skills, team: teamOf(row) }];
    }),
  };
}

/** A team as it stands; undefined when there is none that works. */
export async function readTeam(tx: Tx, id: string): Promise<GroundTeam | undefined> {
  const [row] = await tx.rows<TeamRow>(
    `select ${teamSql} from teams t where t.organization_id = $1 and t.id = $2 and t.is_active`,
    [tx.organizationId, id],
  );
  return row && teamOf(row);
}

const teamSql = `t.id, t.name, t.assignment, t.calendar_id as "calendarId",
  case when (t.assignment->>'inWorkingHours')::boolean
       then (select max(c.version) from calendars c
              where c.organization_id = t.organization_id and c.id = t.calendar_id)
  end as "calendarVersion"`;

const groundSql = `
  select * from (
    select r.name as rule, r.condition as "when", r.skills, r.position, ${teamSql}
      from assignment_rules r
      join teams t on t.organization_id = r.organization_id and t.id = r.team_id and t.is_active
     where r.organization_id = $1 and r.ticket_type = $2 and r.is_active
     union all
    select null, null, '{}', null, ${teamSql}
      from teams t where t.organization_id = $1 and t.id = $3::uuid and t.is_active) g
   order by position, rule`;

/** A later release may say more of a team; this one does without. */
const Stored = z.object(TeamAssignment.shape);

function teamOf({
  id,
  name,
  assignment,
  calendarId,
  calendarVersion: version,
}: TeamRow): GroundTeam {
  const { strategy, ...how } = Stored.parse(assignment);
  const sharing = strategy === 'manual' ? null : { ...how, strategy };
  const calendar = calendarId === null || version === null ? null : { id: calendarId, version };
  return { id, name, sharing, calendar };
}
