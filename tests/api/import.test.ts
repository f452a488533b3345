/** Many people at once: from a file, by one act on many, and finding one of them. */
import type { Response } from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';

const Issue = z.object({ pointer: z.string(), code: z.string() });
const Imported = z.object({
  dryRun: z.boolean(),
  counts: z.record(z.string(), z.int()),
  lines: z.array(
    z.object({
      line: z.int(),
      email: z.string(),
      outcome: z.string(),
      errors: z.array(Issue),
    }),
  ),
});
const Problem = z.object({ code: z.string(), errors: z.array(Issue).default([]) });

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  await admin.post('/locations', { name: 'Vienna' });
});
afterAll(() => world.close());

const at = (name: string) => `${name}@${world.slug}.example`;
const csvOf = (lines: readonly string[]) =>
  lines.join('\r\n').replaceAll('@', `@${world.slug}.example`);
const ask = (lines: readonly string[], more: object = { dryRun: false }, by: Caller = admin) =>
  by.post('/users/actions/import', { csv: csvOf(lines), ...more });
/** `2 created`, `3 refused /role invalid_value`. */
const read = ({ status, body }: Response) => {
  expect([status, body]).toMatchObject([200, {}]);
  return Imported.parse(body).lines.map(({ line, outcome, errors }) =>
    [line, outcome, ...errors.map((one) => `${one.pointer} ${one.code}`)].join(' '),
  );
};
const taken = async (...lines: string[]) => read(await ask(lines));
const refusal = ({ status, body }: Response) => {
  const { code, errors } = Problem.parse(body);
  return [status, code, ...errors.map((one) => `${one.pointer} ${one.code}`)];
};
const rowOf = async (name: string) =>
  (
    await world.rows(
      `select u.*, m.email as manager, l.name as location from users u
         left join users m on m.id = u.manager_id left join locations l on l.id = u.location_id
        where u.email = $1`,
      [at(name)],
    )
  )[0];
const actsOn = async (name: string) =>
  (
    await world.rows(
      `select action, before, after from audit_events
        where target_id = (select id from users where email = $1) order by at, id`,
      [at(name)],
    )
  ).map(({ action, before, after }) => ({ action, before, after }));

