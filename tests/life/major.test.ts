/** A major incident with forty parts, from its declaration to its end, on the real server in virtual time. */
import { plusSeconds, type Instant } from '../../models/instant';
import { opened, type Caller } from '../api/incident';
import { eventually, openWorld, type World } from '../harness';
import { beginLife, type Line, type LivingTicket } from './living';

const minute = 60;
const hour = 3_600;
const day = 86_400;
const many = 40;

let world: World;
let agent: Caller;
let major: LivingTicket;
let parts: readonly string[];
beforeAll(async () => {
  world = await openWorld({ carries: true });
  agent = await world.as('agent');
  major = await beginLife(world, { input: { impact: 'low', urgency: 'low' } });
  parts = await Promise.all(Array.from({ length: many }, newPart));
});
afterAll(() => world.close());

async function newPart(): Promise<string> {
  const { id } = await opened(agent, { impact: 'low', urgency: 'low' });
  await agent.post(`/incidents/${id}/links`, { kind: 'parent', ticketId: major.id }).expect(201);
  return id;
}

const atOf = (lines: readonly Line[], type: string): Instant => {
  const found = lines.findLast((line) => line.type === type);
  if (!found) throw new Error(`Nothing was ${type}`);
  return found.at;
};
const agendaOf = async () => (await major.row()).agenda.map(({ key, at }) => [key, at]);
const detailsOf = async () => (await major.row()).details;

/** How many lines of a type each part has in its feed: `[1, 1, …]` once all of them have so many. */
const eachPartHas = (type: string, times: number) =>
  eventually(`${times} times ${type} in each part`, async () => {
    const rows = await world.rows(
      `select count(*) filter (where type = $2)::int as n from ticket_events
        where ticket_id = any($1::uuid[]) group by ticket_id`,
      [parts, type],
    );
    const counts = rows.map(({ n }) => Number(n));
    return counts.every((n) => n >= times) ? counts : undefined;
  });
const toAll = (times: number) => Array<number>(many).fill(times);

describe('a major incident', () => {
  it('is coordinated by whoever was named, and an update is due within the hour', async () => {
    const coordinatorId = world.id('person', 'colleague');
    await major.give('declareMajor', { reason: 'All sites.', coordinatorId }, { by: 'manager' });
    const declared = atOf(await major.feed(), 'majorDeclared');
    expect(await detailsOf()).toMatchObject({
      major: { coordinatorId, updateEveryMinutes: 60, nextUpdateAt: plusSeconds(declared, hour) },
    });
    expect(await major.notices()).toEqual(
      expect.arrayContaining(['coordinating colleague', 'majorDeclared lead']),
    );
  });

  it('asks for an update that is late, the second time higher up', async () => {
    const declared = atOf(await major.feed(), 'majorDeclared');
    await major.skipTo(plusSeconds(declared, hour + minute));
    await major.hears('majorUpdateOverdue');
    expect(await major.notices()).not.toContain('majorUpdateDue manager');
    await major.skipTo(plusSeconds(declared, 2 * hour + minute));
    const lines = await major.hears('majorUpdateOverdue', 2);
    expect(lines.map(({ at }) => at)).toEqual([
      plusSeconds(declared, hour),
      plusSeconds(declared, 2 * hour),
    ]);
    const late = (await major.notices()).filter((notice) => notice.startsWith('majorUpdateDue'));
    expect(late.sort()).toEqual([
      ...['majorUpdateDue colleague', 'majorUpdateDue colleague', 'majorUpdateDue manager'],
    ]);
  });

  it('tells every part of an update, once', async () => {
    await major.give('postUpdate', { body: 'The line is being repaired.' });
    const posted = atOf(await major.feed(), 'majorUpdated');
    expect(await agendaOf()).toContainEqual(['majorUpdate', plusSeconds(posted, hour)]);
    expect(await eachPartHas('commented', 1)).toEqual(toAll(1));
    const [first = ''] = parts;
    expect((await agent.get(`/incidents/${first}/comments`)).body).toMatchObject({
      data: [
        {
          ...{ isPublic: true, author: { name: 'agent' } },
          body: `${major.number}, of which this is a part: The line is being repaired.`,
        },
      ],
    });
  });

  it('is resolved with all its parts, once each, and reopened with them', async () => {
    await major.give('resolve', { code: 'workaround', notes: 'The other line is used.' });
    expect(await eachPartHas('resolved', 1)).toEqual(toAll(1));
    const codes = await world.rows(
      `select snapshot -> 'details' -> 'resolution' ->> 'code' as code, count(*)::int as n
         from tickets where id = any($1::uuid[]) group by 1`,
      [parts],
    );
    expect(codes).toEqual([{ code: 'workaround', n: many }]);
    expect((await agendaOf()).map(([key]) => key)).toEqual([
      ...['autoCloseReminder', 'autoClose', 'reviewDue'],
    ]);
    await major.give('reopen', { reason: 'That one broke, too.' });
    expect(await eachPartHas('reopened', 1)).toEqual(toAll(1));
    expect((await agendaOf()).map(([key]) => key)).toContain('majorUpdate');
    await major.give('resolve', { code: 'solved', notes: 'Both are repaired.' });
    expect(await eachPartHas('resolved', 2)).toEqual(toAll(2));
  });

  it('waits for its review, is asked for it every day, and closes then', async () => {
    const resolved = atOf(await major.feed(), 'resolved');
    await major.skipTo(plusSeconds(resolved, 6 * day + minute));
    await major.hears('reviewOverdue', 2);
    expect((await major.give('close')).kind).toBe('refused');
    expect((await major.row()).state).toBe('resolved');
    const asked = (await major.notices()).filter((notice) => notice.startsWith('reviewOverdue'));
    expect(asked.filter((notice) => notice === 'reviewOverdue colleague')).toHaveLength(2);
    expect(asked.filter((notice) => notice === 'reviewOverdue manager')).toHaveLength(1);
    await major.give('reviewMajor', { findings: 'Both lines lie in one duct.' });
    const reviewed = atOf(await major.feed(), 'majorReviewed');
    await major.skipTo(plusSeconds(reviewed, 2 * day + minute));
    await major.hears('closed');
    expect(atOf(await major.feed(), 'closed')).toBe(plusSeconds(reviewed, 2 * day));
    expect(await major.ended()).toBe('COMPLETED');
    expect(await major.row()).toMatchObject({ state: 'closed', agenda: [], nextDueAt: null });
    expect(await major.refusals()).toMatchObject([{ name: 'close', code: 'conflict' }]);
  });
});
