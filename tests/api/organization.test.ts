/** The settings of an organization, and the setting up of an installation that has none. */
import supertest from 'supertest';
import { z } from 'zod';
import { setupTokenFor } from '../../models/organizations/setup-token';
import { openWorld, secret, type World } from '../harness';
import { aReport, acted, opened, refused, ticketOf, type Caller } from './incident';
import { said } from './problem';

const Organization = z.looseObject({
  id: z.string(),
  slug: z.string(),
  resolutionCodes: z.array(z.string()),
  defaultTeam: z.object({ id: z.string(), name: z.string() }).nullable(),
  revision: z.int(),
});
const Acts = z.object({
  data: z.array(z.looseObject({ action: z.string(), before: z.unknown(), after: z.unknown() })),
});

const row = { high: 'P1', medium: 'P2', low: 'P3' };
const matrix = (change: object) => ({ high: row, medium: { ...row, ...change }, low: row });

describe('the settings of an organization', () => {
  let world: World;
  let admin: Caller;
  let user: Caller;
  beforeAll(async () => {
    world = await openWorld();
    admin = await world.as('admin');
    user = await world.as('user');
  });
  afterAll(() => world.close());

  const read = async () => Organization.parse((await user.get('/organization').expect(200)).body);
  const edit = (body: object) => admin.patch('/organization', body);

  it('are read by everybody and edited by administrators, by revision, on record', async () => {
    const before = await read();
    expect(before).toMatchObject({
      ...{ slug: world.slug, timezone: 'Europe/Berlin', locale: 'en', autoCloseDays: 5 },
      ...{ defaultTeam: { name: 'Service desk' }, passwordMaxAgeDays: null },
    });
    expect(await refused(user.patch('/organization', { name: 'Mine' }))).toMatchObject({
      status: 403,
    });
    const change = { name: 'Acme Corp.', timezone: 'Asia/Tokyo', locale: 'ja', autoCloseDays: 3 };
    const edited = await edit(change).set('if-match', `"${before.revision}"`);
    expect([edited.status, edited.headers['etag']]).toEqual([200, `"${before.revision + 1}"`]);
    expect(edited.body).toEqual({ ...before, ...change, revision: before.revision + 1 });
    expect(await read()).toEqual(edited.body);
    const stale = await edit({ name: 'Other' }).set('if-match', `"${before.revision}"`);
    expect(said(stale)).toEqual([412, 'stale_version']);
    const acts = Acts.parse((await admin.get(`/audit-events?filter[target]=${before.id}`)).body);
    expect(acts.data).toMatchObject([
      {
        action: 'organization.edited',
        before: { name: world.slug, timezone: 'Europe/Berlin', autoCloseDays: 5 },
        after: change,
      },
    ]);
  });

  it.each([
    [{}, ''],
    [{ slug: 'other' }, '/slug unknown_field'],
    [{ shoeSize: 43 }, '/shoeSize unknown_field'],
    [{ name: ' ' }, '/name too_small'],
    [{ timezone: 'Mars/Base' }, '/timezone invalid'],
    [{ locale: 'Deutsch' }, '/locale invalid_format'],
    [{ autoCloseDays: -1 }, '/autoCloseDays too_small'],
    [{ autoCloseDays: 1.5 }, '/autoCloseDays invalid_type'],
    [{ passwordMaxAgeDays: 0 }, '/passwordMaxAgeDays too_small'],
    [{ defaultImpact: 'huge' }, '/defaultImpact invalid_value'],
    [{ resolutionCodes: [] }, '/resolutionCodes too_small'],
    [{ resolutionCodes: ['solved', 'other', 'solved'] }, '/resolutionCodes/2 taken'],
    [{ resolutionCodes: ['solved', ' '] }, '/resolutionCodes/1 too_small'],
    [{ resolutionCodes: 'solved' }, '/resolutionCodes invalid_type'],
    [{ priorityMatrix: { high: {} } }, '/priorityMatrix/high/high required'],
    [{ priorityMatrix: matrix({ low: 'P6' }) }, '/priorityMatrix/medium/low invalid_value'],
    [{ priorityMatrix: matrix({ none: 'P5' }) }, '/priorityMatrix/medium/none unknown_field'],
    [{ priorityMatrix: { ...matrix({}), huge: {} } }, '/priorityMatrix/huge unknown_field'],
    [{ defaultTeamId: '0197d9f5-0000-7000-8000-0000000000aa' }, '/defaultTeamId not_found'],
  ])('are refused whole when one is wrong: %j', async (body, issue) => {
    const before = await read();
    const answer = await edit({ commentReopens: false, ...body });
    if (issue === '') expect((await edit({})).status).toBe(422);
    else {
      expect(said(answer).slice(0, 2)).toEqual([422, 'invalid_input']);
      expect(said(answer)).toContain(issue);
      expect(await read()).toEqual(before);
    }
  });

  it('know no team of somebody else, and keep the one that they name', async () => {
    const other = await world.neighbour();
    expect(said(await edit({ defaultTeamId: other.id('team', 'Network') }))).toContain(
      '/defaultTeamId not_found',
    );
    const made = await admin.post('/teams', { name: 'Facilities' }).expect(201);
    const { id } = made.body as { id: string };
    await edit({ defaultTeamId: id }).expect(200);
    expect((await read()).defaultTeam).toEqual({ id, name: 'Facilities' });
    expect((await admin.delete(`/teams/${id}`)).status).toBe(409);
    expect(said(await edit({ defaultTeamId: null }))).toEqual([
      ...[422, 'invalid_input', '/defaultTeamId required'],
    ]);
    await edit({ defaultTeamId: world.id('team', 'Service desk') }).expect(200);
    expect((await admin.delete(`/teams/${id}`)).status).toBe(204);
  });

  it('act on the next command; a code that was used stays on its ticket', async () => {
    const agent = await world.as('agent');
    const old = await opened(user);
    await acted(agent, old, 'resolve', { code: 'workaround', notes: 'x' });
    await edit({
      resolutionCodes: ['mended'],
      requesterImpactCounts: false,
      defaultImpact: 'low',
      priorityMatrix: {
        high: { high: 'P1', medium: 'P1', low: 'P1' },
        medium: { high: 'P2', medium: 'P2', low: 'P2' },
        low: { high: 'P5', medium: 'P5', low: 'P4' },
      },
    }).expect(200);
    const next = await opened(user, { ...aReport, impact: 'high', urgency: 'low' });
    expect(next).toMatchObject({ impact: 'low', priority: 'P4' });
    const resolve = (code: string) =>
      agent.post(`/incidents/${next.id}/actions/resolve`, { code, notes: 'x' });
    expect(said(await resolve('workaround'))).toEqual([422, 'invalid_input', '/code invalid']);
    expect((await resolve('mended')).status).toBe(200);
    const kept = ticketOf(await agent.get(`/incidents/${old.id}`).expect(200));
    expect(kept).toMatchObject({ state: 'resolved', resolution: { code: 'workaround' } });
  });
});

