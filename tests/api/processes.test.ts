/** Processes as they are seen from outside, and the way that one ticket took. */
import supertest from 'supertest';
import { z } from 'zod';
import { diagramOf } from '../../workflows/diagram';
import { incident } from '../../workflows/incidents/process';
import { processes } from '../../workflows/registry';
import { openWorld, type World } from '../harness';
import { acted, bodyOf, notFound, opened, refused, type Caller, type Ticket } from './incident';

let world: World;
let user: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await world.as('user');
  agent = await world.as('agent');
});
afterAll(() => world.close());

const resolution = { code: 'solved', notes: 'Queue restarted.' };
const person = (name: string) => ({ kind: 'person', id: world.id('person', name), name });

const Path = z.strictObject({
  asOf: z.iso.datetime(),
  isComplete: z.boolean(),
  mermaid: z.string(),
  data: z.array(
    z.strictObject({
      state: z.string(),
      event: z.string().nullable(),
      actor: z.looseObject({ name: z.string() }).nullable(),
      at: z.iso.datetime(),
      until: z.iso.datetime().nullable(),
      stayedSeconds: z.int().nullable(),
    }),
  ),
});
const pathOf = async (caller: Caller, { id }: Ticket) =>
  Path.parse((await caller.get(`/incidents/${id}/path`).expect(200)).body);

describe('the processes', () => {
  it('are all there, with states, commands, rights and words, for whoever is signed in', async () => {
    const { data } = z
      .object({ data: z.array(z.looseObject({ type: z.string() })) })
      .parse(await bodyOf(user.get('/processes').expect(200)));
    expect(data.map(({ type }) => type)).toEqual(
      processes.map(({ declaration }) => declaration.type),
    );
    expect(data.find(({ type }) => type === 'incident')).toMatchObject({
      ...{ path: 'incidents', prefix: 'INC', title: 'Incident', version: incident.version },
      opening: { state: 'new', permission: 'incident:open', role: 'end_user' },
      states: Object.entries(incident.states).map(([name, kind]) => ({ name, kind })),
      commands: expect.arrayContaining([
        {
          ...{ name: 'standDownMajor', summary: incident.commands.standDownMajor.summary },
          from: ['new', 'assigned', 'inProgress', 'onHold', 'resolved'],
          to: ['same'],
          ...{ permission: 'incident:declareMajor', role: 'manager', requester: [] },
          event: 'majorStoodDown',
        },
        expect.objectContaining({ name: 'close', requester: ['resolved'] }),
      ]) as unknown,
      notices: expect.arrayContaining([{ name: 'resolved', text: 'was resolved' }]) as unknown,
    });
  });

  it('name the schemas under which the document has their tickets and inputs', async () => {
    const Document = z.object({ components: z.object({ schemas: z.looseObject({}) }) });
    const document = await bodyOf(supertest(world.app).get('/api/openapi.json'));
    const known = Object.keys(Document.parse(document).components.schemas);
    const Named = z.object({
      schemas: z.object({
        ticket: z.string(),
        open: z.string(),
        commands: z.record(z.string(), z.string().nullable()),
      }),
    });
    const { schemas } = Named.parse(await bodyOf(user.get('/processes/incident').expect(200)));
    expect(schemas).toMatchObject({ ticket: 'Incident', open: 'OpenIncident' });
    expect(schemas.commands).toMatchObject({ assign: 'AssignIncident', start: null });
    expect(Object.keys(schemas.commands)).toEqual(Object.keys(incident.commands));
    const names = Object.values(schemas.commands).filter((name) => name !== null);
    expect(known).toEqual(expect.arrayContaining([schemas.ticket, schemas.open, ...names]));
  });

  it('are drawn as Mermaid text', async () => {
    const answer = await user.get('/processes/incident/diagram').expect(200);
    expect(answer.headers['content-type']).toBe('text/vnd.mermaid; charset=utf-8');
    expect(answer.text).toBe(diagramOf(incident));
  });

  it.each(['/processes/wish', '/processes/wish/diagram', '/processes/constructor'])(
    'are 404 when there is none of that name: %s',
    async (path) => {
      expect(await refused(user.get(path))).toEqual(notFound);
    },
  );
});

