/** No round can hang: for each way in which approvers go, the round finds others or ends. */
import { openRound, answering, awaitedIn, becomes, readRound, type Round } from '../../api/rounds';
import { z } from 'zod';
import { acted, opened, type Caller } from '../../api/incident';
import { openWorld, type World } from '../../harness';
import { advance } from '../../setup/time';
import { feedOf } from '../faults/record';

const Made = z.object({ id: z.string() });
const day = 86_400;

let world: World;
let admin: Caller;
let agent: Caller;
beforeAll(async () => {
  world = await openWorld();
  [admin, agent] = [await world.as('admin'), await world.as('agent')];
});
afterAll(() => world.close());

let people = 0;

/** Somebody new, by id and name. */
async function somebody(role = 'agent'): Promise<{ id: string; name: string }> {
  const name = `person ${(people += 1)}`;
  const email = `p${people}@${world.slug}.example`;
  const answer = await admin.post('/users', { name, email, role }).expect(201);
  return { id: Made.parse(answer.body).id, name };
}
const made = async (path: string, body: object) =>
  Made.parse((await admin.post(path, body).expect(201)).body).id;
const asking = (approvers: readonly object[], body: object = {}) =>
  openRound(world, agent, [], { approvers, ...body });
const person = ({ id }: { id: string }) => ({ kind: 'person', id });
const deactivate = ({ id }: { id: string }) =>
  admin.post(`/users/${id}/actions/deactivate`).expect(204);

/** Waits until these are asked, by name, and nobody else. */
const asks = async (round: Round, ...names: readonly string[]) => {
  const wanted = [...names].sort().join();
  const now = await becomes(world, agent, round, (one) => awaitedIn(one).join() === wanted);
  expect(now.state).toBe('pending');
};
const ends = async (round: Round, state: string, reason: string) => {
  const end = await becomes(world, agent, round, (one) => one.state !== 'pending');
  expect(end).toMatchObject({ state, awaited: [], outcome: { reason } });
};
const clockOf = (round: Round) => world.workflowId(round.number, 'approval');

describe('an approver', () => {
  it('is deactivated: a manager is asked in their place', async () => {
    const approver = await somebody();
    const round = await asking([person(approver)]);
    await deactivate(approver);
    await asks(round, 'manager');
  });

  it('is deactivated beside others: those go on, and what is decided by now is', async () => {
    const [gone, left] = [await somebody(), world.id('person', 'colleague')];
    const round = await asking([person(gone), { kind: 'person', id: left }]);
    await answering(await world.as('colleague'), round, 'approve').expect(200);
    await deactivate(gone);
    await ends(round, 'approved', 'quorum');
  });

  it('is deleted: nobody knows any more who it was, and a manager is asked', async () => {
    const approver = await somebody();
    const round = await asking([person(approver)]);
    await deactivate(approver);
    await admin.delete(`/users/${approver.id}`).expect(204);
    await asks(round, 'manager');
  });

  it('leaves the team: whoever joins is asked, a manager while nobody is there', async () => {
    const [first, second] = [await somebody(), await somebody()];
    const team = await made('/teams', { name: `Board ${first.name}` });
    await admin.post(`/teams/${team}/members`, { userId: first.id }).expect(204);
    const round = await asking([{ kind: 'team', id: team }]);
    expect(awaitedIn(round)).toEqual([first.name]);
    await admin.delete(`/teams/${team}/members/${first.id}`).expect(204);
    await asks(round, 'manager');
    await admin.post(`/teams/${team}/members`, { userId: second.id }).expect(204);
    await asks(round, second.name);
  });

  it('loses the protected role that was asked', async () => {
    const second = await somebody('manager');
    const round = await asking([{ kind: 'role', id: 'manager' }]);
    expect(awaitedIn(round)).toEqual(['manager', second.name]);
    await admin.patch(`/users/${second.id}`, { role: 'agent' }).expect(200);
    await asks(round, 'manager');
  });

  it('loses a role of the organization', async () => {
    const approver = await somebody();
    const role = await made('/roles', { name: `CAB ${approver.name}`, permissions: [] });
    await admin.put(`/users/${approver.id}/roles/${role}`, { validUntil: null }).expect(204);
    const round = await asking([{ kind: 'role', id: role }]);
    expect(awaitedIn(round)).toEqual([approver.name]);
    await admin.delete(`/users/${approver.id}/roles/${role}`).expect(204);
    await asks(round, 'manager');
  });

  it('held a role that ends by time: the next reminder finds it out', async () => {
    const approver = await somebody();
    const role = await made('/roles', { name: `Duty ${approver.name}`, permissions: [] });
    const validUntil = new Date(Date.now() + 1_500).toISOString();
    await admin.put(`/users/${approver.id}/roles/${role}`, { validUntil }).expect(204);
    const hours = 2 / 3_600;
    const round = await asking([{ kind: 'role', id: role }], { remindEveryHours: hours });
    expect(awaitedIn(round)).toEqual([approver.name]);
    await asks(round, 'manager');
  });
});

