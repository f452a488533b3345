/** The operator's role, slugs that are never given again, and the end of an organization. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { purgeOrganizations } from '../../engine/purge-organizations';
import type { Doer } from '../../models/audit/record';
import { openDatabase, type Database } from '../../models/database';
import { createOrganization } from '../../models/organizations/create';
import { exportOrganization, isSecret } from '../../models/organizations/export';
import { organizationIdOf } from '../../models/organizations/found';
import {
  listOrganizations,
  listPurged,
  markDeleted,
  restore,
  resume,
  suspend,
} from '../../models/organizations/operations';
import { migrate } from '../../models/migrate';
import { migrations } from '../../models/migrations/list';
import { provisionDatabase, urlOf, withClient } from '../../models/provision';
import { openWorld, type World } from '../harness';

const by: Doer = {
  actor: { kind: 'operator', name: 'Olga' },
  address: 'command line',
  requestId: 'the one',
};
const log = { info: () => undefined };

let world: World;
let operator: Database;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  operator = await openDatabase({
    ...{ url: world.operatorUrl, poolMax: 2, applicationName: 'test', statementTimeoutMs: 5_000 },
  });
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

const tenantTables = async () =>
  (
    await world.rows(
      `select c.relname as name from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`,
    )
  ).map(({ name }) => String(name));

async function filledTables(organizationId: string): Promise<string[]> {
  const filled: string[] = [];
  for (const table of await tenantTables()) {
    const sql = `select 1 from ${table} where organization_id = $1 limit 1`;
    if ((await world.rows(sql, [organizationId])).length > 0) filled.push(table);
  }
  return filled;
}

const create = (slug: string, email = `admin@${slug}.example`) =>
  operator.inOrganization(organizationIdOf(slug), (tx) =>
    createOrganization(
      tx,
      {
        ...{ slug, name: slug, timezone: 'Europe/Vienna' },
        administrator: { email, name: 'Ada', passwordHash: 'x', mustChangePassword: true },
      },
      by,
    ),
  );
const age = (slug: string, days: number) =>
  world.rows(
    'update organizations set deleted_at = now() - make_interval(days => $2) where slug = $1',
    [slug, days],
  );

describe('the role of the operator', () => {
  it('may read organizations and their slugs, by the catalog, and nothing else', async () => {
    const readable = await world.rows(
      `select c.relname as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p')
          and has_any_column_privilege('holdfast_operator', c.oid, 'select') order by 1`,
    );
    expect(readable.map(({ name }) => name)).toEqual(['organization_slugs', 'organizations']);
    const [role] = await world.rows(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
              array(select roleid::regrole::text from pg_auth_members where member = r.oid) as member
         from pg_roles r where rolname = 'holdfast_operator'`,
    );
    expect(role).toEqual({
      ...{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false },
      member: [],
    });
  });

  it('sees all organizations, and no ticket, person or comment when it tries', async () => {
    const other = await world.neighbour();
    const slugs = (await listOrganizations(operator)).map(({ slug }) => slug);
    expect(slugs).toEqual(expect.arrayContaining([world.slug, other.slug]));
    const client = new Client({ connectionString: world.operatorUrl });
    await client.connect();
    for (const table of await tenantTables()) {
      await client.query(`select set_config('app.organization', $1, false)`, [
        world.organizationId,
      ]);
      await expect(client.query(`select * from ${table}`)).rejects.toThrow('permission denied');
      await expect(client.query(`delete from ${table}`)).rejects.toThrow('permission denied');
    }
    for (const sql of [
      `select * from find_tickets('x')`,
      `select * from find_login('x')`,
      `select purge_organization('${world.organizationId}', 1)`,
      `update organizations set settings = '{}'`,
      `delete from organizations`,
    ]) {
      await expect(client.query(sql)).rejects.toThrow('permission denied');
    }
    await client.end();
  });

  it('cannot make itself an administrator of an organization that is there', async () => {
    const intrude = operator.inOrganization(world.organizationId, (tx) =>
      tx.rows(
        `insert into users (organization_id, id, email, name, role, password_hash)
         values ($1, gen_random_uuid(), 'eve@example.com', 'Eve', 'admin', 'x')`,
        [tx.organizationId],
      ),
    );
    await expect(intrude).rejects.toThrow('row-level security');
  });
});

describe('the application', () => {
  it('cannot suspend, delete or bring back its organization', async () => {
    for (const set of ['suspended_at = null', 'deleted_at = null', `slug = 'other'`]) {
      const attempt = world.database.once(world.organizationId, `update organizations set ${set}`);
      await expect(attempt).rejects.toThrow('permission denied');
    }
    const end = world.database.once(world.organizationId, 'delete from organizations');
    await expect(end).rejects.toThrow('permission denied');
    const early = world.database.once(world.organizationId, 'select purge_organization($1, 1)', [
      world.organizationId,
    ]);
    await expect(early).rejects.toThrow('not to be purged');
  });
});

describe('an organization that the operator makes', () => {
  it('is ready to work, and its making is an event of the operator', async () => {
    await create('initech');
    const id = organizationIdOf('initech');
    expect(await filledTables(id)).toEqual([
      ...['audit_events', 'calendars', 'sla_policies', 'team_members', 'teams', 'users'],
    ]);
    const [made] = await world.rows(
      `select o.settings->>'timezone' as zone, t.name as team, u.must_change_password as must, u.role,
              (select definition::text from calendars c where c.organization_id = o.id and name = 'Business hours') as hours
         from organizations o join teams t on t.id = (o.settings->>'defaultTeamId')::uuid
         join users u on u.organization_id = o.id where o.id = $1`,
      [id],
    );
    expect(made).toMatchObject({
      zone: 'Europe/Vienna',
      team: 'Service desk',
      must: true,
      role: 'admin',
    });
    expect(made?.['hours']).toContain('Europe/Vienna');
    const events = await world.rows(
      'select action, actor, actor_id from audit_events where organization_id = $1',
      [id],
    );
    expect(events).toEqual([
      {
        action: 'organization.created',
        actor: { kind: 'operator', id: null, name: 'Olga' },
        actor_id: null,
      },
    ]);
  });

  it('is refused whole for a slug or an address that is taken', async () => {
    await create('hooli');
    await expect(create('hooli', 'new@hooli.example')).rejects.toMatchObject({ code: 'conflict' });
    await expect(create('pied-piper', 'ADMIN@hooli.example')).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await listOrganizations(operator)).map(({ slug }) => slug)).not.toContain('pied-piper');
  });
});

describe('an organization that is deleted', () => {
  it('is suspended, and comes back as it was within the grace', async () => {
    await create('umbrella');
    const standing = async () =>
      (await listOrganizations(operator)).find(({ slug }) => slug === 'umbrella');
    await markDeleted(operator, 'umbrella', by);
    const deleted = await standing();
    expect(deleted?.deletedAt).toEqual(deleted?.suspendedAt);
    await expect(resume(operator, 'umbrella', [], by)).rejects.toMatchObject({ code: 'conflict' });
    await restore(operator, 'umbrella', [], by);
    expect(await standing()).toMatchObject({ suspendedAt: null, deletedAt: null });

    await suspend(operator, 'umbrella', 'unpaid', by);
    await markDeleted(operator, 'umbrella', by);
    await restore(operator, 'umbrella', [], by);
    expect(await standing()).toMatchObject({ suspensionReason: 'unpaid', deletedAt: null });
    expect((await standing())?.suspendedAt).toBeInstanceOf(Date);

    await markDeleted(operator, 'umbrella', by);
    await age('umbrella', 31);
    await expect(restore(operator, 'umbrella', [], by)).rejects.toMatchObject({ code: 'conflict' });
    const acts = await world.rows(
      `select action from audit_events where organization_id = $1 order by at, id`,
      [organizationIdOf('umbrella')],
    );
    expect(acts.map(({ action }) => String(action).split('.')[1])).toEqual([
      ...['created', 'deleted', 'restored', 'suspended', 'deleted', 'restored', 'deleted'],
    ]);
  });

  it('is purged after the grace, to the last row of every table, and no other row with it', async () => {
    const doomed = await world.neighbour();
    const admin = await doomed.as('admin');
    const { id: manager } = { id: doomed.id('person', 'manager') };
    await admin.patch(`/users/${doomed.id('person', 'agent')}`, { managerId: manager }).expect(200);
    await admin
      .post('/categories', { name: 'Deep', parentId: doomed.id('category', 'Software') })
      .expect(201);
    await admin.post('/locations', { name: 'Berlin' }).expect(201);
    const report = { title: 'x', description: 'x', impact: 'high', urgency: 'high' };
    for (const n of [1, 2, 3])
      await admin.post('/incidents', { ...report, title: `No ${n}` }).expect(201);
    await world.rows(
      `insert into ticket_links select organization_id, id, 'x', id from tickets where organization_id = $1`,
      [doomed.organizationId],
    );
    const before = await filledTables(doomed.organizationId);
    expect(before.length).toBeGreaterThan(14);
    const others = await filledTables(world.organizationId);

    await markDeleted(operator, doomed.slug, by);
    await age(doomed.slug, 29);
    expect(await purgeOrganizations({ ...world, log })).not.toContainEqual(
      expect.objectContaining({ slug: doomed.slug }),
    );
    expect(await filledTables(doomed.organizationId)).toEqual(
      before.includes('audit_events') ? before : [],
    );

    await age(doomed.slug, 31);
    // As if it had been killed: the rest of it is done by the next.
    await world.database.once(doomed.organizationId, 'select purge_organization($1, 2)', [
      doomed.organizationId,
    ]);
    const purged = await purgeOrganizations({ ...world, log });
    expect(purged).toContainEqual(expect.objectContaining({ slug: doomed.slug }));
    expect(await filledTables(doomed.organizationId)).toEqual([]);
    expect(await filledTables(world.organizationId)).toEqual(others);
    const [gone] = (await listPurged(operator)).filter(({ slug }) => slug === doomed.slug);
    expect(Object.keys(gone?.purged ?? {}).sort()).toEqual(before);
    expect(gone?.purged).toMatchObject({ tickets: 3, users: 7 });
    await expect(create(doomed.slug)).rejects.toMatchObject({ code: 'conflict' });
    expect(await purgeOrganizations({ ...world, log })).toEqual([]);
  });

  it('can be purged from every table of tenants, also from one that is made later', async () => {
    const held = await world.rows(
      `select c.relname as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations'
          and not (has_table_privilege('holdfast_system', c.oid, 'select')
               and has_table_privilege('holdfast_system', c.oid, 'update')
               and has_table_privilege('holdfast_system', c.oid, 'delete'))`,
    );
    expect(held).toEqual([]);
    const [later] = await world.rows(
      `select 1 as there from pg_default_acl where defaclrole = 'holdfast_owner'::regrole
          and defaclobjtype = 'r' and defaclacl::text like '%holdfast_system=%d%'`,
    );
    expect(later).toEqual({ there: 1 });
  });
});

describe('an installation of an older release', () => {
  it('keeps the slugs that it has given, and admits the operator whenever the role comes', async () => {
    const { adminUrl, ownerPassword, appPassword } = world.stack;
    const database = `older_${randomUUID().replaceAll('-', '')}`;
    const passwords = { ownerPassword, appPassword };
    const { ownerUrl } = await provisionDatabase(adminUrl, { database, ...passwords });
    const own = urlOf(adminUrl, database);
    try {
      await migrate(
        ownerUrl,
        migrations.filter(({ name }) => name < '0008'),
      );
      await withClient(own, async (client) => {
        await client.query(
          `insert into organizations (id, slug, name) values (gen_random_uuid(), 'acme', 'Acme')`,
        );
        await migrate(ownerUrl);
        const slugs = await client.query('select slug, purged from organization_slugs');
        expect(slugs.rows).toEqual([{ slug: 'acme', purged: {} }]);
        await client.query('revoke select on organizations from holdfast_operator');
        await provisionDatabase(adminUrl, { database, ...passwords });
        const admitted = await client.query(
          `select has_table_privilege('holdfast_operator', 'organizations', 'select') as may`,
        );
        expect(admitted.rows).toEqual([{ may: true }]);
      });
    } finally {
      await withClient(adminUrl, (client) =>
        client.query(`drop database ${database} with (force)`),
      );
    }
  });
});

describe('an export', () => {
  it('has every row once, of this organization alone, and no secret', async () => {
    const admin = await world.as('admin');
    await admin
      .post('/incidents', {
        title: 'Ünïcode 🙂',
        description: 'a\nb',
        impact: 'low',
        urgency: 'low',
      })
      .expect(201);
    await world.neighbour();
    const lines: string[] = [];
    const { rows } = await exportOrganization(
      world.database,
      { id: world.organizationId, slug: world.slug },
      (some) => {
        lines.push(...some);
        return Promise.resolve();
      },
    );
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(parsed[0]).toMatchObject({
      format: 'holdfast-organization',
      version: 1,
      organization: { slug: world.slug },
    });
    const end = parsed.at(-1) as { rows: number; counts: Record<string, number> };
    expect(end).toMatchObject({ end: true, rows });
    expect(end.counts).toMatchObject({
      organizations: 1,
      users: 7,
      tickets: 1,
    });
    expect(parsed).toHaveLength(rows + 2);
    expect(end.counts).not.toHaveProperty('sessions');
    const of = (table: string) =>
      parsed.filter((line) => line['table'] === table).map(({ row }) => row);
    expect(of('tickets')).toEqual([
      expect.objectContaining({ title: 'Ünïcode 🙂', description: 'a\nb' }),
    ]);
    for (const row of parsed.slice(1, -1).map(({ row: one }) => one as Record<string, unknown>)) {
      expect(row['organization_id'] ?? row['id']).toBe(world.organizationId);
      expect(Object.keys(row).filter(isSecret)).toEqual([]);
    }
    expect(lines.join('\n')).not.toContain('$argon2id$');
  });

  it.each([
    ['password_hash', true],
    ['token_hash', true],
    ['totp_secret', true],
    ['password_changed_at', false],
    ['title', false],
  ])('takes %s for a secret: %s', (column, is) => {
    expect(isSecret(column)).toBe(is);
  });
});
