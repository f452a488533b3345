/** The paths of a change over HTTP, with its rounds carried by the real engine. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { eventually, openWorld, type World } from '../harness';

type Caller = Awaited<ReturnType<World['as']>>;

const Change = z.looseObject({
  id: z.string(),
  number: z.string(),
  state: z.string(),
  allowed: z.array(z.string()),
  risk: z.object({ score: z.number(), level: z.string() }).nullable(),
  approval: z.object({ rounds: z.array(z.object({ id: z.string() })) }).nullable(),
  authority: z.string().nullable(),
});
type Change = z.infer<typeof Change>;
const Thing = z.looseObject({ id: z.string(), revision: z.number() });
const Problem = z.looseObject({
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string() })).optional(),
});

let world: World;
let agent: Caller;
let manager: Caller;
let colleague: Caller;
let admin: Caller;
let web: string;
beforeAll(async () => {
  world = await openWorld({ carries: true });
  [agent, manager, colleague, admin] = await Promise.all([
    world.as('agent'),
    world.as('manager'),
    world.as('colleague'),
    world.as('admin'),
  ]);
  web = Thing.parse((await admin.post('/services', { name: 'Web' })).body).id;
});
afterAll(() => world.close());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const plans = { implementation: 'Replace it.', test: 'Send a mail.', backOut: 'Undo it.' };
const planned = () => ({
  plans: { ...plans, communication: 'Tell everybody.' },
  risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
  window: { start: inHours(-1), end: inHours(4) },
});
const written = () => ({
  ...{ title: 'Renew the certificate of the gateway', description: 'It ends in two weeks.' },
  ...planned(),
});

async function opened(body: object = {}): Promise<Change> {
  const answer = await agent.post('/changes', { ...written(), ...body });
  expect(answer.body).toMatchObject({ state: 'draft' });
  return Change.parse(answer.body);
}

const act = (caller: Caller, { id }: Pick<Change, 'id'>, action: string, body: object = {}) =>
  caller.post(`/changes/${id}/actions/${action}`, body);

async function acted(change: Change, action: string, body: object = {}, caller = agent) {
  const answer = await act(caller, change, action, body);
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
  return Change.parse(answer.body);
}

async function refusal(answer: Promise<{ status: number; body: unknown }>) {
  const { status, body } = await answer;
  const { code, detail, errors = [] } = Problem.parse(body);
  return { is: [status, code, ...errors.map(({ pointer }) => pointer)], detail };
}

/** A colleague of the team at low risk, else a manager. */
const approverOf = ({ authority }: Change) => (authority === 'peer' ? colleague : manager);

async function answered(change: Change, answer = 'approve', caller?: Caller): Promise<void> {
  const round = change.approval?.rounds.at(-1)?.id ?? '';
  const said = await (caller ?? approverOf(change)).post(`/approvals/${round}/actions/${answer}`);
  expect([said.status, said.body]).toMatchObject([200, {}]);
}

const becomes = (change: Change, state: string) =>
  eventually(`${change.number} ${state}`, async () => {
    const now = Change.parse((await agent.get(`/changes/${change.id}`)).body);
    return now.state === state ? now : undefined;
  });

async function asked(body: object = {}): Promise<Change> {
  const change = await opened(body);
  await acted(change, 'submit');
  return acted(change, 'requestApproval');
}

async function scheduled(body: object = {}): Promise<Change> {
  const change = await asked(body);
  await answered(change);
  return becomes(change, 'scheduled');
}

async function feedOf({ id }: Change) {
  const Events = z.object({
    data: z.array(z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) })),
  });
  return Events.parse((await agent.get(`/changes/${id}/events?limit=100`)).body).data;
}

const template = () => ({
  ...{ name: `Restart ${randomUUID()}`, title: 'Restart', serviceIds: [web], durationMinutes: 30 },
  ...{ risk: written().risk, plans },
});

async function approvedTemplate() {
  const made = Thing.parse((await manager.post('/change-templates', template())).body);
  const answer = await admin.post(`/change-templates/${made.id}/actions/approve`);
  expect(answer.status).toBe(200);
  return Thing.parse(answer.body);
}