describe("the requester's manager", () => {
  const relation = { kind: 'relation', relation: 'requesterManager' };
  const led = async (managerId: string | null) => {
    const requester = await somebody('end_user');
    await admin.patch(`/users/${requester.id}`, { managerId }).expect(200);
    return requester;
  };

  it('changes: the new one is asked', async () => {
    const [before, after] = [await somebody(), await somebody()];
    const { id: requesterId } = await led(before.id);
    const round = await asking([relation], { requesterId });
    expect(awaitedIn(round)).toEqual([before.name]);
    await admin.patch(`/users/${requesterId}`, { managerId: after.id }).expect(200);
    await asks(round, after.name);
    await admin.patch(`/users/${requesterId}`, { managerId: null }).expect(200);
    await asks(round, 'manager');
  });

  it('is deactivated: a manager of the organization is asked', async () => {
    const leader = await somebody();
    const { id: requesterId } = await led(leader.id);
    const round = await asking([relation], { requesterId });
    await deactivate(leader);
    await asks(round, 'manager');
  });

  it('is not there: a manager of the organization is asked, until there is one', async () => {
    const { id: requesterId } = await led(null);
    const round = await asking([relation], { requesterId });
    expect(awaitedIn(round)).toEqual(['manager']);
    const leader = await somebody();
    await admin.patch(`/users/${requesterId}`, { managerId: leader.id }).expect(200);
    await asks(round, leader.name);
  });
});

describe('a service', () => {
  it('has no owner: a manager is asked, until it has one', async () => {
    const serviceId = await made('/services', { name: 'Print', description: 'Paper' });
    const owners = { kind: 'relation', relation: 'serviceOwner' };
    const round = await asking([owners], { serviceId });
    expect(awaitedIn(round)).toEqual(['manager']);
    const owner = await somebody();
    await admin.patch(`/services/${serviceId}`, { ownerId: owner.id }).expect(200);
    await asks(round, owner.name);
    await deactivate(owner);
    await asks(round, 'manager');
  });
});

describe('nobody can answer', () => {
  it('everybody who was named is barred: a manager is asked, then an administrator', async () => {
    const named = ['colleague', 'manager'].map((name) => world.id('person', name));
    const approvers = named.map((id) => person({ id }));
    const round = await asking(approvers, { barredIds: named });
    expect(awaitedIn(round)).toEqual(['admin']);
    const first = await asking(approvers, { barredIds: [named[0]] });
    expect(awaitedIn(first)).toEqual(['manager']);
  });

  it('and no manager or administrator either: the round ends at once', async () => {
    const all = ['colleague', 'manager', 'admin'].map((name) => world.id('person', name));
    const round = await asking([{ kind: 'person', id: all[0] }], { barredIds: all });
    await ends(round, 'rejected', 'nobodyCanAnswer');
  });

  it('too few are left for n of m: it ends at once, or when one of them goes', async () => {
    const [one, other] = [await somebody(), await somebody()];
    const of = (n: number) => asking([one, other].map(person), { quorum: { kind: 'count', n } });
    await ends(await of(3), 'rejected', 'outOfQuorum');
    const round = await of(2);
    expect(round.state).toBe('pending');
    await deactivate(other);
    await ends(round, 'rejected', 'outOfQuorum');
  });
});

describe('nobody does answer', () => {
  it('all abstain: nothing is approved', async () => {
    const names = ['manager', 'colleague'];
    const round = await openRound(world, agent, names);
    for (const name of names) await answering(await world.as(name), round, 'abstain').expect(200);
    expect(await readRound(agent, round)).toMatchObject({
      state: 'rejected',
      outcome: { reason: 'nobodyAnswered' },
    });
  });

  it('all are silent: they are reminded every day, and after a week it ends', async () => {
    const round = await openRound(world, agent, ['manager', 'colleague']);
    await advance(world.engine, clockOf(round), 7 * day + 60);
    await ends(round, 'rejected', 'expired');
    const [opened, ...feed] = await feedOf(world, round.id);
    const daysAfter = ({ at }: { at: Date }) => (at.getTime() - Number(opened?.at)) / day / 1_000;
    expect(feed.map((line) => [line.type, daysAfter(line)])).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((days) => ['reminded', days]),
      ['decided', 7],
    ]);
  });
});

describe('what was asked about', () => {
  it.each([
    ['is cancelled', [['cancel', { reason: 'Sent twice.' }]]],
    [
      'is closed',
      [
        ['resolve', { code: 'solved', notes: 'Done' }],
        ['close', {}],
      ],
    ],
  ] as const)('%s: the next reminder takes the question back', async (_, commands) => {
    const incident = await opened(agent);
    const round = await openRound(world, agent, ['manager'], { subjectId: incident.id });
    for (const [command, input] of commands) await acted(agent, incident, command, input);
    await advance(world.engine, clockOf(round), day + 60);
    await ends(round, 'recalled', 'subjectIsOver');
  });
});
