/** SLA policies: drafts beside what is in force, versions that stay, and all that is wrong pointed at. */
import { readFile } from 'node:fs/promises';
import type { Response } from 'supertest';
import { z } from 'zod';
import { idOf } from '../../models/organizations/found';
import { defaultPolicy } from '../../models/sla/policy/default';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';
import { policyBody, response } from './policy-bodies';
import { said } from './problem';

const Version = z.looseObject({
  version: z.int(),
  rules: z.array(z.looseObject({ name: z.string() })),
  appliesTo: z.string(),
  publishedAt: z.string().nullable(),
});
const Policy = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  draft: z.looseObject({ rules: z.array(z.looseObject({ name: z.string() })) }).nullable(),
  inForce: Version.nullable(),
  scheduled: Version.nullable(),
  revision: z.int(),
});
const Problem = z.looseObject({
  code: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
    .optional(),
});
const Versions = z.object({ data: z.array(Version.extend({ state: z.string() })) });

let world: World;
let admin: Caller;
let always: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
  always = idOf(world.slug, 'calendar', 'Round the clock');
});
afterAll(() => world.close());

const policyOf = ({ body }: Response) => Policy.parse(body);
const made = async (more: object = {}) =>
  policyOf(await admin.post('/sla-policies', { ...policyBody(always), ...more }).expect(201));
const act = (id: string, name: string, body: object = {}) =>
  admin.post(`/sla-policies/${id}/actions/${name}`, body);
const acted = async (id: string, name: string, body: object = {}) =>
  policyOf(await act(id, name, body).expect(200));
const edited = async (id: string, body: object) =>
  policyOf(await admin.patch(`/sla-policies/${id}`, body).expect(200));
const versions = async (id: string) =>
  Versions.parse((await admin.get(`/sla-policies/${id}/versions`).expect(200)).body).data;
const named = (name: string) => [{ name, targets: [response(always)] }];
const later = () => new Date(Date.now() + 3_600_000).toISOString();
const rules = (version: z.infer<typeof Version> | null) => version?.rules.map(({ name }) => name);

it('the policy of the first day is in force, and has nothing to publish', async () => {
  const id = idOf(world.slug, 'policy', 'Incidents');
  const business = idOf(world.slug, 'calendar', 'Business hours');
  const found = policyOf(await (await world.as('user')).get(`/sla-policies/${id}`).expect(200));
  expect(found).toMatchObject({
    ...{ name: 'Incidents', ticketType: 'incident', state: 'published', draft: null },
    inForce: { version: 1, ...defaultPolicy({ roundTheClock: always, business }) },
    ...{ scheduled: null, revision: 1 },
  });
  expect(said(await act(id, 'publish'))).toEqual([409, 'conflict']);
});

describe('a draft', () => {
  it('promises nothing until it is published, and is deleted like any other thing', async () => {
    const draft = await made({ position: 5 });
    expect(draft).toMatchObject({ state: 'draft', position: 5, inForce: null, revision: 1 });
    expect(await versions(draft.id)).toEqual([]);
    expect(said(await act(draft.id, 'retire'))).toEqual([409, 'conflict']);
    await admin.delete(`/sla-policies/${draft.id}`).expect(204);
  });

  it('is edited beside the version in force', async () => {
    const { id, name } = await made();
    await acted(id, 'publish');
    const draft = await edited(id, { rules: named('Better') });
    expect([draft.draft?.rules[0]?.name, rules(draft.inForce)]).toEqual(['Better', ['All']]);
    const taken = await admin.post('/sla-policies', { ...policyBody(always), name });
    expect(said(taken)).toEqual([409, 'conflict', '/name taken']);
    const stale = await admin.patch(`/sla-policies/${id}`, { name: 'x' }).set('if-match', '"1"');
    expect(said(stale)).toEqual([412, 'stale_version']);
  });

  it('begins with what is published, when only the order or the name is edited', async () => {
    const { id } = await made();
    await acted(id, 'publish');
    const moved = await edited(id, { position: 7 });
    expect(moved).toMatchObject({ position: 7, draft: { rules: [{ name: 'All' }] } });
    expect(moved.inForce).toMatchObject({ position: 0 });
    expect((await acted(id, 'publish')).inForce).toMatchObject({ version: 2, position: 7 });
  });
});

