/** Rounds of approval over the API: answers, who may give them, and what else people do. */
import { setTimeout as pause } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import supertest from 'supertest';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { invalidAt, notFound, opened, refused, type Caller } from './incident';
import { answering, awaitedIn, becomes, inboxOf, linesOf, openRound, readRound } from './rounds';
import { roundOf, type Round } from './rounds';

let world: World;
let agent: Caller;
let manager: Caller;
let colleague: Caller;
let user: Caller;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  [agent, manager, colleague] = [
    await world.as('agent'),
    await world.as('manager'),
    await world.as('colleague'),
  ];
  [user, admin] = [await world.as('user'), await world.as('admin')];
});
afterAll(() => world.close());

const person = (name: string) => world.id('person', name);
const begun = (names: readonly string[], body: object = {}) => openRound(world, agent, names, body);
const forbidden = { status: 403, code: 'forbidden' };
const codeOf = async (call: ReturnType<typeof answering>) => {
  const { status, code } = await refused(call);
  return [status, code];
};

describe('an answer', () => {
  it('takes the round out of the inbox of whoever gave it; the last one ends it', async () => {
    const round = await begun(['manager', 'colleague']);
    expect(awaitedIn(round)).toEqual(['colleague', 'manager']);
    expect(await inboxOf(manager)).toEqual([round.number]);
    const first = await answering(manager, round, 'approve', { comment: 'Yes.' }).expect(200);
    expect(first.body).toMatchObject({ state: 'pending' });
    expect(await inboxOf(manager)).toEqual([]);
    expect(roundOf(await answering(colleague, round, 'approve').expect(200))).toMatchObject({
      state: 'approved',
      awaited: [],
      outcome: { result: 'approved', reason: 'quorum' },
      votes: [
        { answer: 'approve', comment: 'Yes.', via: 'api', byId: person('manager') },
        { answer: 'approve', comment: null, via: 'api', byId: person('colleague') },
      ],
    });
  });

  it('of everybody at the same moment is counted once each', async () => {
    const round = await begun(['manager', 'colleague', 'lead', 'user']);
    const callers = [manager, colleague, await world.as('lead'), user];
    const answers = await Promise.all(callers.map((one) => answering(one, round, 'approve')));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const now = await readRound(agent, round);
    expect([now.state, now.votes.length]).toEqual(['approved', 4]);
  });

  it('given twice by one key is the same answer, and by two keys one answer and a refusal', async () => {
    const round = await begun(['manager', 'colleague']);
    const key = randomUUID();
    const once = () => answering(manager, round, 'approve').set('idempotency-key', key);
    expect([(await once()).status, (await once()).status]).toEqual([200, 200]);
    expect(await codeOf(answering(manager, round, 'reject'))).toEqual([403, 'forbidden']);
    const both = await Promise.all([1, 2].map(() => answering(colleague, round, 'approve')));
    expect(both.map(({ status }) => status).sort()[0]).toBe(200);
    expect((await readRound(agent, round)).votes).toHaveLength(2);
  });

  it('of somebody who is not asked is refused, also of the requester and of an administrator', async () => {
    const round = await begun(['manager', 'agent']);
    expect(awaitedIn(round)).toEqual(['manager']);
    for (const caller of [colleague, agent, admin]) {
      expect((await readRound(caller, round)).allowed).not.toContain('approve');
      expect(await refused(answering(caller, round, 'approve'))).toMatchObject(forbidden);
    }
  });

  it('after the end is not possible, and says so', async () => {
    const round = await begun(['manager', 'colleague'], { quorum: { kind: 'first' } });
    await answering(manager, round, 'reject').expect(200);
    for (const caller of [manager, colleague])
      expect(await codeOf(answering(caller, round, 'approve'))).toEqual([
        409,
        'invalid_transition',
      ]);
  });

  it('to a revision that is no more is refused: whoever answers may say what they saw', async () => {
    const round = await begun(['manager', 'colleague']);
    await answering(colleague, round, 'approve').expect(200);
    const stale = answering(manager, round, 'approve').set('if-match', `"${round.revision}"`);
    expect(await codeOf(stale)).toEqual([412, 'stale_version']);
  });

  it('to a question that has changed while it was on its way is refused', async () => {
    const round = await begun(['manager', 'colleague']);
    await world.stopWorker();
    const answer = answering(manager, round, 'approve').then();
    await pause(400);
    // As the process that asks would say it, before the worker has taken the answer.
    await world.rows(
      `update tickets set snapshot = jsonb_set(snapshot, '{details,shownHash}', '"another"')
        where id = $1`,
      [round.id],
    );
    await world.startWorker();
    expect(await answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await readRound(agent, round)).votes).toEqual([]);
  });

  it('may abstain or ask: the one counts as such, the other reaches the requester', async () => {
    const round = await begun(['manager', 'colleague']);
    await answering(manager, round, 'ask', { comment: 'Which one?' }).expect(200);
    expect(await refused(answering(manager, round, 'ask'))).toEqual(invalidAt('/comment'));
    const [told] = await world.rows(
      `select template from notifications where ticket_id = $1 and recipient_id = $2`,
      [round.id, person('agent')],
    );
    expect(told).toEqual({ template: 'approval.question' });
    await answering(manager, round, 'abstain').expect(200);
    const end = roundOf(await answering(colleague, round, 'approve').expect(200));
    expect(end).toMatchObject({ state: 'approved', votes: [{ answer: 'abstain' }, {}] });
  });
});

