/** What a fact leaves behind beside the feed: notices, messages, lives, numbers, and what failed. */
import { randomUUID } from 'node:crypto';
import { plusSeconds } from '../../models/instant';
import { idFrom } from '../../models/tickets/identity';
import { processes } from '../../workflows/registry';
import { errandProcess } from '../errands/process';
import { openWorld, type World } from '../harness';
import { monday, openRow, who, type Row } from './row';

const at = (seconds: number) => plusSeconds(monday, seconds);
const solved = { code: 'solved', notes: 'The queue was restarted.' };
const p1 = { impact: 'high', urgency: 'high' };

describe('a fact', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ worker: false, processes: [...processes, errandProcess] });
  });
  afterAll(() => world.close());

  const anIncident = (given: object = p1) => openRow(world, 'incident', given);
  const comment = (by: 'user' | 'agent', isPublic = true) => ({
    ...{ name: 'commented', input: { body: 'Here it is.', isPublic }, actor: who(world, by) },
    ...{ occurredAt: at(60) },
  });
  const types = async (row: Row) => (await row.feed()).map(({ type }) => type);

  describe('by the row’s own door', () => {
    it('tells the life when something falls due earlier', async () => {
      const incident = await anIncident();
      await incident.apply(comment('agent'));
      await incident.apply({ name: 'hold', input: { reason: 'customer' }, life: 1 });
      expect(await incident.owed()).toEqual([]);
      const { look, ticket } = await incident.apply(comment('user'));
      expect(ticket?.state).toBe('assigned');
      expect(look).toBe(`look/${ticket?.version}`);
      expect(await incident.owed()).toEqual([[look, 'signal', 'look']]);
    });

    it('tells the life when there is work to do', async () => {
      const errand = await openRow(world, 'errand');
      const { look } = await errand.apply({ name: 'go', input: { fails: 0 } });
      expect(await errand.owed()).toEqual([[look, 'signal', 'look']]);
    });

    it('tells the life when the ticket is settled', async () => {
      const incident = await anIncident();
      await incident.apply({ name: 'resolve', input: solved, life: 1 });
      const { look } = await incident.apply({ name: 'close', actor: who(world, 'user') });
      expect(await incident.row()).toMatchObject({ state: 'closed', is_settled: true });
      expect(await incident.owed()).toEqual([[look, 'signal', 'look']]);
    });

    it('does not wake the life for anything else', async () => {
      const incident = await anIncident();
      await incident.apply(comment('user'));
      await incident.apply(comment('agent', false));
      await incident.apply(comment('agent'));
      await incident.apply({ name: 'edited', input: { title: 'No mail at all' } });
      await incident.apply({ name: 'watched', input: { userId: world.id('person', 'lead') } });
      expect(await incident.owed()).toEqual([]);
    });
  });

  it('by a life’s door does not tell the life what it did itself', async () => {
    const incident = await anIncident();
    await incident.apply({ name: 'resolve', input: solved, life: 1 });
    await incident.apply({ name: 'close', life: 1 });
    expect(await incident.owed()).toEqual([]);
  });

  describe('that tells people', () => {
    it('tells each of them once, whatever they are to the ticket, and not whoever did it', async () => {
      const incident = await anIncident();
      const [lead, agent] = [world.id('person', 'lead'), world.id('person', 'agent')];
      await incident.apply({ name: 'assign', input: { assigneeId: lead }, life: 1 });
      for (const seconds of [675, 900])
        await incident.apply({ name: 'due', via: 'engine', occurredAt: at(seconds), life: 1 });
      await incident.apply({ name: 'assign', input: { assigneeId: agent }, life: 1 });
      expect(await incident.notices()).toEqual([
        'assigned lead',
        'slaWarning lead',
        'slaBreach lead',
      ]);
    });

    it('tells nobody again when it is repeated', async () => {
      const incident = await anIncident();
      const said = { ...comment('agent'), cause: randomUUID() };
      await incident.apply(said);
      await incident.apply(said);
      const late = { name: 'due', via: 'engine', occurredAt: at(4 * 3_600), life: 1 } as const;
      await Promise.all([incident.settle(late), incident.settle(late)]);
      const told = await incident.notices();
      expect(told.filter((one) => one === 'commented user')).toHaveLength(1);
      expect(told.filter((one) => one === 'slaBreach lead')).toHaveLength(1);
    });
  });

  describe('that gives birth to a ticket', () => {
    const closed = async () => {
      const incident = await anIncident();
      await incident.apply({ name: 'resolve', input: solved, life: 1 });
      await incident.apply({ name: 'close', life: 1 });
      return incident;
    };

    it('opens it under an id that follows from the cause, linked, with a life owed', async () => {
      const incident = await closed();
      const said = { ...comment('user'), cause: randomUUID() };
      await incident.apply(said);
      const id = idFrom(incident.id, said.cause, 'birth/0');
      const born = await world.rows('select * from tickets where id = $1', [id]);
      expect(born).toMatchObject([
        {
          ...{ type: 'incident', state: 'new', title: 'No mail', priority: 'P1', version: 1 },
          requester_id: world.id('person', 'user'),
        },
      ]);
      const links = await world.rows('select * from ticket_links where ticket_id = $1', [id]);
      expect(links).toMatchObject([{ kind: 'followUpOf', other_id: incident.id }]);
      const starts = await world.rows('select kind from engine_outbox where ticket_id = $1', [id]);
      expect(starts).toEqual([{ kind: 'start' }]);
      expect(await incident.row()).toMatchObject({ state: 'closed', is_settled: true });
    });

    it('opens it once however often the fact is repeated', async () => {
      const incident = await closed();
      const said = { ...comment('user'), cause: randomUUID() };
      await Promise.all([incident.settle(said), incident.settle(said), incident.settle(said)]);
      const links = await world.rows('select * from ticket_links where other_id = $1', [
        incident.id,
      ]);
      expect(links).toHaveLength(1);
    });
  });

  it('of fifty openings at once takes fifty numbers without a gap or a double', async () => {
    const before = await anIncident();
    const rows = await Promise.all(Array.from({ length: 50 }, () => anIncident()));
    const first = Number(before.number.slice(3));
    const numbers = rows.map(({ number }) => Number(number.slice(3))).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, k) => first + 1 + k));
    expect(before.number).toMatch(/^INC\d{7}$/);
  });

  describe('that cannot be written', () => {
    it('is set aside as failed when it names somebody who is not there', async () => {
      const incident = await anIncident();
      const nobody = { ...who(world, 'agent'), id: randomUUID() };
      const said = { ...comment('agent'), actor: nobody, cause: randomUUID() };
      const { outcome } = await incident.settle(said);
      expect(outcome).toMatchObject({ kind: 'failed', code: 'rule_failed' });
      expect(await types(incident)).toEqual(['opened']);
      expect(await incident.refusals()).toMatchObject([
        { name: 'commented', cause: said.cause, outcome: 'failed' },
      ]);
      expect((await incident.settle(comment('agent'))).outcome.kind).toBe('applied');
    });

    it('is set aside without what no database can hold', async () => {
      const incident = await anIncident();
      const notes = 'a\u0000b\ud800c \\u0000';
      const resolve = { name: 'resolve', input: { code: 'solved', notes }, life: 1 };
      expect((await incident.settle(resolve)).outcome.kind).toBe('failed');
      const [kept] = await incident.refusals();
      expect(kept?.['fact']).toMatchObject({ input: { notes: 'a\ufffdb\ufffdc \\u0000' } });
    });
  });

  describe('on a row that newer code has written', () => {
    it('is tried again, not failed, and applied when the code is new enough', async () => {
      const incident = await anIncident();
      const version = (v: number) =>
        world.rows(`update tickets set snapshot = jsonb_set(snapshot, '{v}', $2) where id = $1`, [
          incident.id,
          JSON.stringify(v),
        ]);
      await version(99);
      const said = { ...comment('agent'), cause: randomUUID() };
      await expect(incident.settle(said)).rejects.toMatchObject({ name: 'SnapshotTooNew' });
      expect(await incident.refusals()).toEqual([]);
      await version(1);
      expect((await incident.settle(said)).outcome.kind).toBe('applied');
    });

    it('keeps what this code does not know', async () => {
      const incident = await anIncident();
      await world.rows(
        `update tickets set snapshot = snapshot || '{"mood": "good"}' where id = $1`,
        [incident.id],
      );
      await incident.apply(comment('agent'));
      await incident.apply(comment('agent'));
      expect(await incident.row()).toMatchObject({ snapshot: { aside: { mood: 'good' } } });
    });
  });
});