describe('a file of people', () => {
  const header = 'Email;Name;Role;Title;Manager;Location;VIP;Timezone';
  const file = [
    `\ufeff${header}`,
    'ada@;"Lovelace; Ada";agent;"=1+1";boss@;Vienna;yes;Europe/Vienna',
    '',
    'boss@;"Big ""B"" Boss";;;;;;',
  ];

  it('is rehearsed unless somebody says otherwise: the same answer, and nothing is done', async () => {
    const before = await world.rows('select count(*)::int as n from audit_events');
    const answer = await ask(file, {});
    expect(read(answer)).toEqual(['2 created', '4 created']);
    expect(answer.body).toMatchObject({ dryRun: true, counts: { created: 2, refused: 0 } });
    expect(await rowOf('ada')).toBeUndefined();
    expect(await world.rows('select count(*)::int as n from audit_events')).toEqual(before);
  });

  it('makes people, whose managers may stand below them; cells are text', async () => {
    expect(read(await ask(file))).toEqual(['2 created', '4 created']);
    expect(await rowOf('ada')).toMatchObject({
      ...{ name: 'Lovelace; Ada', role: 'agent', title: '=1+1', is_vip: true },
      ...{ manager: at('boss'), location: 'Vienna', timezone: 'Europe/Vienna' },
    });
    expect(await rowOf('boss')).toMatchObject({ name: 'Big "B" Boss', role: 'end_user' });
    expect(await actsOn('ada')).toMatchObject([
      { action: 'person.created', after: { email: at('ada'), role: 'agent' } },
    ]);
  });

  it('changes nothing the second time', async () => {
    expect(read(await ask(file))).toEqual(['2 unchanged', '4 unchanged']);
    expect(await rowOf('ada')).toMatchObject({ revision: 1 });
    expect(await actsOn('ada')).toHaveLength(1);
  });

  it('edits whoever is there by email; a column that is not there, and an empty role, stay', async () => {
    expect(await taken('email,title,role,vip', 'ADA@,,,', 'boss@,Chief,,no')).toEqual([
      '2 updated',
      '3 updated',
    ]);
    expect(await rowOf('ada')).toMatchObject({
      title: null,
      role: 'agent',
      is_vip: true,
      location: 'Vienna',
    });
    const [, edited] = await actsOn('ada');
    expect(edited).toMatchObject({
      action: 'person.edited',
      before: { title: '=1+1' },
      after: { title: null },
    });
  });

  it('does all lines but those that are refused, each with every reason', async () => {
    expect(
      await taken(
        'email,name,role,manager,location,vip,timezone',
        'good@,Good,,,,,',
        'nonsense,N,king,,,constructor,Mars/Olympus',
        'good@,Again,,,,,',
        'lost@,Lost,,nobody@,Atlantis,,',
        'nameless@,,,,,,',
        'below@,Below,,lost@,,,',
        'short@,Short',
        'user@,User,,good@,,,',
      ),
    ).toEqual([
      '2 created',
      '3 refused /email invalid_format /role invalid_value /timezone invalid /vip invalid_value',
      '4 refused /email repeated',
      '5 refused /manager not_found /location not_found',
      '6 refused /name required',
      '7 refused /manager not_found',
      '8 refused  invalid',
      '9 updated',
    ]);
    expect(await rowOf('good')).toMatchObject({ name: 'Good' });
    expect(await rowOf('lost')).toBeUndefined();
    expect(await rowOf('user')).toMatchObject({ name: 'User', manager: at('good') });
  });

  it('closes no circle of managers, and undoes no line before', async () => {
    expect(
      await taken(
        'email,name,manager',
        'first@,First,',
        'second@,Second,first@',
        'third@,Third,second@',
      ),
    ).toEqual(['2 created', '3 created', '4 created']);
    expect(await taken('email,title,manager', 'first@,Lost,third@', 'third@,Kept,second@')).toEqual(
      ['2 refused /manager cycle', '3 updated'],
    );
    expect(await rowOf('first')).toMatchObject({ manager: null, title: null });
    // Turned round: right as a whole, whichever line comes first.
    expect(await taken('email,manager', 'first@,second@', 'second@,third@', 'third@,')).toEqual([
      '2 updated',
      '3 updated',
      '4 updated',
    ]);
  });

  it('leaves the last administrator one', async () => {
    expect(await taken('email,role,title', 'admin@,agent,Lost', 'agent@,agent,Kept')).toEqual([
      '2 refused  conflict',
      '3 updated',
    ]);
    expect(await rowOf('admin')).toMatchObject({ role: 'admin', title: null });
  });

  it('neither finds nor tells of anybody of another organization', async () => {
    const other = await world.neighbour();
    const theirs = `admin@${other.slug}.example`;
    const csv = `email,name,manager\n${theirs},X,\n${at('mine')},Mine,${theirs}`;
    const answer = await admin.post('/users/actions/import', { csv, dryRun: false });
    expect(read(answer)).toEqual(['2 refused /email taken', '3 refused /manager not_found']);
    expect(await world.rows('select name from users where email = $1', [theirs])).toEqual([
      { name: 'admin' },
    ]);
  });

  it('invites those who are new if it says so, but not those without a login', async () => {
    const lines = ['email,name,login', 'in@,In,yes', 'out@,Out,no', 'good@,Good,yes'];
    expect(read(await ask(lines, { dryRun: false, invite: true }))).toEqual([
      '2 created',
      '3 created',
      '4 unchanged',
    ]);
    const mails = await world.rows(
      `select u.email from mails m join users u on u.id = m.user_id where m.kind = 'invitation'`,
    );
    expect(mails).toEqual([{ email: at('in') }]);
  });

  it.each([
    [['email,name', '"open@,X'], '/csv invalid'],
    [['name', 'x'], '/csv required'],
    [['email,shoeSize', 'a@,43'], '/csv unknown_field'],
    [['email,password', 'a@,Correct-horse-1'], '/csv unknown_field'],
    [['email,name,name', 'a@,b,c'], '/csv invalid'],
    [['email', ...Array.from({ length: 5_001 }, (_, k) => `a${k}@`)], '/csv too_big'],
  ])('is refused as a whole: %#', async (lines, issue) => {
    expect(refusal(await ask(lines))).toEqual([422, 'invalid_input', issue]);
  });

  it('takes a million characters, however they are written in JSON, and no more', async () => {
    const blank = '"'.repeat(600_000);
    expect(read(await ask(['email', `"a@${blank}"`]))).toEqual([
      '2 refused /email invalid_format /email too_big',
    ]);
    expect(refusal(await ask(['email', 'x'.repeat(1_000_001)]))).toContain('/csv too_big');
  });
});

