/** Reads what a rule declared to need: one statement a kind, all in one packet. */
import type { Tx } from '../../database';
import { linkedSql } from './links';
import type { GroupKind, Need, OwnNeed, Process } from '../rules';

/** By kind and id; what is not there is undefined. */
export async function readNeeds(
  tx: Tx,
  all: readonly (Need | OwnNeed)[],
  loaders: Process['loaders'] = {},
): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  const own = all.flatMap((need) => (need.kind === 'own' ? [need] : []));
  const needs = all.flatMap((need) => (need.kind === 'own' ? [] : [need]));
  const reading = kinds.map(async (kind) => {
    const ids = [...new Set(needs.filter((need) => need.kind === kind).map(({ id }) => id))];
    if (ids.length === 0) return;
    for (const id of ids) found.set(`${kind}/${id}`, undefined);
    const rows = await tx.rows<{ id: string }>(readers[kind], [tx.organizationId, ids]);
    for (const row of rows) found.set(`${kind}/${row.id}`, row);
  });
  const loading = own.map(async ({ id, about }) => {
    const load = loaders[id];
    if (!load) throw new Error(`The process has no loader ${id}`);
    found.set(`own/${id}`, await load(tx, about));
  });
  await Promise.all([...reading, ...loading]);
  return found;
}

/** Somebody behind the alias `u`, with who acts in their place at this moment. */
const personFields = {
  id: 'u.id',
  name: 'u.name',
  email: 'u.email',
  role: 'u.role',
  isActive: 'u.is_active',
  managerId: 'u.manager_id',
  substitute: `(select jsonb_build_object('id', s.id, 'role', s.role, 'email', s.email) from users s
                 where s.organization_id = u.organization_id
                   and s.id = substitute_of(u.organization_id, u.id, clock_timestamp()))`,
};
const personColumns = Object.entries(personFields)
  .map(([name, sql]) => `${sql} as "${name}"`)
  .join(', ');
const personJson = `jsonb_build_object(${Object.entries(personFields)
  .map(([name, sql]) => `'${name}', ${sql}`)
  .join(', ')})`;

/** People by the key of their group: `g.id` as text. */
const groupSql = (from: string) => `
  select g.id, jsonb_agg(${personJson} order by u.name, u.id) as people
    from unnest($2::text[]) g(id) ${from}
   where u.is_active and not u.is_service group by g.id`;
const of = (table: string, alias: string, id: string) =>
  `join ${table} ${alias} on ${alias}.organization_id = $1 and ${id} = g.id::uuid`;
const users = (id: string) => `join users u on u.organization_id = $1 and u.id = ${id}`;

const groups: Readonly<Record<GroupKind, string>> = {
  membersOf: groupSql(`${of('team_members', 'm', 'm.team_id')} ${users('m.user_id')}`),
  managerOf: groupSql(`${of('users', 'p', 'p.id')} ${users('p.manager_id')}`),
  boardOf: groupSql(`${of('boards', 'b', 'b.id')} join users u on u.organization_id = $1
    and (u.id = b.chair_id or exists (select from board_members m where m.organization_id = $1
                                         and m.board_id = b.id and m.user_id = u.id))`),
  ownerOf: groupSql(`${of('services', 's', 's.id')} ${users('s.owner_id')}`),
  // A role that was given with an end counts until then.
  holdersOf: groupSql(`cross join lateral (
      select id from users where organization_id = $1 and role = g.id
       union
      select a.user_id from role_assignments a
        join roles r on r.organization_id = a.organization_id and r.id = a.role_id and r.is_active
       where a.organization_id = $1 and g.id in (r.id::text, r.base)
         and coalesce(a.valid_until > clock_timestamp(), true)) h ${users('h.id')}`),
};

const readers: Readonly<Record<Need['kind'], string>> = {
  person: `select ${personColumns}
             from users u where u.organization_id = $1 and u.id = any($2::uuid[])`,
  team: `select id, name, lead_id as "leadId", is_active as "isActive"
           from teams where organization_id = $1 and id = any($2::uuid[])`,
  // A team that does not work any more takes nothing, but what is confidential stays its own.
  service: `select s.id, s.name, case when t.is_active or s.is_confidential then t.id end as "teamId",
                   s.is_confidential as "isConfidential", s.is_active as "isActive"
              from services s
              left join teams t on t.organization_id = s.organization_id and t.id = s.team_id
             where s.organization_id = $1 and s.id = any($2::uuid[])`,
  category: `select id, name, is_active as "isActive"
               from categories where organization_id = $1 and id = any($2::uuid[])`,
  ticket: `select id, type, number, title, requester_id as "requesterId", service_id as "serviceId",
                  is_open as "isOpen"
             from tickets where organization_id = $1 and id = any($2::uuid[])`,
  // One that is confidential is not named: whoever meets it need not be of its team.
  links: `select g.id, jsonb_agg(jsonb_build_object('kind', l.kind, 'id', x.id, 'type', x.type,
                 'number', case when x.confidential_team_id is null then x.number end,
                 'state', x.state, 'hasEnded', not x.is_open or x.resolved_at is not null) order by x.number) as links
            from unnest($2::uuid[]) g(id)
            cross join lateral ${linkedSql('$1', 'g.id')} l
            join tickets x on x.organization_id = $1 and x.id = l.id
           group by g.id`,
  ...groups,
};

const kinds = Object.keys(readers) as readonly Need['kind'][];
