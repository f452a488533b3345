/** How tables come to their present form: several starters, one that is killed, an edited file. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { migrate } from '../../models/migrate';
import { migrations } from '../../models/migrations/list';
import { provisionDatabase } from '../../models/provision';
import { defaultPolicy } from '../../models/sla/policy/default';
import { surroundings } from '../../scripts/stack/environment';
import { eventually } from '../harness';
import { testStack } from '../setup/stack';

const names = migrations.map(({ name }) => name);

/** What version 1 of every organization promised before there were rules: response and resolution. */
function targetsOfOld({ roundTheClock, business }: { roundTheClock: string; business: string }) {
  const [minute, hour] = [60, 3_600];
  const promises = [
    ['P1', 15 * minute, 4 * hour, roundTheClock],
    ['P2', 30 * minute, 8 * hour, roundTheClock],
    ['P3', 4 * hour, 24 * hour, business],
    ['P4', 8 * hour, 40 * hour, business],
    ['P5', 16 * hour, 80 * hour, business],
  ] as const;
  return promises.flatMap(([priority, response, resolution, calendarId]) => [
    { priority, metric: 'firstResponse', targetSeconds: response, calendarId },
    { priority, metric: 'resolution', targetSeconds: resolution, calendarId },
  ]);
}

interface Place {
  readonly ownerUrl: string;
  /** A connection as the owner. */
  readonly owner: Client;
  /** Watches the others; it has no transaction, in which such views stand still. */
  readonly admin: Client;
  readonly database: string;
}

/** An empty database with its roles, for one story. */
async function onEmptyDatabase(story: (place: Place) => Promise<void>): Promise<void> {
  const { adminUrl, ownerPassword, appPassword } = testStack();
  const database = `migrate_${randomUUID().replaceAll('-', '')}`;
  const { ownerUrl } = await provisionDatabase(adminUrl, { database, ownerPassword, appPassword });
  const [admin, owner] = [adminUrl, ownerUrl].map((url) => new Client({ connectionString: url }));
  if (!admin || !owner) throw new Error('No connection');
  await Promise.all([admin.connect(), owner.connect()]);
  try {
    await story({ ownerUrl, owner, admin, database });
  } finally {
    await owner.end();
    await admin.query(`drop database ${database} with (force)`);
    await admin.end();
  }
}

/** `npm run migrate` as a process of its own. */
function starter(ownerUrl: string) {
  const env = surroundings({ DATABASE_OWNER_URL: ownerUrl });
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/migrate.ts'], { env });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { child, ended: endOf(child).then((how) => ({ how, said: said.trim() })) };
}

function endOf(child: ChildProcess): Promise<number | string | null> {
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve(signal ?? code);
    });
  });
}

async function recordOf({ owner }: Place): Promise<unknown[]> {
  return (await owner.query<object>('select name from migrations order by name')).rows;
}

async function isTable({ owner }: Place, name: string): Promise<boolean> {
  const { rowCount } = await owner.query('select 1 from pg_class where relname = $1', [name]);
  return rowCount === 1;
}

