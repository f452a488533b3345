/** Rules by which new tickets go to teams: the first whose condition holds. */
import { z } from 'zod';
import { AssignmentRuleRow } from '../../models/resources/tables';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { readRsql } from '../../models/filter/rsql';
import { conditionFields } from '../../models/tickets/subject';
import type { ProcessDeclaration } from '../../workflows/process';
import { Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { resourceRoutes, type Change } from '../http/resource/resource';
import type { Route } from '../http/route';
import { Skills } from '../teams/members';

const conditionMeans =
  'In the filter language of lists, e.g. `priority=le=P2;requester.isVip==true`. null: every ticket.';

const AssignmentRule = z
  .object({
    id: z.uuid(),
    name: z.string(),
    ticketType: z.string(),
    position: z.int().describe('The lowest is asked first; of several the first by name.'),
    when: z.string().nullable().describe(conditionMeans),
    team: Reference.describe('While it is inactive the rule is passed by.'),
    skills: z.array(z.string()).describe('What a ticket takes, for teams that give by skills.'),
    isActive: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'AssignmentRule' });

const inputFor = (types: readonly string[]) =>
  z.strictObject({
    name: Line,
    ticketType: z.enum(types),
    position: z.int().min(0).max(1_000_000).default(0),
    when: z.string().trim().min(1).max(4_000).nullable().default(null).describe(conditionMeans),
    teamId: z.uuid(),
    skills: Skills.default([]),
    isActive: z.boolean().default(true),
  });

const listing = defineListing({
  name: 'assignment rules',
  item: AssignmentRule,
  idSql: 'r.id',
  fields: {
    name: { type: 'text', column: 'r.name', nullable: false },
    ticketType: { type: 'text', column: 'r.ticket_type', nullable: false },
    position: { type: 'integer', column: 'r.position', nullable: false },
    team: { type: 'reference', column: 'r.team_id', nullable: false },
    isActive: { type: 'boolean', column: 'r.is_active', nullable: false },
  },
  sorts: ['ticketType', 'position', 'name'],
  defaultSort: 'ticketType,position,name',
});

export function assignmentRuleRoutes(
  sources: ListSources,
  processes: readonly ProcessDeclaration[],
): Route[] {
  return resourceRoutes<z.infer<typeof AssignmentRule>>(sources, {
    path: '/assignment-rules',
    tag: 'People',
    one: 'assignment rule',
    many: 'assignment rules',
    access: 'assignment-rule:manage',
    manage: 'assignment-rule:manage',
    model: AssignmentRuleRow,
    input: inputFor(processes.map(({ type }) => type)),
    refuse: (tx, change) => refuseUnreadable(tx, change, processes),
    listing,
    item: AssignmentRule,
    select: `r.id, r.name, r.ticket_type as "ticketType", r.position, r.condition as "when",
             ${referenceSql('t')} as team, r.skills, r.is_active as "isActive", r.revision`,
    from: `assignment_rules r
      join teams t on t.organization_id = r.organization_id and t.id = r.team_id`,
    present: ({ id, name, ticketType, position, when, team, skills, isActive, revision }) => {
      return { id, name, ticketType, position, when, team, skills, isActive, revision };
    },
  });
}

const Asked = z.object({ ticketType: z.string(), when: z.string().nullable() });

/** Throws invalid_input for a condition that cannot be asked of tickets of its type. */
async function refuseUnreadable(
  tx: Tx,
  { did, id, input }: Change,
  processes: readonly ProcessDeclaration[],
): Promise<void> {
  if (did === 'deleted') return;
  const [before] = await tx.rows(
    `select ticket_type as "ticketType", condition as "when" from assignment_rules
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  const { ticketType, when } = Asked.parse({ ...before, ...input });
  const process = processes.find(({ type }) => type === ticketType);
  if (when === null || process === undefined) return;
  const read = readRsql(conditionFields(process), when);
  if (read.ok) return;
  const errors = read.issues.map(({ detail, code }) => ({ pointer: '/when', detail, code }));
  const why = errors.map(({ detail }) => detail).join('; ');
  throw new Refusal('invalid_input', `The condition cannot be asked of a ${ticketType}: ${why}.`, {
    errors,
  });
}
