/**
 * Reads what stands beside a change: its services and what they hang on, freezes, maintenance, boards, other
 * changes at the same time, and how such changes went before.
 */
import { z } from 'zod';
import type { Tx } from '../database';
import { toInstant } from '../instant';
import type { Json } from '../tickets/ticket';
import type { Named } from './conflicts';
import type { Dependency } from './dependencies';
import { GroundAbout, type ChangedService, type ChangeGround, type OtherChange } from './ground';
import { freezesIn, maintenanceOf, markUsed, templateOf } from './rows';

export async function readGround(tx: Tx, about: Json): Promise<ChangeGround> {
  const asked = GroundAbout.parse(about);
  const { window } = asked;
  const serviceIds = [...asked.serviceIds, ...(await servicesOfTemplate(tx, asked))];
  const [services, people, dependencies, freezes, maintenance, boards, others, [experience]] =
    await Promise.all([
      tx.rows<ChangedService>(
        `select id, name, criticality, is_active as "isActive" from services
          where organization_id = $1 and id = any($2::uuid[]) order by name`,
        [tx.organizationId, serviceIds],
      ),
      namesOf(tx, asked.peopleIds),
      dependenciesOf(tx),
      window ? freezesIn(tx, window, serviceIds) : [],
      maintenanceOf(tx, serviceIds),
      tx.rows<ChangeGround['boards'][number]>(
        `select id, kind, chair_id as "chairId" from boards
          where organization_id = $1 and is_active order by name`,
        [tx.organizationId],
      ),
      window ? othersIn(tx, asked.changeId, window) : [],
      tx.rows<ChangeGround['experience']>(experienceSql, [
        tx.organizationId,
        asked.templateId,
        asked.categoryId,
      ]),
    ]);
  return {
    ...{ services, people, dependencies, freezes, maintenance, boards, others },
    experience: experience ?? { successful: 0, failed: 0 },
  };
}

async function servicesOfTemplate(tx: Tx, asked: GroundAbout): Promise<string[]> {
  if (!asked.isFromTemplate || asked.templateId === null) return [];
  const rows = await tx.rows<{ id: string }>(
    `select service_id as id from change_template_services
      where organization_id = $1 and change_template_id = $2`,
    [tx.organizationId, asked.templateId],
  );
  return rows.map(({ id }) => id);
}

/** A template that is read is used: it is never deleted from now on. */
export async function readTemplate(tx: Tx, about: Json): Promise<unknown> {
  const template = await templateOf(tx, z.uuid().parse(about));
  if (template?.state === 'approved') await markUsed(tx, template.id, await tx.now());
  return template;
}

function namesOf(tx: Tx, ids: readonly string[]): Promise<Named[]> {
  return tx.rows<Named>(
    'select id, name from users where organization_id = $1 and id = any($2::uuid[]) order by name',
    [tx.organizationId, ids],
  );
}

function dependenciesOf(tx: Tx): Promise<Dependency[]> {
  return tx.rows<Dependency>(
    `select service_id as "serviceId", depends_on_id as "dependsOnId"
       from service_dependencies where organization_id = $1`,
    [tx.organizationId],
  );
}

interface OtherRow {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly start: Date;
  readonly end: Date;
  readonly serviceIds: readonly string[];
  readonly configurationItems: readonly string[];
  readonly peopleIds: readonly string[];
}

/** Drafts, too: whoever plans is to see what others plan. What is under way stays so after its window. */
async function othersIn(
  tx: Tx,
  changeId: string,
  { start, end }: { readonly start: string; readonly end: string },
): Promise<OtherChange[]> {
  const rows = await tx.rows<OtherRow>(
    `select t.id, t.number, t.title, t.state, t.planned_start as "start", t.planned_end as "end",
            t.snapshot #> '{details,serviceIds}' as "serviceIds",
            t.snapshot #> '{details,configurationItems}' as "configurationItems",
            array_remove(array(
              select t.assignee_id union
              select (task ->> 'assigneeId')::uuid
                from jsonb_array_elements(t.snapshot #> '{details,tasks}') task), null) as "peopleIds"
       from tickets t
      where t.organization_id = $1 and t.type = 'change' and t.is_open and t.id <> $2
        and (t.planned_end > $3 or t.state in ('implementing', 'backingOut')) and t.planned_start < $4
      order by t.planned_start, t.id`,
    [tx.organizationId, changeId, start, end],
  );
  // Names are read once for all: row by row, a thousand changes took seconds where there are many people.
  const unique = (ids: readonly string[]) => [...new Set(ids)];
  const [services, people] = await Promise.all([
    tx.rows<Named>(
      'select id, name from services where organization_id = $1 and id = any($2::uuid[]) order by name',
      [tx.organizationId, unique(rows.flatMap(({ serviceIds }) => serviceIds))],
    ),
    namesOf(tx, unique(rows.flatMap(({ peopleIds }) => peopleIds))),
  ]);
  const [servicesOf, peopleOf] = [choosing(services), choosing(people)];
  return rows.map(({ start: from, end: until, serviceIds, peopleIds, ...other }) => ({
    ...other,
    window: { start: toInstant(from), end: toInstant(until) },
    services: servicesOf(serviceIds),
    people: peopleOf(peopleIds),
  }));
}

/** Those of `all` that ids name, in the order of `all`. */
function choosing(all: readonly Named[]): (ids: readonly string[]) => Named[] {
  const placeOf = new Map(all.map(({ id }, place) => [id, place]));
  return (ids) =>
    ids
      .flatMap((id) => placeOf.get(id) ?? [])
      .sort((one, other) => one - other)
      .flatMap((place) => all[place] ?? []);
}

const experienceSql = `
  select count(*) filter (where d ->> 'outcome' in ('successful', 'successfulWithIssues'))::int as successful,
         count(*) filter (where d ->> 'outcome' in ('failed', 'backedOut'))::int as failed
    from (select snapshot -> 'details' as d from tickets
           where organization_id = $1 and type = 'change' and state = 'closed'
             and case when $2::uuid is null then $3::uuid is not null and category_id = $3
                      else snapshot -> 'details' ->> 'templateId' = $2::text end
           order by closed_at desc limit 100) past`;
