/** Finding: who finds which tickets by which of their texts, known errors, and what is suggested. */
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { openRow } from '../database/row';
import { acted, invalidAt, opened, refused, type Caller, type Ticket } from './incident';

let world: World;
let [admin, agent, colleague, user, stranger]: Caller[] = [];
beforeAll(async () => {
  world = await openWorld();
  [admin, agent, colleague, user, stranger] = await Promise.all(
    ['admin', 'agent', 'colleague', 'user', 'stranger'].map((name) => world.as(name)),
  );
});
afterAll(() => world.close());

/** Everybody is signed in before the first test. */
function by(caller: Caller | undefined): Caller {
  if (!caller) throw new Error('Nobody is signed in');
  return caller;
}

const Found = z.object({
  foundBy: z.string(),
  data: z.array(z.looseObject({ id: z.string(), number: z.string(), excerpt: z.string() })),
});
type Reader = Pick<Caller, 'get'>;
async function search(caller: Reader | undefined, q: string, more = '') {
  const path = `/search?q=${encodeURIComponent(q)}${more}`;
  return Found.parse((await (caller ?? by(undefined)).get(path).expect(200)).body);
}
const ids = async (caller: Reader | undefined, q: string, more = '') =>
  (await search(caller, q, more)).data.map(({ id }) => id);
const say = (caller: Caller | undefined, { id }: Ticket, body: string, isPublic = true) =>
  by(caller).post(`/incidents/${id}/comments`, { body, isPublic }).expect(201);
const tokenOf = async (caller: Caller | undefined, scopes: readonly string[]): Promise<Reader> => {
  const made = await by(caller).post('/me/api-tokens', { name: 't', scopes }).expect(201);
  const { token } = z.object({ token: z.string() }).parse(made.body);
  return {
    get: (path) =>
      supertest(world.app).get(`/api/v1${path}`).set('authorization', `Bearer ${token}`),
  };
};

