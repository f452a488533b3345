/** Deletion, purge and export of an organization; and how an older installation comes to all of it. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { purgeOrganizations } from '../../engine/purge-organizations';
import type { Database } from '../../models/database';
import { migrate } from '../../models/migrate';
import { migrations } from '../../models/migrations/list';
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
import { provisionDatabase, urlOf, withClient } from '../../models/provision';
import { openWorld, type World } from '../harness';
import { asOperator, create, filledTables, olga } from '../setup/operator';

const log = { info: () => undefined };

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

const age = (slug: string, days: number) =>
  world.rows(
    'update organizations set deleted_at = now() - make_interval(days => $2) where slug = $1',
    [slug, days],
  );

/** Of files, in whichever folder below. */
const namesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map(({ name }) => name);

describe('an organization that is deleted', () => {
  it('is suspended, and comes back as it was within the grace', async () => {
    await create(operator, 'umbrella');
    const standing = async () =>
      (await listOrganizations(operator)).find(({ slug }) => slug === 'umbrella');
    await markDeleted(operator, 'umbrella', olga);
    const deleted = await standing();
    expect(deleted?.deletedAt).toEqual(deleted?.suspendedAt);
    await expect(resume(operator, 'umbrella', [], olga)).rejects.toMatchObject({
      code: 'conflict',
    });
    await restore(operator, 'umbrella', [], olga);
    expect(await standing()).toMatchObject({ suspendedAt: null, deletedAt: null });

    await suspend(operator, 'umbrella', 'unpaid', olga);
    await markDeleted(operator, 'umbrella', olga);
    await restore(operator, 'umbrella', [], olga);
    expect(await standing()).toMatchObject({ suspensionReason: 'unpaid', deletedAt: null });
    expect((await standing())?.suspendedAt).toBeInstanceOf(Date);

    await markDeleted(operator, 'umbrella', olga);
    await age('umbrella', 31);
    await expect(restore(operator, 'umbrella', [], olga)).rejects.toMatchObject({
      code: 'conflict',
    });
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
    await admin.post('/incidents/INC0000001/attachments?name=a.txt', Buffer.from('a')).expect(201);
    const files = join(world.fileFolder, doomed.organizationId);
    expect(await namesIn(files)).toHaveLength(1);
    await world.rows(
      `insert into ticket_links select organization_id, id, 'x', id from tickets where organization_id = $1`,
      [doomed.organizationId],
    );
    const before = await filledTables(world, doomed.organizationId);
    expect(before.length).toBeGreaterThan(14);
    const others = await filledTables(world, world.organizationId);

    await markDeleted(operator, doomed.slug, olga);
    await age(doomed.slug, 29);
    expect(await purgeOrganizations({ ...world, log })).not.toContainEqual(
      expect.objectContaining({ slug: doomed.slug }),
    );
    expect(await filledTables(world, doomed.organizationId)).toEqual(
      before.includes('audit_events') ? before : [],
    );

    await age(doomed.slug, 31);
    // As if it had been killed: the rest of it is done by the next.
    await world.database.once(doomed.organizationId, 'select purge_organization($1, 2)', [
      doomed.organizationId,
    ]);
    const purged = await purgeOrganizations({ ...world, log });
    expect(purged).toContainEqual(expect.objectContaining({ slug: doomed.slug }));
    expect(await filledTables(world, doomed.organizationId)).toEqual([]);
    expect(await namesIn(files)).toEqual([]);
    expect(await filledTables(world, world.organizationId)).toEqual(others);
    const [gone] = (await listPurged(operator)).filter(({ slug }) => slug === doomed.slug);
    expect(Object.keys(gone?.purged ?? {}).sort()).toEqual(before);
    expect(gone?.purged).toMatchObject({ tickets: 3, users: 7 });
    await expect(create(operator, doomed.slug)).rejects.toMatchObject({ code: 'conflict' });
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
      world,
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

  it('has the files of tickets, each piece to be decoded by itself', async () => {
    const admin = await world.as('admin');
    const report = { title: 'x', description: 'x', impact: 'low', urgency: 'low' };
    const made = await admin.post('/incidents', report).expect(201);
    const { id } = made.body as { id: string };
    const path = `/incidents/${id}/attachments?name=a.txt`;
    const content = 'Ünïcode 🙂\n'.repeat(20_000);
    await admin.post(path, Buffer.from(content)).set('content-type', 'text/plain').expect(201);
    const lines: Record<string, unknown>[] = [];
    const organization = { id: world.organizationId, slug: world.slug };
    await exportOrganization(world, organization, (some) => {
      lines.push(...some.map((line) => JSON.parse(line) as Record<string, unknown>));
      return Promise.resolve();
    });
    const [head] = lines.filter((line) => line['bytes'] !== undefined);
    expect(head).toMatchObject({ bytes: Buffer.byteLength(content) });
    const pieces = lines.filter((line) => line['piece'] !== undefined);
    expect(new Set(pieces.map(({ file }) => file))).toEqual(new Set([head?.['file']]));
    const bytes = Buffer.concat(pieces.map(({ piece }) => Buffer.from(String(piece), 'base64')));
    expect([pieces.length > 1, bytes.toString()]).toEqual([true, content]);
    expect(lines.at(-1)).toMatchObject({ end: true, files: 1 });
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