describe('a change', () => {
  it('normal: assessed, approved, begun in its window, done, closed', async () => {
    const change = await scheduled();
    expect(change.authority).not.toBeNull();
    expect(change.allowed).toContain('implement');
    await acted(change, 'implement');
    expect(await acted(change, 'complete', { outcome: 'successful' })).toMatchObject({
      state: 'review',
      outcome: 'successful',
    });
    expect(await acted(change, 'close')).toMatchObject({ state: 'closed', allowed: [] });
  });

  it('standard: scheduled from its template without asking anybody', async () => {
    const { id: templateId } = await approvedTemplate();
    const change = await opened({ kind: 'standard', templateId, plans: {}, risk: null });
    expect(change).toMatchObject({ plans, risk: { level: expect.any(String) as string } });
    const ready = await acted(change, 'submit');
    expect([ready.state, ready.approval]).toEqual(['scheduled', null]);
    expect((await acted(change, 'implement')).state).toBe('implementing');
    await acted(change, 'complete', { outcome: 'successful' });
  });

  it('standard: refused when its template was changed since', async () => {
    const { id: templateId } = await approvedTemplate();
    const change = await opened({ kind: 'standard', templateId });
    const edited = await manager.patch(`/change-templates/${templateId}`, { durationMinutes: 45 });
    expect(edited.status).toBe(200);
    const refused = await refusal(act(agent, change, 'submit'));
    expect(refused).toMatchObject({
      is: [409, 'conflict'],
      detail: expect.stringContaining('template') as string,
    });
    expect((await acted(change, 'cancel', { reason: 'Opened anew.' })).state).toBe('cancelled');
  });

  it('emergency: asked at once, done in a freeze, not closed without its review', async () => {
    const frozen = await manager.post('/freezes', {
      ...{ name: 'Books', reason: 'The books.', from: inHours(-2), until: inHours(2) },
      serviceIds: [web],
    });
    expect(frozen.status).toBe(201);
    const change = await opened({ kind: 'emergency', serviceIds: [web] });
    const waiting = await acted(change, 'submit');
    expect(waiting).toMatchObject({ state: 'awaitingApproval', authority: 'ecab' });
    await answered(waiting);
    await becomes(change, 'scheduled');
    await acted(change, 'implement');
    await acted(change, 'complete', { outcome: 'successful' });
    expect((await refusal(act(agent, change, 'close'))).is).toEqual([409, 'conflict']);
    await acted(change, 'review', { findings: 'The disk was old.' });
    expect((await acted(change, 'close')).state).toBe('closed');
    await manager.delete(`/freezes/${Thing.parse(frozen.body).id}`);
  });

  it('rejected and revised: it is asked anew', async () => {
    const change = await asked();
    // Of peers one is enough to approve, and all must refuse.
    const peers = [colleague, await world.as('lead')];
    for (const peer of peers) await answered(change, 'reject', peer);
    const over = await becomes(change, 'rejected');
    expect(over.allowed).toEqual(expect.arrayContaining(['revise', 'cancel']));
    await acted(change, 'revise', { reason: 'Smaller now.' });
    await acted(change, 'submit');
    const again = await acted(change, 'requestApproval');
    expect(again.approval?.rounds).not.toEqual(change.approval?.rounds);
    await answered(again);
    await becomes(change, 'scheduled');
  });

  it('recalled: the very same is asked anew, and does not hang', async () => {
    const change = await asked();
    await answered(change, 'recall', agent);
    await becomes(change, 'draft');
    await acted(change, 'submit');
    const again = await acted(change, 'requestApproval');
    await answered(again);
    await becomes(change, 'scheduled');
  });

  it('edited after it was approved: approved anew, with the difference in its feed', async () => {
    const change = await scheduled();
    const edited = await acted(change, 'plan', { cost: 1200 });
    expect(edited.state).toBe('awaitingApproval');
    const told = (await feedOf(change)).find(({ type }) => type === 'askedAnew');
    expect(told?.data['differences']).toEqual([{ name: 'cost', from: null, to: 1200 }]);
    expect((await refusal(act(agent, change, 'implement'))).is).toEqual([
      409,
      'invalid_transition',
    ]);
    await answered(edited);
    await becomes(change, 'scheduled');
  });
});