describe('a search', () => {
  let jam: Ticket;
  let vpn: Ticket;
  beforeAll(async () => {
    jam = await opened(by(user), {
      title: 'Printer <b>jams</b>',
      description: 'The café printer on floor 3 & 4 jams.',
    });
    vpn = await opened(by(stranger), { title: 'VPN drops', description: 'Every hour.' });
    await say(agent, jam, 'The toner is from a marmot.');
    await say(agent, jam, 'He breaks it himself, says the walrus.', false);
  });

  it('finds by words, their forms, without accents, and while they are being typed', async () => {
    for (const q of [
      'printer',
      'printers jam',
      'cafe',
      'CAFÉ',
      'jamm',
      'toner marm',
      '"floor 3"',
      jam.number,
    ])
      expect([q, await ids(agent, q)]).toEqual([q, [jam.id]]);
    expect(await ids(agent, 'printer -jams')).toEqual([]);
    expect((await ids(agent, 'printer or vpn')).sort()).toEqual([jam.id, vpn.id].sort());
  });

  it('finds by number first, however it is written', async () => {
    const mentions = await opened(by(user), { title: `Again ${jam.number}` });
    expect(await ids(agent, jam.number.toLowerCase())).toEqual([jam.id, mentions.id]);
    const short = jam.number.replace(/^INC0+/, 'inc');
    expect(await ids(agent, short)).toEqual([jam.id]);
    expect(await ids(stranger, short)).toEqual([]);
  });

  it('finds titles that are written like it when no words are found', async () => {
    expect(await search(agent, 'pritner')).toMatchObject({
      foundBy: 'likeness',
      data: [{ id: jam.id }],
    });
    expect(await search(agent, 'qwertzuiop')).toEqual({ foundBy: 'nothing', data: [] });
    expect(await search(stranger, 'pritner')).toMatchObject({ foundBy: 'nothing' });
  });

  it('shows an excerpt that is harmless in a page', async () => {
    const [hit] = (await search(agent, 'marmot')).data;
    expect(hit).toMatchObject({ title: 'Printer <b>jams</b>', state: 'new', isOpen: true });
    expect(hit?.excerpt).toContain('toner is from a <mark>marmot</mark>');
    const [other] = (await search(agent, 'floor')).data;
    expect(other?.excerpt).toContain('<mark>floor</mark> 3 &amp; 4');
  });

  it('finds internal notes for agents only, and shows nobody else a word of them', async () => {
    expect(await ids(agent, 'walrus')).toEqual([jam.id]);
    expect(await ids(user, 'walrus')).toEqual([]);
    expect(await ids(user, 'printer -walrus')).toEqual([jam.id]);
    const [own] = (await search(user, 'printer')).data;
    expect(own?.excerpt).not.toContain('walrus');
    expect((await search(agent, 'walrus')).data[0]?.excerpt).toContain('<mark>walrus</mark>');
  });

  it('finds for requesters what they may see, and what they are made watchers of', async () => {
    expect(await ids(user, 'vpn')).toEqual([]);
    expect(await ids(stranger, 'vpn')).toEqual([vpn.id]);
    await by(agent)
      .post(`/incidents/${vpn.id}/watchers`, { userId: world.id('person', 'user') })
      .expect(200);
    expect(await ids(user, 'vpn')).toEqual([vpn.id]);
  });

  it('narrows by type and state', async () => {
    const done = await opened(by(user), { title: 'Scanner dead' });
    await acted(by(agent), done, 'cancel', { reason: 'Bought a new one.' });
    expect(await ids(agent, 'scanner')).toEqual([done.id]);
    expect(await ids(agent, 'scanner', '&state=open')).toEqual([]);
    expect(await ids(agent, 'scanner', '&state=over&type=incident')).toEqual([done.id]);
    expect(await ids(agent, done.number, '&state=open')).toEqual([]);
    expect(await ids(agent, done.number, '&type=change')).toEqual([]);
    const wrong = by(agent).get('/search?q=x&type=nonsense&state=odd&limit=51');
    expect(await refused(wrong)).toEqual(invalidAt('/query/type', '/query/state', '/query/limit'));
  });

  it('narrows by what lists filter by, me and my teams included', async () => {
    const mine = await opened(by(colleague), { title: 'Ocelot in the lift', description: 'x' });
    const other = await opened(by(user), { title: 'Ocelot on the roof', description: 'x' });
    const among = (condition: string) => `&among=${encodeURIComponent(condition)}`;
    expect(await ids(colleague, 'ocelot', among('requester==me'))).toEqual([mine.id]);
    expect(await ids(colleague, 'ocelot', among('requester!=me;isOpen==true'))).toEqual([other.id]);
    expect(await ids(colleague, 'ocelot', among('team==myTeams,requester==me'))).toContain(mine.id);
    await by(colleague)
      .get(`/search?q=ocelot${among('nothing==1')}`)
      .expect(422);
  });

  it('gives a program what its scopes name, and no more', async () => {
    const narrow = await tokenOf(agent, ['incident:read', 'incident:all']);
    expect(await ids(narrow, 'printer')).toEqual([jam.id]);
    expect(await ids(narrow, 'walrus')).toEqual([]);
    expect(await ids(await tokenOf(agent, ['incident:read']), 'printer')).toEqual([]);
    expect(await ids(await tokenOf(agent, ['change:read', 'change:all']), 'printer')).toEqual([]);
  });

  it('hides confidential tickets and their notes from whoever is not of the team', async () => {
    const teamId = z
      .object({ id: z.string() })
      .parse((await by(admin).post('/teams', { name: 'Human resources' }).expect(201)).body).id;
    await by(admin)
      .post(`/teams/${teamId}/members`, { userId: world.id('person', 'agent') })
      .expect(204);
    const service = { name: 'Staff matters', teamId, isConfidential: true };
    const made = await by(admin).post('/services', service).expect(201);
    const { id: serviceId } = z.object({ id: z.string() }).parse(made.body);
    const own = await opened(by(colleague), { title: 'About my pay rise', serviceId });
    await say(agent, own, 'An elephantine sum.', false);
    const finders = await Promise.all(
      [agent, admin, colleague, user].map(async (one) => [
        (await ids(one, 'pay rise')).length,
        (await ids(one, 'elephantine')).length,
        (await ids(one, own.number)).length,
      ]),
    );
    // An agent, but this one is about them.
    expect(finders).toEqual([
      [1, 1, 1],
      [1, 1, 1],
      [1, 0, 1],
      [0, 0, 0],
    ]);
    const like = await by(stranger).post('/incidents/suggestions', { title: 'About my pay rise' });
    expect(like.body).toMatchObject({ incidents: [] });
  });
});

/** Problems are another part of the product: only what is found of them is made here. */
async function problem(title: string, details: object, serviceId: string | null = null) {
  const { id } = await openRow(world, 'incident', { impact: 'low', urgency: 'low' });
  const made = randomUUID();
  await world.rows(
    `insert into tickets select (jsonb_populate_record(t, jsonb_build_object('id', $2::text, 'type', 'problem',
       'number', 'PRB' || right($2::text, 7), 'title', $3::text, 'service_id', $5::text,
       'description', 'x', 'snapshot', jsonb_set(t.snapshot, '{details}', $4::jsonb)))).*
       from tickets t where t.id = $1`,
    [id, made, title, JSON.stringify(details), serviceId],
  );
  return made;
}
const at = '2026-03-02T09:00:00.000Z';
const known = (state: string, isPublic: boolean, isWorkaroundPublic = isPublic) => ({
  rootCause: {
    summary: 'A tadpole in the relay.',
    whys: ['Why?'],
    contributingCauses: [],
    timeline: [],
  },
  workaround: {
    text: 'Turn it widdershins.',
    isPublic: isWorkaroundPublic,
    version: 1,
    publishedAt: at,
  },
  knownError: { state, symptoms: 'It hums a foxtrot.', isPublic, publishedAt: at, retiredAt: null },
});