describe('who may import', () => {
  it('are those who may manage people and have just proved who they are', async () => {
    const manager = await world.as('manager');
    expect(refusal(await ask(['email', 'x@'], {}, manager))).toEqual([403, 'forbidden']);
    await world.rows(`update sessions set factor_at = now() - interval '6 minutes'`);
    expect(refusal(await ask(['email', 'x@'], {}))).toEqual([403, 'step_up_required']);
    await world.rows('update sessions set factor_at = now()');
  });

  it('gives no more than they hold themselves', async () => {
    const wish = { name: 'People', permissions: ['user:manage', 'user:read'] };
    const role = z.object({ id: z.string() }).parse((await admin.post('/roles', wish)).body);
    const keeper = world.id('person', 'colleague');
    await admin.put(`/users/${keeper}/roles/${role.id}`, { validUntil: null });
    const by = await world.as('colleague');
    const lines = [
      'email,name,role',
      'king@,King,admin',
      'manager@,Mine,',
      'plain@,Plain,end_user',
    ];
    expect(read(await ask(lines, { dryRun: false }, by))).toEqual([
      '2 refused  forbidden',
      '3 refused  forbidden',
      '4 created',
    ]);
    expect(await rowOf('king')).toBeUndefined();
  });
});

describe('one act on many', () => {
  const bulk = async (action: string, ids: readonly string[]) => {
    const answer = await admin.post('/users/actions/bulk', { ids, action });
    const Done = z.object({
      data: z.array(
        z.object({ outcome: z.string(), error: z.object({ code: z.string() }).nullable() }),
      ),
    });
    return Done.parse(answer.body).data.map(({ outcome, error }) => error?.code ?? outcome);
  };

  it('is done to each by itself', async () => {
    const ids = ['stranger', 'admin', 'user', 'stranger'].map((name) => world.id('person', name));
    const nobody = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
    expect(await bulk('deactivate', [...ids, nobody])).toEqual([
      'done',
      'conflict',
      'done',
      'not_found',
    ]);
    expect(await rowOf('stranger')).toMatchObject({ is_active: false });
    expect(await rowOf('admin')).toMatchObject({ is_active: true });
    expect(await bulk('activate', ids)).toEqual(['done', 'done', 'done']);
    expect(await bulk('unlock', ids)).toEqual(['done', 'done', 'done']);
    expect((await actsOn('stranger')).map(({ action }) => action)).toEqual([
      'person.deactivated',
      'person.activated',
      'person.unlocked',
    ]);
  });

  it('takes at most 200', async () => {
    const ids = Array.from({ length: 201 }, () => world.id('person', 'user'));
    const answer = await admin.post('/users/actions/bulk', { ids, action: 'unlock' });
    expect(refusal(answer)).toEqual([422, 'invalid_input', '/ids too_big']);
  });
});

describe('GET /users?search=', () => {
  const found = async (text: string, by: Caller = admin, more = '') => {
    const answer = await by.get(`/users?search=${encodeURIComponent(text)}${more}`);
    const Page = z.object({ data: z.array(z.object({ name: z.string() })) });
    return Page.parse(answer.body).data.map(({ name }) => name);
  };
  beforeAll(() =>
    taken(
      'email,name,title,department',
      'hopper@,Grace,Rear Admiral,Navy',
      'noether@,Emmy,100%_Algebra,Göttingen',
    ),
  );

  it('finds parts of name, email, title and department, in capital or small letters', async () => {
    for (const text of ['grac', 'HOPPER@', 'r adm', 'navy']) {
      expect([text, await found(text)]).toEqual([text, ['Grace']]);
    }
    expect(await found('GÖTT')).toEqual(['Emmy']);
    expect(await found('emmy', admin, '&filter[role]=agent')).toEqual([]);
  });

  it('takes the signs of a pattern as they are', async () => {
    expect(await found('100%_')).toEqual(['Emmy']);
    expect(await found('%')).toEqual(['Emmy']);
    expect(await found('\\')).toEqual([]);
  });

  it('lets an end user look for names only', async () => {
    const user = await world.as('user');
    expect(await found('grace', user)).toEqual(['Grace']);
    for (const text of ['hopper', 'admiral', 'navy']) expect(await found(text, user)).toEqual([]);
  });

  it('binds the cursor to what was looked for, and counts that', async () => {
    const first = await admin.get('/users?search=example&limit=1&count=true');
    const Page = z.object({ page: z.object({ nextCursor: z.string() }), total: z.int() });
    const { page, total } = Page.parse(first.body);
    expect(total).toBeGreaterThan(5);
    expect(
      (await admin.get(`/users?search=example&limit=1&cursor=${page.nextCursor}`)).status,
    ).toBe(200);
    expect((await admin.get(`/users?search=other&limit=1&cursor=${page.nextCursor}`)).status).toBe(
      400,
    );
  });

  it('is no parameter of other lists', async () => {
    expect(refusal(await admin.get('/teams?search=x'))).toContain('/query/search unknown_field');
  });
});