describe('what is refused', () => {
  it.each<[string, object, string]>([
    ['a window', { window: null }, 'window'],
    ['its risk', { risk: null }, 'risk'],
    ['its plans', { plans: {} }, 'plans.implementation'],
  ])('asking without %s', async (_, body, missing) => {
    const change = await opened(body);
    await acted(change, 'submit');
    const refused = await refusal(act(agent, change, 'requestApproval'));
    expect(refused.is).toEqual([409, 'conflict']);
    expect(refused.detail).toContain(missing);
    expect((await acted(change, 'plan', planned())).state).toBe('assessment');
  });

  it('beginning before the window, by whoever approved it, and in a freeze that came later', async () => {
    const early = await scheduled({ window: { start: inHours(0.5), end: inHours(1) } });
    expect((await refusal(act(agent, early, 'implement'))).is).toEqual([409, 'conflict']);
    const change = await scheduled({ serviceIds: [web] });
    expect((await refusal(act(approverOf(change), change, 'implement'))).is).toEqual([
      409,
      'conflict',
    ]);
    const freeze = await manager.post('/freezes', {
      ...{ name: 'Audit', reason: 'The audit.', from: inHours(-2), until: inHours(2) },
      serviceIds: [web],
    });
    const refused = await refusal(act(agent, change, 'implement'));
    expect(refused).toEqual({
      is: [409, 'conflict'],
      detail: expect.stringContaining('Audit') as string,
    });
    await manager.delete(`/freezes/${Thing.parse(freeze.body).id}`);
    await acted(change, 'implement');
    await acted(change, 'complete', { outcome: 'successful' });
  });

  it('beginning while another one works on the same, however both are begun', async () => {
    const both = await Promise.all([1, 2].map(() => scheduled({ configurationItems: ['db1'] })));
    const answers = await Promise.all(both.map((change) => act(agent, change, 'implement')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [second = 0, first = 0] = [409, 200].map((status) =>
      answers.findIndex((answer) => answer.status === status),
    );
    const [running, waiting] = [both[first], both[second]];
    if (!running || !waiting) throw new Error('One of both runs');
    const refused = await refusal(act(agent, waiting, 'implement'));
    expect(refused.detail).toContain(running.number);
    // The record stays editable meanwhile.
    const patched = await agent.patch(`/changes/${waiting.id}`, { title: 'Later' });
    expect(patched.status).toBe(200);
    await acted(running, 'complete', { outcome: 'successful' });
    await acted(waiting, 'implement');
  });

  it('ids that are of nothing, or of somebody else', async () => {
    const neighbour = await world.neighbour();
    const theirs = neighbour.id('service', 'Mail');
    const change = await opened();
    const attempts: [string, Promise<{ status: number; body: unknown }>][] = [
      ['/serviceIds/0', act(agent, change, 'plan', { serviceIds: [theirs] })],
      ['/boardId', act(agent, change, 'plan', { boardId: randomUUID() })],
      [
        '/assigneeId',
        act(agent, change, 'assign', { assigneeId: neighbour.id('person', 'agent') }),
      ],
      ['/teamId', act(agent, change, 'assign', { teamId: neighbour.id('team', 'Network') })],
      [
        '/assigneeId',
        act(agent, change, 'addTask', {
          title: 'Dig',
          assigneeId: neighbour.id('person', 'agent'),
        }),
      ],
      ['/taskId', act(agent, change, 'completeTask', { taskId: randomUUID() })],
      ['/templateId', agent.post('/changes', { ...written(), templateId: randomUUID() })],
      ['/serviceId', agent.post('/changes', { ...written(), serviceId: theirs })],
      ['/serviceIds/0', agent.post('/changes', { ...written(), serviceIds: [theirs] })],
    ];
    for (const [pointer, answer] of attempts) {
      expect((await refusal(answer)).is).toEqual([422, 'invalid_input', pointer]);
    }
  });

  it('all of it to people who are no agents', async () => {
    const [change, user] = [await opened(), await world.as('user')];
    expect((await user.post('/changes', written())).status).toBe(403);
    expect([403, 404]).toContain((await act(user, change, 'submit')).status);
  });
});
