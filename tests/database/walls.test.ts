import { Client } from 'pg';
import { openDatabase } from '../../models/database';
import { openWorld, type World } from '../harness';

/** Hold no tenant's rows. */
const tenantless = [
  'login_failures',
  'migrations',
  'organization_slugs',
  'rate_limits',
  'setup_tokens',
];

/** What works before or across organizations; a new one is a decision, not an accident. */
const acrossOrganizations = [
  'assignment_changed',
  'board_changed',
  'board_members_changed',
  'claim_mails',
  'claim_outbox',
  'claim_sla_runs',
  'condemn_files',
  'find_login',
  'find_similar_tickets',
  'find_ticket_texts',
  'find_ticket_titles',
  'find_tickets',
  'forget_organization',
  'give_default_views',
  'membership_changed',
  'name_calendar',
  'name_policy',
  'organization_directory',
  'organizations_to_purge',
  'outbox_state',
  'overdue_tickets',
  'owner_changed',
  'people_with',
  'person_changed',
  'protect_new_organization',
  'purge_expired',
  'purge_expired_challenges',
  'purge_organization',
  'refresh_ticket_texts',
  'unsettled_tickets',
  'wake_organization',
];

/** What is not the application's to call. */
const theOperators = ['wake_organization'];

/** Foreign keys without an index that serves them, each with the reason. */
const unserved: Readonly<Record<string, string>> = {
  'users.location_id': 'Locations are made inactive; an organization has few of them.',
  'users.manager_id': 'People are made inactive, never deleted; nobody asks whom one manages.',
  'teams.lead_id': 'People are made inactive, never deleted; an organization has few teams.',
  'teams.calendar_id': 'An organization has few teams.',
  'services.calendar_id': 'An organization has few services.',
  'services.owner_id': 'People are never deleted; an organization has few services.',
  'services.team_id': 'Teams are made inactive, never deleted; an organization has few services.',
  'categories.parent_id': 'Categories are made inactive; an organization has few of them.',
  'tickets.opened_by_id': 'People are never deleted; lists by opener narrow by the recent ones.',
  'tickets.service_id': 'Services are made inactive, never deleted.',
  'tickets.category_id': 'Categories are made inactive, never deleted.',
  'tickets.assignee_id': 'People are never deleted; open tickets have tickets_assignee.',
  'tickets.team_id': 'Teams are never deleted; open tickets have tickets_team.',
  'tickets.confidential_team_id': 'Teams are never deleted; lists do not narrow by it alone.',
  'ticket_comments.author_id': 'People are never deleted; comments are read by ticket.',
  'sign_in_challenges.user_id': 'People are never deleted; a challenge lives for five minutes.',
  'api_tokens.created_by': 'People are never deleted; tokens are read by whose they are.',
  'boards.chair_id': 'People are never deleted; an organization has few boards.',
  'change_templates.category_id': 'Categories are made inactive; templates are few.',
  'change_templates.written_by_id': 'People are never deleted; templates are few.',
  'change_templates.approved_by_id': 'People are never deleted; templates are few.',
  'meeting_decisions.approval_id':
    'Tickets are never deleted; decisions are read by their meeting.',
  'meeting_decisions.decided_by_id':
    'People are never deleted; decisions are read by their meeting.',
  'assignment_rules.team_id': 'Teams are made inactive; an organization has few rules.',
  'team_turns.user_id': 'People are never deleted; turns are read by team.',
  'pending_commands.ticket_id': 'Tickets are never deleted; commands are read by their id.',
  'attachments.comment_id': 'Comments are never deleted; attachments are read by ticket.',
  'attachments.added_by_id': 'People are never deleted; attachments are read by ticket.',
  'sla_flips.ticket_id': 'Tickets are never deleted; flips are read by their run.',
  'sla_runs.started_by': 'People are never deleted; an organization has few runs.',
  'catalog_item_versions.written_by_id': 'People are never deleted; versions are read by item.',
};

let world: World;
let organizations: readonly string[];
beforeAll(async () => {
  world = await openWorld({ worker: false });
  organizations = [world.organizationId, (await world.neighbour()).organizationId];
});
afterAll(() => world.close());

const names = async (sql: string) => (await world.rows(sql)).map(({ name }) => String(name)).sort();
const tables = `pg_class c join pg_namespace n on n.oid = c.relnamespace
                 where n.nspname = 'public' and c.relkind in ('r', 'p')`;

async function asApp<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: world.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function walled(): Promise<string[]> {
  return (await names(`select c.relname as name from ${tables}`)).filter(
    (name) => !tenantless.includes(name),
  );
}

