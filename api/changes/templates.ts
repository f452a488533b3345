/**
 * Templates of standard changes: written by one, approved by another, then used without asking again. An
 * edit takes the approval away.
 */
import { z } from 'zod';
import { plansNeededAt } from '../../models/changes/risk';
import { plansMissing, PlansInput, RiskAnswersInput } from '../../models/changes/risk.schema';
import { ChangeTemplateRow } from '../../models/changes/tables';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import { toInstant } from '../../models/instant';
import { Ids, Line } from '../http/input/fields';
import { defineListing } from '../http/list/listing';
import type { ListSources } from '../http/list/readable';
import { Reference, referenceSql } from '../http/reference';
import { actOn } from '../http/resource/act';
import { linkedSql, refuseUnknown, withoutLinks, writeLinks } from '../http/resource/links';
import { resourceRoutes, type Change, type Resource } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';

const states = ['draft', 'approved', 'retired'] as const;
const longestMinutes = 31 * 24 * 60;

const ChangeTemplate = z
  .object({
    id: z.uuid(),
    name: z.string(),
    title: z.string().describe('Of changes that are made from it.'),
    description: z.string(),
    category: Reference.nullable(),
    services: z.array(Reference),
    plans: PlansInput,
    risk: RiskAnswersInput,
    durationMinutes: z.int(),
    state: z.enum(states).describe('Only an approved one makes changes.'),
    version: z.int().describe('Grows when one that was approved is edited.'),
    writtenBy: Reference.describe('Whoever made or edited it last.'),
    approvedBy: Reference.nullable(),
    approvedAt: z.iso.datetime().nullable(),
    usedAt: z.iso.datetime().nullable().describe('When the last change was made from it.'),
    revision: z.int(),
  })
  .meta({ id: 'ChangeTemplate' });

const input = z.strictObject({
  name: Line,
  title: Line,
  description: z.string().trim().max(20_000).default(''),
  categoryId: z.uuid().nullable().default(null),
  serviceIds: Ids.default([]),
  plans: PlansInput.default({}),
  risk: RiskAnswersInput,
  durationMinutes: z.int().min(1).max(longestMinutes),
});

const listing = defineListing({
  name: 'changeTemplates',
  item: ChangeTemplate,
  idSql: 't.id',
  fields: {
    name: { type: 'text', column: 't.name', nullable: false },
    title: { type: 'text', column: 't.title', nullable: false },
    category: { type: 'reference', column: 't.category_id' },
    state: { type: 'enum', column: 't.state', values: states, nullable: false },
    writtenBy: { type: 'reference', column: 't.written_by_id', nullable: false },
  },
  sorts: ['name', 'title'],
  defaultSort: 'name',
});

const services = {
  field: 'serviceIds',
  table: 'change_template_services',
  owner: 'change_template_id',
  named: 'service_id',
} as const;

interface StoredTemplate extends Omit<z.infer<typeof ChangeTemplate>, 'approvedAt' | 'usedAt'> {
  readonly approvedAt: Date | null;
  readonly usedAt: Date | null;
}

const resource: Resource<StoredTemplate> = {
  path: '/change-templates',
  tag: 'Changes',
  one: 'change template',
  many: 'templates of standard changes',
  access: 'change-template:read',
  manage: 'change-template:manage',
  model: ChangeTemplateRow,
  input,
  columns: ({ input: given, actor }) => ({
    ...withoutLinks(services, given),
    writtenById: actor.id,
  }),
  refuse,
  alongside,
  listing,
  item: ChangeTemplate,
  select: `t.id, t.name, t.title, t.description, ${referenceSql('c')} as category,
           ${linkedSql(services, 't')} as services, t.plans, t.risk,
           t.duration_minutes as "durationMinutes", t.state, t.version,
           ${referenceSql('w')} as "writtenBy", ${referenceSql('a')} as "approvedBy",
           t.approved_at as "approvedAt", t.used_at as "usedAt", t.revision`,
  from: `change_templates t
    left join categories c on c.organization_id = t.organization_id and c.id = t.category_id
    left join users w on w.organization_id = t.organization_id and w.id = t.written_by_id
    left join users a on a.organization_id = t.organization_id and a.id = t.approved_by_id`,
  present: ({ approvedAt, usedAt, ...template }) => ({
    ...template,
    approvedAt: approvedAt && toInstant(approvedAt),
    usedAt: usedAt && toInstant(usedAt),
  }),
};