describe('a substitute', () => {
  afterEach(() => world.rows('delete from delegations'));
  const hours = (count: number) => new Date(Date.now() + count * 3_600_000).toISOString();
  const away = (of: string, substitute: string) =>
    admin
      .post(`/users/${person(of)}/delegations`, {
        ...{ substituteId: person(substitute), from: hours(-1), until: hours(1) },
      })
      .expect(201);

  it('has the round in the inbox, and answers in the place of who is away', async () => {
    await away('manager', 'user');
    const round = await begun(['manager', 'colleague']);
    expect(await inboxOf(user)).toContain(round.number);
    expect((await readRound(user, round)).allowed).toContain('approve');
    const now = roundOf(await answering(user, round, 'approve').expect(200));
    expect(now.votes).toMatchObject([{ approverId: person('manager'), byId: person('user') }]);
    expect(await inboxOf(manager)).not.toContain(round.number);
  });

  it('is whoever is there at the end of a chain, and nobody in between', async () => {
    await away('manager', 'lead');
    await away('lead', 'user');
    const round = await begun(['manager']);
    const lead = await world.as('lead');
    expect([await inboxOf(user), await inboxOf(lead)]).toEqual([
      expect.arrayContaining([round.number]),
      expect.not.arrayContaining([round.number]),
    ]);
    expect(await codeOf(answering(lead, round, 'approve'))).toEqual([403, 'forbidden']);
    const end = roundOf(await answering(user, round, 'approve').expect(200));
    expect(end.votes).toMatchObject([{ approverId: person('manager'), byId: person('user') }]);
  });

  it('who asks does not answer their own request', async () => {
    await away('manager', 'agent');
    const round = await begun(['manager', 'colleague']);
    expect(await codeOf(answering(agent, round, 'approve'))).toEqual([403, 'forbidden']);
  });
});

