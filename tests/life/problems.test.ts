/** A problem after its end, on virtual time: it is watched for two weeks, and quiet or not. */
import { plusSeconds } from '../../models/instant';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, type LivingTicket } from './living';

const day = 86_400;
const minute = 60;

let world: World;
beforeAll(async () => {
  world = await openWorld({ carries: true });
});
afterAll(() => world.close());

const begin = (input: object = {}) =>
  beginLife(world, {
    type: 'problem',
    by: 'agent',
    input: { title: 'The outbox stops', description: 'Every Monday.', ...input },
  });
const becomes = (problem: LivingTicket, state: string) =>
  eventually(state, async () => ((await problem.row()).state === state ? state : undefined));
const typesOf = async (problem: LivingTicket) => (await problem.feed()).map(({ type }) => type);
const agendaOf = async (problem: LivingTicket) =>
  (await problem.row()).agenda.map(({ key, at }) => [key, at]);

async function fixed(input: object = {}, how: object = {}): Promise<LivingTicket> {
  const problem = await begin(input);
  await problem.give('investigate');
  await problem.give('startFix', { notes: 'The backup moves into the night.' });
  await problem.give('resolve', { code: 'fixed', notes: 'It runs at two.', ...how });
  return problem;
}

/** An incident that came just now, linked as the API links it. */
async function shownAgain(problem: LivingTicket): Promise<string> {
  const input = { impact: 'low', urgency: 'low' };
  const incident = await beginLife(world, { input, at: problem.inSeconds(0) });
  const agent = await world.as('agent');
  const body = { kind: 'causes', ticketId: incident.id };
  await agent.post(`/problems/${problem.id}/links`, body).expect(201);
  return incident.number;
}

it('quiet for 14 days confirms it: it closes by itself', async () => {
  const problem = await fixed();
  const [ended] = await problem.hears('resolved');
  const until = plusSeconds(ended?.at ?? '', 14 * day);
  expect(await agendaOf(problem)).toEqual([['watch', until]]);
  await problem.skipTo(plusSeconds(until, -minute));
  expect((await problem.row()).state).toBe('resolved');
  await problem.skip(2 * minute);
  await becomes(problem, 'closed');
  const confirmed = (await problem.feed()).find(({ type }) => type === 'watchConfirmed');
  expect(confirmed?.at).toBe(until);
  expect(await problem.ended()).toBe('COMPLETED');
});

it('a new incident within the watch reopens it, and it is watched anew after the next fix', async () => {
  const problem = await fixed();
  await problem.skip(10 * day);
  const number = await shownAgain(problem);
  await becomes(problem, 'investigating');
  const recurred = (await problem.feed()).find(({ type }) => type === 'recurred');
  expect(recurred?.data).toMatchObject({ number, onRecurrence: 'reopen' });
  expect(await agendaOf(problem)).toEqual([]);
  await problem.give('resolve', { code: 'fixed', notes: 'Now it does.', watchDays: 3 });
  await problem.skip(3 * day + minute);
  await becomes(problem, 'closed');
  expect((await typesOf(problem)).filter((type) => type === 'watchConfirmed')).toHaveLength(1);
});

it('asks where it is to ask, and does not close before somebody has answered', async () => {
  const problem = await fixed({}, { onRecurrence: 'ask', watchDays: 5 });
  await problem.skip(day);
  await shownAgain(problem);
  await problem.hears('recurred');
  expect(await problem.row()).toMatchObject({
    ...{ state: 'resolved', details: { watch: { isAsked: true } } },
  });
  await problem.skip(5 * day);
  await problem.hears('recurrenceOpen', 2);
  expect((await problem.row()).state).toBe('resolved');
  await problem.give('close');
  await becomes(problem, 'closed');
});

it('a major one is reviewed first: whoever owes that is reminded until it is done', async () => {
  const problem = await begin();
  await problem.give('declareMajor', { reason: 'The bank stood.' }, { by: 'manager' });
  await problem.give('resolve', { code: 'fixed', notes: 'It runs at two.', watchDays: 7 });
  await problem.skip(7 * day + minute);
  await problem.hears('watchConfirmed');
  expect((await typesOf(problem)).filter((type) => type === 'reviewOverdue')).toHaveLength(3);
  const refused = await problem.give('close');
  expect(refused).toMatchObject({ kind: 'refused', code: 'conflict' });
  await problem.give('review', { findings: 'Backups belong to the night.' });
  await becomes(problem, 'closed');
});
