/** Meetings of boards: who is told, what is on the agenda, what they decide and that it is decided once. */
import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';

type Caller = Pick<Awaited<ReturnType<World['as']>>, 'get' | 'post' | 'patch'>;

const Made = z.looseObject({ id: z.string() });
const Change = z.looseObject({ id: z.string(), number: z.string(), state: z.string() });
const Full = z.looseObject({
  state: z.string(),
  revision: z.number(),
  agenda: z.array(
    z.looseObject({
      approval: z.looseObject({ id: z.string(), revision: z.number() }),
      change: z.looseObject({ id: z.string() }).nullable(),
    }),
  ),
  decisions: z.array(z.looseObject({ outcome: z.string(), result: z.string() })),
});
const Told = z.object({ data: z.array(z.object({ template: z.string(), subject: z.string() })) });
const Answers = z.object({
  data: z.array(
    z.object({ approvalId: z.string(), outcome: z.string(), code: z.string().nullable() }),
  ),
});

let world: World;
/** An agent, and no more, who has the chair. */
let chair: Caller;
let agent: Caller;
let manager: Caller;
let board: string;
const person = (name: string) => world.id('person', name);

beforeAll(async () => {
  world = await openWorld({ carries: true });
  [chair, agent, manager] = await Promise.all([
    world.as('lead'),
    world.as('agent'),
    world.as('manager'),
  ]);
  board = await made(manager, '/boards', {
    ...{ name: 'Emergencies', kind: 'ecab', chairId: person('lead') },
    memberIds: [person('colleague'), person('user')],
  });
});
afterAll(() => world.close());

async function made(by: Caller, path: string, body: object): Promise<string> {
  const answer = await by.post(path, body);
  expect([answer.status, answer.body]).toMatchObject([201, {}]);
  return Made.parse(answer.body).id;
}

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const meeting = (startsAt = inHours(2), by = chair) =>
  made(by, `/boards/${board}/meetings`, { startsAt });
const read = async (id: string, by = chair) =>
  Full.parse((await by.get(`/meetings/${id}`).expect(200)).body);

/** An emergency waits for its board from the moment at which it is submitted; gives the round, too. */
async function waiting(title = 'The gateway burns') {
  const answer = await agent.post('/changes', {
    ...{ title, description: 'x', kind: 'emergency', serviceId: world.id('service', 'Mail') },
    plans: { implementation: 'Do it.', test: 'Look.', backOut: 'Undo it.' },
    risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
    window: { start: inHours(-1), end: inHours(4) },
  });
  const change = Change.parse(answer.body);
  await agent.post(`/changes/${change.id}/actions/submit`).expect(200);
  const approvalId = await roundAbout(change.id);
  return { change, approvalId };
}

const roundAbout = (changeId: string) =>
  eventually('a round', async () => {
    const rows = await world.rows(
      `select id from tickets where type = 'approval' and snapshot #>> '{details,subject,id}' = $1`,
      [changeId],
    );
    return rows[0] && String(rows[0]['id']);
  });
const asked = (more: object) =>
  made(agent, '/approvals', {
    ...{ title: 'x', description: 'x', approvers: [{ kind: 'board', id: board }], ...more },
  });
const decide = (id: string, decisions: object[], by = chair, attendees = ['lead', 'colleague']) =>
  by.post(`/meetings/${id}/actions/decide`, { attendeeIds: attendees.map(person), decisions });
const answersOf = async (...given: Parameters<typeof decide>) =>
  Answers.parse((await decide(...given).expect(200)).body).data.map(({ outcome, code }) =>
    [outcome, code].filter(Boolean).join(' '),
  );
const yes = (approvalId: string, more: object = {}) => ({
  ...{ approvalId, result: 'approved', ...more },
});
const recorded = (approvalId: string) =>
  world.rows(`select data from ticket_events where ticket_id = $1 and type = 'decisionRecorded'`, [
    approvalId,
  ]);
const audited = (id: string) =>
  world.rows('select action, actor, after from audit_events where target_id = $1 order by at', [
    id,
  ]);