describe('an installation without any organization', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ worker: false });
    await world.rows('truncate organizations, organization_slugs cascade');
  });
  afterAll(() => world.close());

  const setUp = (token: string, change: object = {}) =>
    supertest(world.app)
      .post('/api/v1/setup')
      .send({
        token,
        organization: { slug: 'initech', name: 'Initech', timezone: 'America/Chicago' },
        administrator: { email: 'bill@initech.example', name: 'Bill', password: 'Correct-horse-1' },
        ...change,
      });

  it('is told one token by all processes, and by those with another secret another one', async () => {
    const [one, two] = await Promise.all([
      setupTokenFor(world.database, secret),
      setupTokenFor(world.database, secret),
    ]);
    expect(one).toMatch(/^hfs_[\w-]{43}$/);
    expect(two).toBe(one);
    expect(await setupTokenFor(world.database, `${secret} changed`)).not.toBe(one);
    expect(await setupTokenFor(world.database, secret)).toBe(one);
    expect(JSON.stringify(await world.rows('select * from setup_tokens'))).not.toContain(one);
  });

  it('is set up with that token only, by what is right, and then never again', async () => {
    const token = (await setupTokenFor(world.database, secret)) ?? '';
    expect(said(await setUp('hfs_guessed'))).toEqual([401, 'unauthenticated']);
    const organization = { slug: 'Admin!', name: 'x' };
    expect(said(await setUp(token, { organization }))).toContain(
      '/organization/slug invalid_format',
    );
    const administrator = { email: 'bill@initech.example', name: 'Bill', password: 'short' };
    expect(said(await setUp(token, { administrator }))).toContain(
      '/administrator/password too_short',
    );
    const answers = await Promise.all([setUp(token), setUp(token), setUp(token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    expect(answers.find(({ status }) => status === 201)?.headers['ratelimit-policy']).toBeDefined();
    expect(said(await setUp(token))).toEqual([404, 'not_found']);
    expect(await setupTokenFor(world.database, secret)).toBeUndefined();
    expect(await world.rows('select 1 from setup_tokens')).toEqual([]);

    const login = await supertest(world.app)
      .post('/api/v1/auth/login')
      .send({ email: 'bill@initech.example', password: 'Correct-horse-1' });
    expect(login.body).toMatchObject({ user: { role: 'admin', mustChangePassword: false } });
    const acts = await supertest(world.app)
      .get('/api/v1/audit-events')
      .set('authorization', `Bearer ${(login.body as { accessToken: string }).accessToken}`);
    expect(Acts.parse(acts.body).data).toMatchObject([
      { action: 'organization.created', actor: { kind: 'person', name: 'Bill' } },
    ]);
  });
});