describe('a version', () => {
  it('comes into force at once, and the one before it stays as it was', async () => {
    const { id } = await made();
    const first = await acted(id, 'publish');
    expect(first).toMatchObject({
      ...{ state: 'published', draft: null, revision: 2 },
      inForce: { version: 1, appliesTo: 'new' },
    });
    await edited(id, { rules: named('Better') });
    const second = await acted(id, 'publish', { appliesTo: 'open' });
    expect(second.inForce).toMatchObject({ version: 2, appliesTo: 'open' });
    expect((await versions(id)).map((one) => [one.version, one.state, rules(one)])).toEqual([
      [2, 'inForce', ['Better']],
      [1, 'superseded', ['All']],
    ]);
    expect(said(await admin.delete(`/sla-policies/${id}`))).toEqual([409, 'conflict']);
    const acts = await admin.get(`/audit-events?filter[target]=${id}&sort=at`);
    expect(acts.body).toMatchObject({
      data: ['created', 'published', 'edited', 'published'].map((did) => {
        return { action: `policy.${did}` };
      }),
    });
  });

  it('that is scheduled is waited for, and the next one is not published meanwhile', async () => {
    const { id } = await made();
    await acted(id, 'publish');
    await edited(id, { rules: named('Later') });
    const at = later();
    const waiting = await acted(id, 'publish', { at });
    expect([rules(waiting.inForce), waiting.scheduled]).toMatchObject([
      ['All'],
      { version: 2, publishedAt: at },
    ]);
    await edited(id, { rules: named('Too early') });
    for (const name of ['publish', 'retire']) {
      expect(said(await act(id, name))).toEqual([409, 'conflict']);
    }
    const [, first] = await versions(id);
    expect(first?.state).toBe('inForce');
    await world.rows(`update sla_policies set published_at = now() where id = $1 and version = 2`, [
      id,
    ]);
    const come = policyOf(await admin.get(`/sla-policies/${id}`));
    expect([rules(come.inForce), come.scheduled]).toEqual([['Later'], null]);
    expect(said(await act(id, 'withdraw'))).toEqual([409, 'conflict']);
    expect(rules((await acted(id, 'publish')).inForce)).toEqual(['Too early']);
  });

  it("is withdrawn before it comes; its draft is back, and its number is nobody else's", async () => {
    const { id } = await made();
    await acted(id, 'publish', { at: later() });
    const back = await acted(id, 'withdraw');
    expect(back).toMatchObject({
      ...{ state: 'draft', scheduled: null, inForce: null },
      draft: { rules: [{ name: 'All' }] },
    });
    expect((await acted(id, 'publish')).inForce).toMatchObject({ version: 2 });
    expect(
      (await versions(id)).map((one) => [one.version, one.state, one.publishedAt === null]),
    ).toEqual([
      [2, 'inForce', false],
      [1, 'withdrawn', true],
    ]);
  });

  it('that is withdrawn gives way to a draft that was begun since', async () => {
    const { id } = await made();
    await acted(id, 'publish', { at: later() });
    await edited(id, { rules: named('Newer') });
    expect((await acted(id, 'withdraw')).draft?.rules[0]?.name).toBe('Newer');
  });

  it('without rules is what a retired policy has; publishing again ends it', async () => {
    const { id } = await made();
    await acted(id, 'publish');
    const retired = await acted(id, 'retire');
    expect(retired).toMatchObject({ state: 'retired', inForce: { version: 2, rules: [] } });
    expect(said(await act(id, 'retire'))).toEqual([409, 'conflict']);
    await edited(id, { rules: named('Again') });
    expect(await acted(id, 'publish')).toMatchObject({
      state: 'published',
      inForce: { version: 3 },
    });
  });

  it('is published once, however many publish the same draft at the same time', async () => {
    const { id } = await made();
    const answers = await Promise.all([1, 2, 3, 4].map(() => act(id, 'publish')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await versions(id)).toHaveLength(1);
  });

  it('is not published in the past, nor by whoever only reads', async () => {
    const { id } = await made();
    const past = await act(id, 'publish', { at: '2020-01-01T00:00:00Z' });
    expect(said(past)).toEqual([422, 'invalid_input', '/at invalid']);
    const manager = await world.as('manager');
    await manager.get(`/sla-policies/${id}/versions`).expect(200);
    const answers = [
      await manager.post('/sla-policies', policyBody(always)),
      await manager.patch(`/sla-policies/${id}`, { position: 1 }),
      await manager.post(`/sla-policies/${id}/actions/publish`, {}),
      await manager.delete(`/sla-policies/${id}`),
    ];
    expect(answers.map(said)).toEqual(answers.map(() => [403, 'forbidden']));
  });
});

it('the examples of docs/sla-policies.md are what they say', async () => {
  const text = await readFile('docs/sla-policies.md', 'utf8');
  const ids = text.replaceAll(
    /\{(calendar|team|person) ([^}]+)\}/g,
    (_, kind: string, name: string) =>
      idOf(world.slug, kind, kind === 'person' ? `${name}@${world.slug}.example` : name),
  );
  const blocks = [...ids.matchAll(/^```json\n(.*?)^```/gms)].map(([, json = '']): unknown =>
    JSON.parse(json),
  );
  const [right, wrong, errors, publication] = blocks;
  const { id } = policyOf(
    await admin.post('/sla-policies', z.looseObject({}).parse(right)).expect(201),
  );
  const refused = await admin.post('/sla-policies', z.looseObject({}).parse(wrong)).expect(422);
  expect(Problem.parse(refused.body).errors).toEqual(errors);
  const { scheduled } = await acted(id, 'publish', z.looseObject({}).parse(publication));
  expect(scheduled).toMatchObject({ appliesTo: 'open', publishedAt: '2089-12-31T23:00:00.000Z' });
  await acted(id, 'withdraw');
});