describe('known errors', () => {
  const Errors = z.object({
    data: z.array(
      z.object({
        id: z.string(),
        number: z.string().nullable(),
        workaround: z.string().nullable(),
      }),
    ),
  });
  const errors = async (caller: Caller | undefined, query = '') =>
    Errors.parse((await by(caller).get(`/known-errors${query}`).expect(200)).body).data;
  let draft: string;
  let inside: string;
  let open: string;
  let half: string;
  let mail: string;
  beforeAll(async () => {
    mail = world.id('service', 'Mail');
    draft = await problem('Relay hums', known('draft', true));
    inside = await problem('Relay buzzes', known('published', false));
    open = await problem('Outlook relay loops', known('published', true), mail);
    half = await problem('Relay whistles', known('published', true, false));
    await problem('Relay silent', known('retired', true));
  });
  const idsOf = (found: { id: string }[]) => found.map(({ id }) => id).sort();

  it('are found by agents from their draft on, by others where they are published for them', async () => {
    expect(idsOf(await errors(agent, '?q=relay'))).toEqual([draft, inside, open, half].sort());
    expect(idsOf(await errors(user, '?q=relay'))).toEqual([open, half].sort());
    expect(idsOf(await errors(user))).toEqual([open, half].sort());
    expect(idsOf(await errors(user, `?service=${mail}`))).toEqual([open]);
    expect(await errors(user, '?q=outlok')).toMatchObject([{ id: open }]);
  });

  it('say no more than is meant for one', async () => {
    const seen = async (caller: Caller | undefined, id: string) =>
      (await errors(caller)).find((one) => one.id === id);
    expect(await seen(user, open)).toMatchObject({
      number: null,
      workaround: 'Turn it widdershins.',
    });
    expect(await seen(user, half)).toMatchObject({ number: null, workaround: null });
    expect(await seen(agent, half)).toMatchObject({ workaround: 'Turn it widdershins.' });
    expect(idsOf(await errors(user, '?q=widdershins'))).toEqual([open]);
    expect(await errors(user, '?q=tadpole')).toEqual([]);
  });

  it('follow the problem at once', async () => {
    await world.rows(
      `update tickets set snapshot = jsonb_set(snapshot, '{details}', $2::jsonb) where id = $1`,
      [half, JSON.stringify(known('retired', true))],
    );
    expect(idsOf(await errors(user))).toEqual([open]);
    await world.rows(
      `update tickets set snapshot = jsonb_set(snapshot, '{details,knownError}', 'null') where id = $1`,
      [half],
    );
    expect(await world.rows('select 1 from known_errors where ticket_id = $1', [half])).toEqual([]);
  });

  it('of a confidential problem stay with its team', async () => {
    const team = world.id('team', 'Network');
    await world.rows('update tickets set confidential_team_id = $2 where id = $1', [open, team]);
    expect(await errors(stranger)).toEqual([]);
    await world.rows('update tickets set confidential_team_id = null where id = $1', [open]);
  });

  it('are suggested with incidents like it, major ones first', async () => {
    const plain = await opened(by(user), { title: 'Outlook relay loops again', serviceId: mail });
    const major = await opened(by(stranger), { title: 'Outlook relay loops everywhere' });
    await world.rows(
      `update tickets set snapshot = jsonb_set(snapshot, '{details,major}',
         jsonb_build_object('declaredAt', $2::text, 'reason', 'All are hit.', 'byId', null)) where id = $1`,
      [major.id, at],
    );
    const suggest = async (caller: Caller | undefined) => {
      const body = {
        title: 'Outlook loops in the relay',
        description: 'Since 9.',
        serviceId: mail,
      };
      const answer = await by(caller).post('/incidents/suggestions', body).expect(200);
      const Ids = z.array(z.object({ id: z.string() }));
      const all = z.object({ knownErrors: Ids, incidents: Ids }).parse(answer.body);
      return [all.knownErrors[0]?.id, all.incidents.map(({ id }) => id)];
    };
    expect(await suggest(agent)).toEqual([open, [major.id, plain.id]]);
    expect(await suggest(user)).toEqual([open, [plain.id]]);
    expect(await suggest(stranger)).toEqual([open, [major.id]]);
  });

  it('suggest nothing for what nobody has said, and refuse a service that is not there', async () => {
    const nothing = await by(user)
      .post('/incidents/suggestions', { title: 'Qwertz uiop' })
      .expect(200);
    expect(nothing.body).toEqual({ knownErrors: [], incidents: [] });
    const unknown = by(user).post('/incidents/suggestions', {
      title: 'x',
      serviceId: randomUUID(),
    });
    expect(await refused(unknown)).toEqual(invalidAt('/serviceId'));
  });
});