export function templateRoutes(sources: ListSources): Route[] {
  return [...resourceRoutes(sources, resource), ...acts.map((act) => actRoute(sources, act))];
}

async function refuse(tx: Tx, { did, id, input: given }: Change): Promise<void> {
  await refuseUnknown(tx, services, given);
  const [before] = await tx.rows<{ state: string; isUsed: boolean }>(
    `select state, used_at is not null as "isUsed" from change_templates
      where organization_id = $1 and id = $2`,
    [tx.organizationId, id],
  );
  if (did === 'edited' && before?.state === 'retired')
    throw new Refusal('conflict', 'The template is retired: make a new one.');
  if (did === 'deleted' && before?.isUsed === true)
    throw new Refusal('conflict', 'Changes were made from it: retire it instead.');
}

async function alongside(tx: Tx, { did, id, input: given }: Change): Promise<void> {
  await writeLinks(tx, services, id, given);
  if (did !== 'edited') return;
  await tx.rows(
    `update change_templates
        set state = 'draft', version = version + 1, approved_by_id = null, approved_at = null
      where organization_id = $1 and id = $2 and state = 'approved'`,
    [tx.organizationId, id],
  );
}

interface Act {
  readonly name: 'approve' | 'retire';
  readonly did: 'approved' | 'retired';
  readonly summary: string;
  readonly refuse: (template: StoredTemplate, actorId: string) => void;
  readonly write: (tx: Tx, id: string, actorId: string) => Promise<unknown>;
}

const acts: readonly Act[] = [
  {
    name: 'approve',
    did: 'approved',
    summary: 'Approve a template that somebody else wrote last.',
    refuse: refuseApproval,
    write: (tx, id, actorId) =>
      tx.rows(
        `update change_templates
            set state = 'approved', approved_by_id = $3, approved_at = clock_timestamp(),
                revision = revision + 1
          where organization_id = $1 and id = $2`,
        [tx.organizationId, id, actorId],
      ),
  },
  {
    name: 'retire',
    did: 'retired',
    summary: 'Retire a template: no more changes are made from it, for ever.',
    refuse: ({ state }) => {
      if (state === 'retired') throw new Refusal('conflict', 'The template is retired already.');
    },
    write: (tx, id) =>
      tx.rows(
        `update change_templates set state = 'retired', revision = revision + 1
          where organization_id = $1 and id = $2`,
        [tx.organizationId, id],
      ),
  },
];

function refuseApproval({ state, writtenBy, plans }: StoredTemplate, actorId: string): void {
  if (state !== 'draft')
    throw new Refusal('conflict', `The template is ${state}: only a draft is approved.`);
  if (writtenBy.id === actorId)
    throw new Refusal('forbidden', 'You wrote it last: somebody else must approve it.');
  // Nobody looks at a standard change again, so it has at least what the lowest level asks for.
  const missing = plansMissing(plans, plansNeededAt('low'));
  if (missing.length === 0) return;
  throw new Refusal('conflict', `The template has no plan for: ${missing.join(', ')}.`, {
    errors: missing.map((kind) => {
      return { pointer: `/plans/${kind}`, code: 'missing', detail: 'is needed' };
    }),
  });
}

function actRoute({ database }: ListSources, { name, did, summary, ...act }: Act): Route {
  return defineRoute({
    method: 'post',
    path: `${resource.path}/{id}/actions/${name}`,
    tag: resource.tag,
    access: 'change-template:approve',
    summary,
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: `It is ${did}.`, body: ChangeTemplate },
    handle: async ({ actor, params: { id }, request }) => {
      const deed = { did, id, actor, request, ifMatch: request.ifMatch };
      const row = await database.inOrganization(actor.organizationId, (tx) =>
        actOn(tx, resource, deed, async (template) => {
          act.refuse(template, actor.id);
          await act.write(tx, id, actor.id);
        }),
      );
      return { body: ChangeTemplate.parse(resource.present(row, actor)), revision: row.revision };
    },
  });
}