describe('a meeting', () => {
  it('is planned and moved by the chair, and the members are told of both', async () => {
    const colleague = await world.as('colleague');
    const told = async (by: Caller) =>
      Told.parse((await by.get('/me/notifications').expect(200)).body).data.filter(({ template }) =>
        template.startsWith('meeting.'),
      );
    const id = await meeting('2027-03-01T09:00:00Z');
    const subject =
      'Emergencies: a meeting was planned, it begins on 2027-03-01 10:00 (Europe/Berlin)';
    expect(await told(colleague)).toEqual([{ template: 'meeting.planned', subject }]);
    expect(await told(await world.as('user'))).toHaveLength(1);
    expect([await told(chair), await told(manager)]).toEqual([[], []]);
    await chair.patch(`/meetings/${id}`, { startsAt: '2027-03-01T10:00:00+01:00' }).expect(200);
    await chair.patch(`/meetings/${id}`, { minutes: 'First: the gateway.' }).expect(200);
    expect(await told(colleague)).toHaveLength(1);
    await manager.patch(`/meetings/${id}`, { startsAt: '2027-03-02T09:00:00Z' }).expect(200);
    expect((await told(colleague)).map(({ template }) => template)).toEqual([
      ...['meeting.moved', 'meeting.planned'],
    ]);
    expect(await told(chair)).toHaveLength(1);
    expect((await audited(id)).map(({ action }) => action)).toEqual([
      ...['meeting.created', 'meeting.edited', 'meeting.edited', 'meeting.edited'],
    ]);
    const listed = await colleague.get(`/boards/${board}/meetings?filter[state]=planned`);
    expect(listed.body).toMatchObject({ data: [{ id, minutes: 'First: the gateway.' }] });
  });

  it('is planned once for one key', async () => {
    const body = { startsAt: inHours(50) };
    const send = () => chair.post(`/boards/${board}/meetings`, body).set('idempotency-key', 'once');
    expect((await send()).body).toEqual((await send()).body);
  });

  it('is kept by nobody else, and read by nobody who is neither of the board nor an agent', async () => {
    const id = await meeting();
    const { approvalId } = await waiting('Not theirs');
    const stranger = await world.as('stranger');
    for (const [by, status] of [
      [agent, 403],
      [await world.as('user'), 403],
      [stranger, 404],
    ] as const) {
      await by.post(`/boards/${board}/meetings`, { startsAt: inHours(1) }).expect(status);
      await by.patch(`/meetings/${id}`, { minutes: 'x' }).expect(status);
      await by.post(`/meetings/${id}/actions/hold`, { minutes: 'x' }).expect(status);
      await decide(id, [yes(approvalId)], by).expect(status);
    }
    expect(await recorded(approvalId)).toEqual([]);
    await stranger.get(`/meetings/${id}`).expect(404);
    await stranger.get(`/boards/${board}/meetings`).expect(404);
    await (await world.as('user')).get(`/meetings/${id}`).expect(200);
  });

  it('has on its agenda what waits for its board, with what the reader may see of it', async () => {
    const id = await meeting();
    const { change, approvalId } = await waiting('On the agenda');
    const bare = await asked({ title: 'A question' });
    const elsewhere = await asked({ approvers: [{ kind: 'role', id: 'manager' }] });
    const { agenda } = await read(id);
    const itemOf = (wanted: string) => agenda.find(({ approval }) => approval.id === wanted);
    expect(itemOf(approvalId)).toMatchObject({
      approval: { asked: 3, answered: 0 },
      change: { id: change.id, number: change.number, state: 'awaitingApproval' },
    });
    expect(itemOf(approvalId)?.change).toMatchObject({
      ...{ kind: 'emergency', riskLevel: expect.any(String) as string },
      conflicts: { total: expect.any(Number) as number, blocking: expect.any(Number) as number },
    });
    expect(itemOf(bare)).toMatchObject({ change: null });
    expect(itemOf(elsewhere)).toBeUndefined();
    expect(agenda.at(-1)?.approval.id).toBe(bare);
    // A member who is no agent sees the round that asks them, and not what it is about.
    const theirs = (await read(id, await world.as('user'))).agenda;
    expect(theirs.find(({ approval }) => approval.id === approvalId)).toMatchObject({
      change: null,
    });
  });
});