describe('migrations', () => {
  it('are run by one of two starters at the same time; both succeed', () =>
    onEmptyDatabase(async (place) => {
      const both = [starter(place.ownerUrl), starter(place.ownerUrl)];
      const ends = await Promise.all(both.map(({ ended }) => ended));
      expect(ends.map(({ how }) => how)).toEqual([0, 0]);
      expect(ends.map(({ said }) => said).sort()).toEqual([
        `Ran ${names.join(', ')}`,
        'The tables are up to date',
      ]);
      expect(await recordOf(place)).toEqual(names.map((name) => ({ name })));
    }));

  it('of a starter that is killed half way leave nothing; the next one runs them all', () =>
    onEmptyDatabase(async (place) => {
      const { owner, ownerUrl, admin, database } = place;
      // Holds up the migration at a table in its middle.
      await owner.query('begin; create table tickets ()');
      const { child, ended } = starter(ownerUrl);
      const waits = async () => {
        const { rowCount } = await admin.query(
          `select 1 from pg_stat_activity where datname = $1
              and wait_event_type = 'Lock' and query like '%create table organizations%'`,
          [database],
        );
        return rowCount === 1 ? true : undefined;
      };
      await eventually('a starter that waits', waits, 40_000);
      child.kill('SIGKILL');
      expect((await ended).how).toBe('SIGKILL');
      const next = migrate(ownerUrl);
      await owner.query('rollback');
      expect(await next).toEqual(names);
      expect(await recordOf(place)).toEqual(names.map((name) => ({ name })));
      expect(await isTable(place, 'tickets')).toBe(true);
    }));

  it('that fail leave nothing of themselves nor of those before them', () =>
    onEmptyDatabase(async (place) => {
      const good = { name: '0001-good', up: 'create table good (id int)' };
      const bad = { name: '0002-bad', up: 'create table bad (id int); select 1 / 0' };
      await expect(migrate(place.ownerUrl, [good, bad])).rejects.toThrow('division by zero');
      expect(await isTable(place, 'good')).toBe(false);
      expect(await migrate(place.ownerUrl, [good])).toEqual(['0001-good']);
    }));

  it('that were edited after they ran are noticed, before anything else is run', () =>
    onEmptyDatabase(async (place) => {
      const first = { name: '0001-first', up: 'create table first (id int)' };
      const second = { name: '0002-second', up: 'create table second (id int)' };
      await migrate(place.ownerUrl, [first]);
      const edited = { ...first, up: 'create table first (id bigint)' };
      const again = migrate(place.ownerUrl, [edited, second]);
      await expect(again).rejects.toThrow('The migration 0001-first was edited after it ran');
      expect(await isTable(place, 'second')).toBe(false);
    }));

  it('of newer code are left alone by the code of the release before', () =>
    onEmptyDatabase(async (place) => {
      const first = { name: '0001-first', up: 'create table first (id int)' };
      const second = { name: '0002-second', up: 'create table second (id int)' };
      await migrate(place.ownerUrl, [first, second]);
      expect(await migrate(place.ownerUrl, [first])).toEqual([]);
      expect(await isTable(place, 'second')).toBe(true);
    }));

  it('of a database whose record has names only are taken as they are', () =>
    onEmptyDatabase(async (place) => {
      const first = { name: '0001-first', up: 'create table first (id int)' };
      await place.owner.query('create table migrations (name varchar(255) primary key)');
      await place.owner.query(`insert into migrations values ('0001-first')`);
      expect(await migrate(place.ownerUrl, [first])).toEqual([]);
      const edited = { ...first, up: 'create table first (id bigint)' };
      await expect(migrate(place.ownerUrl, [edited])).rejects.toThrow('was edited after it ran');
    }));

  it('0014 names the calendars that are there, of every organization, and takes leads into their teams', () =>
    onEmptyDatabase(async ({ owner, ownerUrl }) => {
      const older = migrations.filter(({ name }) => name < '0014');
      await migrate(ownerUrl, older);
      const acme = randomUUID();
      for (const [slug, id] of [
        ['acme', acme],
        ['globex', randomUUID()],
      ]) {
        await owner.query(`select set_config('app.organization', $1, false)`, [id]);
        await owner.query('insert into organizations (id, slug, name) values ($1, $2, $2)', [
          id,
          slug,
        ]);
        for (const [version, name] of [
          [1, 'Hours'],
          [2, 'Counter'],
        ]) {
          await owner.query(
            `insert into calendars (organization_id, id, version, name, definition)
             values ($1, $1, $2, $3, '{}')`,
            [id, version, name],
          );
        }
        for (const [name, isGone] of [
          ['lead', false],
          ['gone', true],
        ]) {
          await owner.query(
            `with person as (
               insert into users (organization_id, id, email, name, role, deleted_at)
               values ($1, gen_random_uuid(), $2 || '@' || $3, $2, 'agent',
                       case when $4 then now() end) returning id)
             insert into teams (organization_id, id, name, lead_id)
             select $1, gen_random_uuid(), 'Team of ' || $2, id from person`,
            [id, name, `${String(slug)}.example`, isGone],
          );
        }
      }
      await migrate(ownerUrl);
      const seen = async (sql: string) => (await owner.query<object>(sql, [acme])).rows;
      expect(
        await seen('select id, name, revision from business_calendars where organization_id = $1'),
      ).toEqual([{ id: acme, name: 'Counter', revision: 1 }]);
      expect(
        await seen(
          `select t.name, u.name as lead, m.skills, m.capacity, t.lead_id = m.user_id as leads
             from teams t left join team_members m on m.team_id = t.id
             left join users u on u.id = m.user_id
            where t.organization_id = $1 order by t.name`,
        ),
      ).toEqual([
        { name: 'Team of gone', lead: null, skills: null, capacity: null, leads: null },
        { name: 'Team of lead', lead: 'lead', skills: [], capacity: null, leads: true },
      ]);
      await owner.query(`select set_config('app.organization', $1, false)`, [acme]);
      // The release before, which is still running, writes versions only.
      await owner.query(
        `insert into calendars (organization_id, id, version, name, definition)
         values ($1, gen_random_uuid(), 1, 'New', '{}')`,
        [acme],
      );
      expect(
        await seen('select name from business_calendars where organization_id = $1 order by name'),
      ).toEqual([{ name: 'Counter' }, { name: 'New' }]);
    }));

  it('0020 gives every version of a policy its rules, and those that the release before still writes', () =>
    onEmptyDatabase(async ({ owner, ownerUrl }) => {
      await migrate(
        ownerUrl,
        migrations.filter(({ name }) => name < '0020'),
      );
      const acme = randomUUID();
      const [always, office] = [randomUUID(), randomUUID()];
      const calendars = { roundTheClock: always, business: office };
      const before = { warnPercent: 75, escalatePercent: 150, targets: targetsOfOld(calendars) };
      const [resolveP1, respondP2] = [
        { priority: 'P1', metric: 'resolution', targetSeconds: 60, calendarId: always },
        { priority: 'P2', metric: 'firstResponse', targetSeconds: 30, calendarId: always },
      ];
      await owner.query(`select set_config('app.organization', $1, false)`, [acme]);
      await owner.query(`insert into organizations (id, slug, name) values ($1, 'acme', 'Acme')`, [
        acme,
      ]);
      await owner.query(
        `insert into calendars (organization_id, id, version, name, definition)
         values ($1, $2, 1, 'Round the clock', '{}'), ($1, $3, 1, 'Business hours', '{}')`,
        [acme, always, office],
      );
      const write = (version: number, definition: object) =>
        owner.query(
          `insert into sla_policies (organization_id, id, version, ticket_type, name, definition)
           values ($1, $1, $2, 'incident', 'Incidents', $3)`,
          [acme, version, JSON.stringify(definition)],
        );
      await write(1, before);
      await write(2, { ...before, targets: [resolveP1, respondP2] });
      await migrate(ownerUrl);
      await write(3, before);
      const { rows } = await owner.query<{ rules: unknown }>(
        'select rules from sla_policies order by version',
      );
      const target = { kind: 'SLA', calendar: { calendarId: always } };
      expect(rows.map((row) => row.rules)).toEqual([
        defaultPolicy(calendars).rules,
        [
          {
            name: 'Round the clock',
            when: 'priority=in=(P1)',
            targets: [
              { id: 'resolution', metric: 'resolution', targetSeconds: { P1: 60 }, ...target },
            ],
          },
          {
            name: 'Round the clock 2',
            when: 'priority=in=(P2)',
            targets: [
              { id: 'response', metric: 'firstResponse', targetSeconds: { P2: 30 }, ...target },
            ],
          },
        ],
        defaultPolicy(calendars).rules,
      ]);
      const heads = await owner.query(
        'select name, ticket_type, state, draft from sla_policy_heads',
      );
      expect(heads.rows).toEqual([
        { name: 'Incidents', ticket_type: 'incident', state: 'published', draft: null },
      ]);
    }));
});