describe('every table of tenants', () => {
  it('is there: the catalog is really read', async () => {
    expect(await walled()).toEqual(
      expect.arrayContaining([
        'organizations',
        'users',
        'tickets',
        'ticket_events',
        'engine_outbox',
      ]),
    );
  });

  it('has an organization, and keys that begin with it', async () => {
    const without = await names(
      `select c.relname as name from ${tables} and c.relname <> 'organizations'
          and not exists (select 1 from pg_attribute a where a.attrelid = c.oid
                           and a.attname = 'organization_id' and a.attnotnull)`,
    );
    expect(without).toEqual(tenantless);
    const keys = await names(
      `select i.relname as name from pg_index x
         join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
         join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and x.indisunique
          and c.relname not in ('${[...tenantless, 'organizations'].join("', '")}')
          and not exists (select 1 from pg_attribute a where a.attrelid = c.oid
                           and a.attnum = x.indkey[0] and a.attname = 'organization_id')`,
    );
    // An address signs in before its organization is known.
    expect(keys).toEqual(['users_email']);
  });

  it('has row-level security, enabled, forced, with a policy for the application', async () => {
    const secure = await names(
      `select c.relname as name from ${tables} and c.relrowsecurity and c.relforcerowsecurity
          and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}'
                       and p.polpermissive and p.polcmd = '*')`,
    );
    expect(secure).toEqual(await walled());
  });

  it('lets nobody but holdfast_system look across organizations', async () => {
    const policies = await world.rows(
      `select distinct pg_get_expr(p.polqual, p.polrelid) as rule,
              array(select rolname::text from pg_roles r where r.oid = any(p.polroles)) as roles
         from pg_policy p join pg_class c on c.oid = p.polrelid
        where c.relname <> 'organizations' and p.polpermissive`,
    );
    expect(policies).toHaveLength(2);
    expect(policies).toEqual(
      expect.arrayContaining([
        { roles: ['holdfast_system'], rule: 'true' },
        {
          roles: [],
          rule: expect.stringMatching(
            /^\(organization_id = .*current_setting\('app.organization'/,
          ) as string,
        },
      ]),
    );
  });

  it('shows the application nothing without an organization', async () => {
    const filled = await world.rows('select count(*)::int as n from users');
    expect(filled).toEqual([{ n: 14 }]);
    await asApp(async (client) => {
      for (const table of await walled()) {
        expect([table, (await client.query(`select 1 from ${table}`)).rowCount]).toEqual([
          table,
          0,
        ]);
        await client.query(`select set_config('app.organization', '', false)`);
        expect([table, (await client.query(`select 1 from ${table}`)).rowCount]).toEqual([
          table,
          0,
        ]);
        await client.query('reset app.organization');
      }
    });
  });

  it('shows the application one organization at a time', async () => {
    for (const organizationId of organizations) {
      const seen = await world.database.inOrganization(organizationId, (tx) =>
        tx.rows<{ id: string; n: number }>(
          'select organization_id as id, count(*)::int as n from users group by 1',
        ),
      );
      expect(seen).toEqual([{ id: organizationId, n: 7 }]);
    }
  });

  it('takes no row for another organization, nor moves, changes or deletes one', async () => {
    const [own = '', foreign = ''] = organizations;
    const wall = /row-level security/;
    const inOwn = (sql: string, bind: string[] = [foreign]) =>
      world.database.inOrganization(own, (tx) => tx.rows(sql, bind));
    const insert = `insert into categories (organization_id, id, name) values ($1, gen_random_uuid(), 'x')`;
    await expect(inOwn(insert)).rejects.toThrow(wall);
    await expect(
      inOwn(`insert into organizations (id, slug, name) values (gen_random_uuid(), 'x-y', $1)`),
    ).rejects.toThrow(wall);
    await expect(inOwn('update categories set organization_id = $1')).rejects.toThrow(wall);
    const touched = [
      await inOwn('update users set name = name where organization_id = $1 returning id'),
      await inOwn('delete from categories where organization_id = $1 returning id'),
    ];
    expect(touched).toEqual([[], []]);
    expect(await inOwn(insert, [own])).toEqual([]);
  });

  it('forgets the organization at the end of the transaction', async () => {
    await world.database.inOrganization(world.organizationId, (tx) => tx.rows('select 1'));
    const left = await Promise.all(
      Array.from({ length: 10 }, () => world.database.unscoped('select 1 from users')),
    );
    expect(left.flat()).toEqual([]);
  });
});

describe('the roles', () => {
  it('that the processes connect as is bound, owns nothing and is nobody else', async () => {
    const [role] = await world.rows(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
              (select count(*)::int from pg_class where relowner = r.oid) as tables,
              (select count(*)::int from pg_proc where proowner = r.oid) as functions,
              (select count(*)::int from pg_auth_members where member = r.oid) as memberships
         from pg_roles r where rolname = 'holdfast_app'`,
    );
    expect(role).toEqual({
      ...{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false },
      ...{ rolreplication: false, tables: 0, functions: 0, memberships: 0 },
    });
  });

  it('that looks across cannot sign in, and is no superuser', async () => {
    const [role] = await world.rows(
      `select rolcanlogin, rolsuper, rolbypassrls from pg_roles where rolname = 'holdfast_system'`,
    );
    expect(role).toEqual({ rolcanlogin: false, rolsuper: false, rolbypassrls: false });
  });

  it('cannot change tables, become another role, or make anything', async () => {
    await asApp(async (client) => {
      for (const sql of [
        'alter table users disable row level security',
        'drop policy tenant on users',
        'create table mine (id int)',
        'truncate users',
        'set role holdfast_system',
        'set role holdfast_owner',
        'select 1 from migrations',
      ]) {
        await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/);
      }
    });
  });

  it('are refused by openDatabase when row-level security does not bind them', async () => {
    const url = (user?: string, secret?: string) => {
      const wanted = new URL(world.stack.adminUrl);
      wanted.pathname = new URL(world.databaseUrl).pathname;
      if (user !== undefined) wanted.username = user;
      if (secret !== undefined) wanted.password = encodeURIComponent(secret);
      return wanted.toString();
    };
    const open = (address: string) =>
      openDatabase({
        ...{ url: address, poolMax: 1, applicationName: 'test', statementTimeoutMs: 5_000 },
      });
    const unbound = /not bound by row-level security/;
    await expect(open(url())).rejects.toThrow(unbound);
    await expect(open(url('holdfast_owner', world.stack.ownerPassword))).rejects.toThrow(unbound);
  });
});

/** A trigger's function is called by nobody. */
function granteesOf(name: string): string[] {
  if (
    name.endsWith('_changed') ||
    ['give_default_views', 'name_calendar', 'name_policy', 'protect_new_organization'].includes(
      name,
    )
  )
    return [];
  return [theOperators.includes(name) ? 'holdfast_operator' : 'holdfast_app'];
}

describe('what works across organizations', () => {
  it('is exactly the known list, owned by holdfast_system, with a fixed search path', async () => {
    const functions = await world.rows(
      `select p.proname::text as name, pg_get_userbyid(p.proowner)::text as owner, p.proconfig as config
         from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname not in ('pg_catalog', 'information_schema') and p.prosecdef order by 1`,
    );
    const config = ['search_path=public, pg_temp'];
    expect(functions).toEqual(
      acrossOrganizations.map((name) => ({ name, owner: 'holdfast_system', config })),
    );
  });

  it('is granted to the application or to the operator, and to nobody else', async () => {
    const grants = await world.rows(
      `select p.proname::text as name,
              array(select a.grantee::regrole::text from aclexplode(p.proacl) a
                     where a.grantee <> p.proowner) as grantees
         from pg_proc p where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
    );
    expect(grants).toEqual(
      acrossOrganizations.map((name) => ({
        name,
        grantees: granteesOf(name),
      })),
    );
  });
});

describe('every foreign key of a tenant table', () => {
  const keys = () =>
    world.rows(
      `select c.relname || '.' || (
                select a.attname from pg_attribute a
                 where a.attrelid = k.conrelid and a.attnum = k.conkey[array_length(k.conkey, 1)]) as name,
              (select attname::text from pg_attribute a
                where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) as first,
              (select attname::text from pg_attribute a
                where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) as target,
              exists (select 1 from pg_index x where x.indrelid = k.conrelid and x.indpred is null
                       and (x.indkey::int2[])[0:array_length(k.conkey, 1) - 1] @> k.conkey) as served
         from pg_constraint k join pg_class c on c.oid = k.conrelid
         join pg_namespace n on n.oid = c.relnamespace
        where k.contype = 'f' and n.nspname = 'public' order by 1`,
    );

  it('begins with the organization on both sides, because it looks past row-level security', async () => {
    const found = await keys();
    expect(found.length).toBeGreaterThan(20);
    expect(found.filter(({ first }) => first !== 'organization_id')).toEqual([]);
    const targets = found.map(({ name, target }) => [
      String(name).endsWith('.organization_id'),
      target,
    ]);
    expect(
      targets.filter(([isTenant, target]) => target !== (isTenant ? 'id' : 'organization_id')),
    ).toEqual([]);
  });

  it('has an index that can serve it, or a reason why not', async () => {
    const without = (await keys()).filter(({ served }) => served !== true).map(({ name }) => name);
    expect(without.sort()).toEqual(Object.keys(unserved).sort());
  });
});
