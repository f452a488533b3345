/** What stands beside a change, read inside its transaction: freezes, maintenance windows, boards, templates. */
import type { Tx } from '../database';
import { toInstant, type Instant } from '../instant';
import { CalendarInput } from '../sla/calendar.schema';
import type { RiskAnswers } from './risk';
import { PlansInput, RiskAnswersInput, type Plans } from './risk.schema';
import type { ChangeWindow, Freeze, MaintenanceWindow } from './windows';

interface FreezeFields extends Omit<Freeze, 'from' | 'until'> {
  readonly from: Date;
  readonly until: Date;
}

/** Those that meet the window and are about everything or one of the services, the first first. */
export async function freezesIn(
  tx: Tx,
  { start, end }: ChangeWindow,
  serviceIds: readonly string[],
): Promise<Freeze[]> {
  const rows = await tx.rows<FreezeFields>(
    `select f.id, f.name, f.starts_at as "from", f.ends_at as "until", f.reason,
            array_remove(array_agg(s.service_id order by s.service_id), null) as "serviceIds"
       from freezes f
       left join freeze_services s on s.organization_id = f.organization_id and s.freeze_id = f.id
      where f.organization_id = $1 and f.starts_at < $3 and f.ends_at > $2
      group by f.organization_id, f.id
     having count(s.service_id) = 0 or bool_or(s.service_id = any($4::uuid[]))
      order by f.starts_at, f.id`,
    [tx.organizationId, start, end, serviceIds],
  );
  return rows.map(({ from, until, ...freeze }) => {
    return { ...freeze, from: toInstant(from), until: toInstant(until) };
  });
}

/** Those of any of the services. */
export async function maintenanceOf(
  tx: Tx,
  serviceIds: readonly string[],
): Promise<MaintenanceWindow[]> {
  const rows = await tx.rows<Omit<MaintenanceWindow, 'definition'> & { definition: unknown }>(
    `select m.id, m.name, m.definition, array_agg(s.service_id order by s.service_id) as "serviceIds"
       from maintenance_windows m
       join maintenance_window_services s
         on s.organization_id = m.organization_id and s.maintenance_window_id = m.id
      where m.organization_id = $1
      group by m.organization_id, m.id
     having bool_or(s.service_id = any($2::uuid[]))
      order by m.name`,
    [tx.organizationId, serviceIds],
  );
  return rows.map((row) => ({ ...row, definition: CalendarInput.parse(row.definition) }));
}

export interface BoardMember {
  readonly id: string;
  readonly name: string;
}

export interface Board {
  readonly id: string;
  readonly name: string;
  readonly kind: 'cab' | 'ecab';
  readonly isActive: boolean;
  /** Null: the chair is not there any more. */
  readonly chair: BoardMember | null;
  /** With the chair; only people who are there, by name. */
  readonly members: readonly BoardMember[];
}

interface BoardFields extends Omit<Board, 'chair'> {
  readonly chairId: string;
}

/** Undefined: there is none of this id. */
export async function boardOf(tx: Tx, id: string): Promise<Board | undefined> {
  const [row] = await tx.rows<BoardFields>(
    `select b.id, b.name, b.kind, b.is_active as "isActive", b.chair_id as "chairId", coalesce((
              select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.name) order by u.name, u.id)
                from users u
               where u.organization_id = b.organization_id and u.is_active
                 and (u.id = b.chair_id or exists (
                   select 1 from board_members m
                    where m.organization_id = b.organization_id and m.board_id = b.id
                      and m.user_id = u.id))), '[]') as members
       from boards b where b.organization_id = $1 and b.id = $2`,
    [tx.organizationId, id],
  );
  if (!row) return undefined;
  const { chairId, ...board } = row;
  return { ...board, chair: board.members.find((member) => member.id === chairId) ?? null };
}

export interface ChangeTemplate {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly categoryId: string | null;
  readonly serviceIds: readonly string[];
  readonly plans: Plans;
  readonly risk: RiskAnswers;
  readonly durationMinutes: number;
  /** Only an approved one makes changes: that is for the caller to refuse. */
  readonly state: 'draft' | 'approved' | 'retired';
  readonly version: number;
}

type TemplateFields = Omit<ChangeTemplate, 'plans' | 'risk'> & { plans: unknown; risk: unknown };

/**
 * As it is, not edited, retired or deleted until the transaction ends; whoever else makes a change from it
 * waits until then, as two that hold it together and then note its use would wait for each other. Undefined:
 * there is none of this id.
 */
export async function templateOf(tx: Tx, id: string): Promise<ChangeTemplate | undefined> {
  const [row] = await tx.rows<TemplateFields>(
    `select t.id, t.name, t.title, t.description, t.category_id as "categoryId",
            array(select s.service_id from change_template_services s
                   where s.organization_id = t.organization_id and s.change_template_id = t.id
                   order by 1) as "serviceIds",
            t.plans, t.risk, t.duration_minutes as "durationMinutes", t.state, t.version
       from change_templates t where t.organization_id = $1 and t.id = $2 for no key update of t`,
    [tx.organizationId, id],
  );
  if (!row) return undefined;
  return { ...row, plans: PlansInput.parse(row.plans), risk: RiskAnswersInput.parse(row.risk) };
}

/** Notes that a change was made from it: it is never deleted from now on. */
export async function markUsed(tx: Tx, templateId: string, at: Instant): Promise<void> {
  await tx.rows(
    `update change_templates set used_at = greatest(used_at, $3::timestamptz)
      where organization_id = $1 and id = $2`,
    [tx.organizationId, templateId, at],
  );
}