describe('the path of an incident', () => {
  it('tells each state, what led there, who, and how long it stayed', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'start');
    await acted(agent, ticket, 'prioritize', { impact: 'high' });
    await acted(agent, ticket, 'resolve', resolution);
    const path = await pathOf(agent, ticket);
    expect(path).toMatchObject({
      isComplete: true,
      data: [
        { state: 'new', event: 'opened', actor: person('user') },
        { state: 'inProgress', event: 'started', actor: person('agent') },
        { state: 'resolved', event: 'resolved', actor: person('agent'), until: null },
      ],
    });
    const [first, second, third] = path.data;
    expect([first?.until, second?.until]).toEqual([second?.at, third?.at]);
    expect(path.mermaid).toContain('  new --> inProgress : linkedEnded, linkedReopened, ✓ start\n');
    expect(path.mermaid).toContain('  inProgress --> resolved : linkedEnded, ✓ resolve\n');
    expect(path.mermaid).toContain('  class new,inProgress been\n  class resolved present\n');
    expect(path.mermaid.match(/✓/g)).toHaveLength(2);
  });

  it('calls a comment that reopens a reopening, and stays nowhere once it is over', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'resolve', resolution);
    await user.post(`/incidents/${ticket.id}/comments`, { body: 'Still broken.' }).expect(201);
    await acted(agent, ticket, 'cancel', { reason: 'A test.' });
    expect((await pathOf(user, ticket)).data).toMatchObject([
      { state: 'new' },
      { state: 'resolved', event: 'resolved' },
      { state: 'inProgress', event: 'reopened', actor: person('user') },
      { state: 'cancelled', event: 'cancelled', until: null, stayedSeconds: null },
    ]);
  });

  it('counts what passed between the instants of the feed, up to now where it is', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'start');
    await world.rows(
      `update ticket_events set occurred_at = occurred_at - interval '1 hour'
        where ticket_id = $1 and version = 1`,
      [ticket.id],
    );
    const { asOf, data } = await pathOf(agent, ticket);
    const [first, second] = data.map(({ stayedSeconds }) => stayedSeconds);
    expect(first).toBeGreaterThanOrEqual(3_600);
    expect(first).toBeLessThan(3_660);
    expect(second).toBe(Math.floor((Date.parse(asOf) - Date.parse(data[1]?.at ?? '')) / 1000));
  });

  it('shows nobody lines of the feed that are not theirs', async () => {
    const ticket = await opened(user);
    await acted(agent, ticket, 'start');
    await world.rows(
      `update ticket_events set visibility = 'internal' where ticket_id = $1 and version = 2`,
      [ticket.id],
    );
    const hidden = await pathOf(user, ticket);
    expect(hidden.data[1]).toMatchObject({ state: 'inProgress', event: null, actor: null });
    expect(hidden.mermaid).toContain(
      '  new --> inProgress : linkedEnded, linkedReopened, start, ✓ not shown\n',
    );
    expect((await pathOf(agent, ticket)).data[1]).toMatchObject({ event: 'started' });
  });

  it('is of the last thousand steps when there are more', async () => {
    const ticket = await opened(user);
    await world.rows(
      `insert into ticket_events (organization_id, id, ticket_id, version, cause, type, visibility,
                                  actor, via, occurred_at, data)
       select organization_id, gen_random_uuid(), ticket_id, 1 + k, 'again-' || k, 'held', 'public',
              actor, via, occurred_at, jsonb_build_object('changes', jsonb_build_object('state',
                jsonb_build_object('from', 'new', 'to', 'state' || k % 7)))
         from ticket_events, generate_series(1, 1200) k where ticket_id = $1 and version = 1`,
      [ticket.id],
    );
    const { isComplete, data } = await pathOf(agent, ticket);
    expect(isComplete).toBe(false);
    expect([data.length, data[0]?.state, data.at(-1)?.state]).toEqual([1_000, 'state5', 'state3']);
  });
});
