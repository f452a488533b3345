/** The operator's role: what it may do, and what neither it nor the application may. */
import { Client } from 'pg';
import type { Database } from '../../models/database';
import { organizationIdOf } from '../../models/organizations/found';
import { listOrganizations } from '../../models/organizations/operations';
import { openWorld, type World } from '../harness';
import { asOperator, create, filledTables, tenantTables } from '../setup/operator';

let world: World;
let operator: Database;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  operator = await asOperator(world);
});
afterAll(async () => {
  await operator.close();
  await world.close();
});

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
    for (const table of await tenantTables(world)) {
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
    await create(operator, 'initech');
    const id = organizationIdOf('initech');
    expect(await filledTables(world, id)).toEqual([
      ...['audit_events', 'business_calendars', 'calendars', 'roles', 'sla_policies'],
      ...['sla_policy_heads', 'team_members', 'teams', 'users', 'views'],
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
    await create(operator, 'hooli');
    await expect(create(operator, 'hooli', 'new@hooli.example')).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(create(operator, 'pied-piper', 'ADMIN@hooli.example')).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await listOrganizations(operator)).map(({ slug }) => slug)).not.toContain('pied-piper');
  });
});