describe('what is wrong', () => {
  const at = '/rules/0/targets/0';

  it.each<[string, object, string[]]>([
    ['a type that is promised nothing', { ticketType: 'change' }, ['/ticketType invalid']],
    ['no rules', { rules: [] }, ['/rules too_small']],
    [
      'a condition',
      { rules: [{ name: 'A', when: 'colour==red', targets: [] }] },
      ['/rules/0/when unknown_field'],
    ],
    [
      'a target of nothing',
      { rules: [{ name: 'A', targets: [{ ...response(''), targetSeconds: 0 }] }] },
      [`${at}/targetSeconds too_small`, `${at}/calendar/calendarId invalid_format`],
    ],
    [
      'a calendar that is not there',
      { rules: [{ name: 'A', targets: [response('0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11')] }] },
      [`${at}/calendar/calendarId not_found`],
    ],
  ])('is pointed at when a policy is made: %s', async (_, more, issues) => {
    const body = { ...policyBody(always), ...more };
    expect(said(await admin.post('/sla-policies', body))).toEqual([
      422,
      'invalid_input',
      ...issues,
    ]);
  });

  it('is pointed at in an edit, in words, and nothing is changed', async () => {
    const { id, revision } = await made();
    const wrong = await admin.patch(`/sla-policies/${id}`, {
      rules: [{ name: 'A', when: 'priority==P1;state==', targets: [] }],
    });
    expect(Problem.parse(wrong.body).errors).toEqual([
      { pointer: '/rules/0/when', code: 'invalid', detail: 'ends where a value should be' },
    ]);
    expect(policyOf(await admin.get(`/sla-policies/${id}`))).toMatchObject({ revision });
  });

  it('is a calendar, team or person of another organization', async () => {
    const other = await world.neighbour();
    const foreign = (kind: string, name: string) => idOf(other.slug, kind, name);
    const actions = [
      { action: 'reassign', teamId: foreign('team', 'Network') },
      { action: 'notify', to: [{ userId: foreign('person', `agent@${other.slug}.example`) }] },
    ];
    const target = {
      ...response(foreign('calendar', 'Round the clock')),
      ladder: [{ key: 'late', at: { percent: 100 }, actions }],
    };
    const body = { ...policyBody(always), rules: [{ name: 'A', targets: [target] }] };
    expect(said(await admin.post('/sla-policies', body))).toEqual([
      ...[422, 'invalid_input', `${at}/calendar/calendarId not_found`],
      `${at}/ladder/0/actions/0/teamId not_found`,
      `${at}/ladder/0/actions/1/to/0/userId not_found`,
    ]);
  });

  it('is looked at again when it is published: who was there may be gone', async () => {
    const Made = z.object({ id: z.string() });
    const team = Made.parse((await admin.post('/teams', { name: 'Vanishing' })).body).id;
    const target = { ...response(always), kind: 'OLA', teamId: team };
    const { id } = await made({ rules: [{ name: 'A', targets: [target] }] });
    await admin.patch(`/teams/${team}`, { isActive: false }).expect(200);
    expect(said(await act(id, 'publish'))).toEqual([
      422,
      'invalid_input',
      `${at}/teamId not_found`,
    ]);
  });

  it('keeps the calendar of a draft from being deleted', async () => {
    const definition = { timezone: 'UTC', weekly: { mon: [['09:00', '17:00']] } };
    const Made = z.object({ id: z.string() });
    const calendar = Made.parse(
      (await admin.post('/calendars', { name: 'Own', definition })).body,
    ).id;
    const { id, name } = await made({ rules: [{ name: 'A', targets: [response(calendar)] }] });
    const refused = await admin.delete(`/calendars/${calendar}`);
    expect(refused.body).toMatchObject({
      code: 'conflict',
      usedBy: [{ type: 'policy', id, name }],
    });
    await admin.delete(`/sla-policies/${id}`).expect(204);
    await admin.delete(`/calendars/${calendar}`).expect(204);
  });
});