describe('whoever asks, or leads', () => {
  it('reminds and recalls; somebody else does not', async () => {
    const round = await begun(['manager', 'colleague']);
    expect(await codeOf(answering(colleague, round, 'recall'))).toEqual([403, 'forbidden']);
    await answering(agent, round, 'remind').expect(200);
    const told = await world.rows(
      `select 1 from notifications where ticket_id = $1 and template = 'approval.reminded'`,
      [round.id],
    );
    expect(told).toHaveLength(2);
    const end = roundOf(await answering(agent, round, 'recall', { reason: 'Not needed' }));
    expect([end.state, end.awaited]).toEqual(['recalled', []]);
    expect(await inboxOf(manager)).not.toContain(round.number);
  });

  it('records what a meeting has decided, but not for their own request', async () => {
    const decision = { result: 'approved', attendeeIds: [person('colleague')] };
    const round = await begun(['colleague', 'lead']);
    const end = roundOf(await answering(manager, round, 'recordDecision', decision).expect(200));
    expect(end.outcome).toMatchObject({ reason: 'meeting', byId: person('manager') });
    const own = await openRound(world, manager, ['colleague']);
    expect(await codeOf(answering(manager, own, 'recordDecision', decision))).toEqual([
      403,
      'forbidden',
    ]);
  });

  it('is answered when somebody comments; whoever is asked hears of it', async () => {
    const round = await begun(['manager']);
    await agent.post(`/approvals/${round.id}/comments`, { body: 'It is urgent.' }).expect(201);
    const told = await world.rows(
      `select 1 from notifications where ticket_id = $1 and recipient_id = $2 and template = $3`,
      [round.id, person('manager'), 'approval.commented'],
    );
    expect(told).toHaveLength(1);
  });

  it('bars people, and asks whoever is left', async () => {
    const round = await begun(['manager', 'colleague'], { barredIds: [person('colleague')] });
    expect(awaitedIn(round)).toEqual(['manager']);
    expect(await codeOf(answering(colleague, round, 'approve'))).toEqual([403, 'forbidden']);
  });
});

describe('when nobody answers in time', () => {
  it.each([
    ['approve', 'approved'],
    ['reject', 'rejected'],
    ['expire', 'expired'],
  ])('the round ends as was said: %s', async (onExpiry, state) => {
    const round = await begun(['manager'], { onExpiry, expiresInHours: 0.0003 });
    const end = await becomes(world, agent, round, (now) => now.state !== 'pending');
    expect(end).toMatchObject({ state, outcome: { result: state, reason: 'expired' } });
  });
});

describe('who sees a round', () => {
  it('whoever is asked, whatever their role, also after they have answered; no stranger', async () => {
    const stranger = await world.as('stranger');
    const round = await begun(['user', 'manager']);
    expect((await readRound(user, round)).allowed.sort()).toEqual([
      ...['abstain', 'approve', 'ask', 'reject'],
    ]);
    for (const call of [
      stranger.get(`/approvals/${round.id}`),
      answering(stranger, round, 'approve'),
    ])
      expect(await refused(call)).toEqual(notFound);
    expect(await inboxOf(stranger)).toEqual([]);
    await answering(user, round, 'approve').expect(200);
    expect(await readRound(user, round)).toMatchObject({ allowed: [] });
  });
});

describe('a program', () => {
  const Made = z.object({ token: z.string() });
  const programOf = async (scopes: readonly string[]) => {
    const made = await manager.post('/me/api-tokens', { name: 'chat', scopes }).expect(201);
    return (round: Round, name: string) =>
      supertest(world.app)
        .post(`/api/v1/approvals/${round.id}/actions/${name}`)
        .set('authorization', `Bearer ${Made.parse(made.body).token}`)
        .send({});
  };

  it('answers as its owner with the scope approval:answer, and not without it', async () => {
    const round = await begun(['manager']);
    const reader = await programOf(['approval:read', 'approval:all']);
    expect(await codeOf(reader(round, 'approve'))).toEqual([403, 'forbidden']);
    const answerer = await programOf(['approval:read', 'approval:answer']);
    const end = roundOf(await answerer(round, 'approve').expect(200));
    expect(end).toMatchObject({ state: 'approved', votes: [{ byId: person('manager') }] });
  });
});

describe('a round about another ticket', () => {
  it('leaves its end in the feed of that ticket', async () => {
    const incident = await opened(agent);
    const round = await begun(['manager'], { subjectId: incident.id });
    await answering(manager, round, 'reject', { comment: 'Too dear.' }).expect(200);
    await becomes(world, agent, round, (now) => now.state === 'rejected');
    const path = `/incidents/${incident.id}`;
    for (let tries = 0; tries < 100; tries += 1) {
      await becomes(world, agent, round, () => true);
      if ((await linesOf(agent, path, 'approvalDecided')).length > 0) break;
      await pause(50);
    }
    expect(await linesOf(agent, path, 'approvalDecided')).toMatchObject([
      { data: { approvalId: round.id, result: 'rejected', reason: 'outOfQuorum' } },
    ]);
  });
});