describe('what a meeting decides', () => {
  it('is carried to each round in one go, by a chair who is an agent, and answered each by itself', async () => {
    const id = await meeting();
    const [one, other] = [await waiting('First'), await waiting('Second')];
    const mixed = await asked({
      approvers: [
        { kind: 'board', id: board },
        { kind: 'role', id: 'manager' },
      ],
    });
    const elsewhere = await asked({ approvers: [{ kind: 'role', id: 'manager' }] });
    const decisions = [
      yes(one.approvalId, { comment: 'Go.' }),
      { approvalId: other.approvalId, result: 'rejected' },
      yes(mixed),
      yes(elsewhere),
      yes(world.organizationId),
    ];
    expect(await answersOf(id, decisions)).toEqual([
      ...['applied', 'applied', 'refused forbidden', 'refused not_found', 'refused not_found'],
    ]);
    const becomes = (changeId: string, state: string) =>
      eventually(state, async () => {
        const answer = await agent.get(`/changes/${changeId}`);
        return Change.parse(answer.body).state === state ? true : undefined;
      });
    await becomes(one.change.id, 'scheduled');
    await becomes(other.change.id, 'rejected');
    expect(await recorded(one.approvalId)).toMatchObject([
      { data: { comment: 'Go.', attendeeIds: [person('lead'), person('colleague')] } },
    ]);
    const { decisions: shown, agenda } = await read(id);
    expect(shown).toMatchObject([
      { outcome: 'applied', result: 'approved', decidedBy: { name: 'lead' } },
      { outcome: 'applied', result: 'rejected', approval: { state: 'rejected' } },
      { outcome: 'refused', code: 'forbidden' },
    ]);
    expect(agenda.map(({ approval }) => approval.id)).not.toContain(one.approvalId);
    expect((await audited(id)).at(-1)).toMatchObject({ action: 'meeting.decided' });
    // Whoever may record decisions of others may do so here, too.
    expect(await answersOf(id, [yes(mixed)], manager)).toEqual(['applied']);
  });

  it('is decided once, whatever is repeated, and nothing else in its place', async () => {
    const id = await meeting();
    const { approvalId } = await waiting('Once');
    const wish = [yes(approvalId, { comment: 'Go.' })];
    expect(await answersOf(id, wish)).toEqual(['applied']);
    expect(await answersOf(id, wish)).toEqual(['applied']);
    // As though the process had died before it wrote down what came of it.
    await world.rows(`update meeting_decisions set outcome = 'unknown' where meeting_id = $1`, [
      id,
    ]);
    expect(await answersOf(id, wish)).toEqual(['applied']);
    expect(await answersOf(id, [{ approvalId, result: 'rejected' }])).toEqual([
      'refused invalid_transition',
    ]);
    expect(await recorded(approvalId)).toHaveLength(1);
    const acts = (await audited(id)).filter(({ action }) => action === 'meeting.decided');
    expect(acts).toHaveLength(2);
    expect((await read(id)).decisions.map(({ outcome }) => outcome)).toEqual([
      ...['applied', 'refused'],
    ]);
  });

  it('is refused about a round that has changed since it was read', async () => {
    const id = await meeting();
    const { approvalId } = await waiting('Edited');
    const revision = (await read(id)).agenda.find(({ approval }) => approval.id === approvalId)
      ?.approval.revision;
    const wish = [yes(approvalId, { revision })];
    await agent.post(`/approvals/${approvalId}/comments`, { body: 'Wait!' }).expect(201);
    expect(await answersOf(id, wish)).toEqual(['refused stale_version']);
    const now = (await read(id)).agenda.find(({ approval }) => approval.id === approvalId);
    const again = [yes(approvalId, { revision: now?.approval.revision })];
    expect(await answersOf(id, again)).toEqual(['applied']);
  });

  it('is unknown while the engine is away, and carried out by the same call later', async () => {
    const id = await meeting();
    const rounds = [await waiting('Away'), await waiting('Away, too')];
    const wish = rounds.map(({ approvalId }) => yes(approvalId));
    const front = await world.anotherFront({ temporalAddress: '127.0.0.1:1' });
    const alone = await front.as('lead');
    expect(await answersOf(id, wish, alone)).toEqual(['unknown', 'unknown']);
    await front.close();
    expect((await read(id)).decisions).toMatchObject([{ outcome: 'unknown' }, {}]);
    expect(await answersOf(id, wish)).toEqual(['applied', 'applied']);
    for (const { approvalId } of rounds) expect(await recorded(approvalId)).toHaveLength(1);
  });

  it('names people of the board, or who stands in for one', async () => {
    const id = await meeting();
    const { approvalId } = await waiting('Attended');
    const refused = await decide(id, [yes(approvalId)], chair, ['lead', 'agent']);
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { errors: [{ pointer: '/attendeeIds/1', code: 'not_found' }] },
    ]);
    const period = { from: inHours(-1), until: inHours(9) };
    const colleague = await world.as('colleague');
    await colleague
      .post('/me/delegations', { substituteId: person('agent'), ...period })
      .expect(201);
    expect(await answersOf(id, [yes(approvalId)], chair, ['lead', 'agent'])).toEqual(['applied']);
  });

  it('ends with the meeting, which stays as it was held', async () => {
    const id = await meeting();
    const [one, late] = [await waiting('In time'), await waiting('Late')];
    await decide(id, [yes(one.approvalId)]).expect(200);
    const { revision } = await read(id);
    const stale = chair.post(`/meetings/${id}/actions/hold`, { minutes: 'All said.' });
    await stale.set('if-match', `"${revision + 7}"`).expect(412);
    const held = await chair.post(`/meetings/${id}/actions/hold`, { minutes: 'All said.' });
    expect(held.body).toMatchObject({ state: 'held', minutes: 'All said.' });
    await decide(id, [yes(late.approvalId)]).expect(409);
    expect(await recorded(late.approvalId)).toEqual([]);
    expect(await answersOf(id, [yes(one.approvalId)])).toEqual(['applied']);
    await chair.patch(`/meetings/${id}`, { minutes: 'Other words.' }).expect(409);
    await chair.post(`/meetings/${id}/actions/hold`, { minutes: 'Again.' }).expect(409);
    expect(await read(id)).toMatchObject({ state: 'held', agenda: [], decisions: [{}] });
    const inUse = await (await world.as('manager')).delete(`/boards/${board}`);
    expect(inUse.status).toBe(409);
  });
});
