/** How facts change a ticket's row: the kernel with the real database. */
import { randomUUID } from 'node:crypto';
import { plusSeconds } from '../../models/instant';
import { next } from '../../models/tickets/next';
import type { Process } from '../../models/tickets/rules';
import { processes } from '../../workflows/registry';
import { errandProcess } from '../errands/process';
import { openWorld, type World } from '../harness';
import { monday, openRow, who, type Row } from './row';

/** An errand on whose agenda anything may be put that does no more than leave a line. */
const ticking: Process = {
  ...errandProcess,
  rules: {
    ...errandProcess.rules,
    agenda: {
      ...errandProcess.rules.agenda,
      tick: (ticket, { input }) => next(ticket).event('ticked', { key: input.key }),
    },
  },
};

const hours = 3_600;
const at = (seconds: number) => plusSeconds(monday, seconds);
const solved = { code: 'solved', notes: 'The queue was restarted.' };
const p1 = { impact: 'high', urgency: 'high' };

describe('a fact', () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld({ worker: false, processes: [...processes, ticking] });
  });
  afterAll(() => world.close());

  const anErrand = () => openRow(world, 'errand');
  const anIncident = (given: object = p1) => openRow(world, 'incident', given);
  const types = async (row: Row) => (await row.feed()).map(({ type }) => type);

  describe('whose cause is known', () => {
    it('answers what it did then, and does nothing', async () => {
      const errand = await anErrand();
      const cause = randomUUID();
      const first = await errand.apply({ name: 'nudge', cause });
      await errand.apply({ name: 'nudge' });
      const again = await errand.apply({ name: 'nudge', cause });
      expect(first.outcome).toEqual({ kind: 'applied', version: 2 });
      expect([first.isKnown, again.isKnown]).toEqual([undefined, true]);
      expect(again.outcome).toEqual(first.outcome);
      expect(again.ticket?.version).toBe(3);
      expect(await types(errand)).toEqual(['opened', 'nudged', 'nudged']);
    });

    it('answers the refusal of then, although it could happen now', async () => {
      const incident = await anIncident();
      const reopen = { name: 'reopen', input: { reason: 'Again.' }, cause: randomUUID(), life: 1 };
      const { outcome } = await incident.apply(reopen);
      expect(outcome).toMatchObject({ kind: 'refused', code: 'invalid_transition' });
      await incident.apply({ name: 'resolve', input: solved, life: 1 });
      expect((await incident.apply(reopen)).outcome).toEqual(outcome);
      expect(await incident.refusals()).toHaveLength(1);
      expect(await incident.row()).toMatchObject({ state: 'resolved' });
    });

    it('answers the failure of then, and sets nothing aside again', async () => {
      const errand = await anErrand();
      const explode = { name: 'explode', cause: randomUUID(), life: 1 };
      const { outcome } = await errand.settle(explode);
      expect(outcome).toMatchObject({ kind: 'failed', code: 'rule_failed' });
      const before = await errand.row();
      expect((await errand.settle(explode)).outcome).toEqual(outcome);
      expect(await errand.row()).toEqual(before);
    });

    it('is a new one on another ticket', async () => {
      const [one, other] = [await anErrand(), await anErrand()];
      const nudge = { name: 'nudge', cause: randomUUID() };
      await one.apply(nudge);
      await other.apply(nudge);
      expect([await types(one), await types(other)]).toEqual([
        ['opened', 'nudged'],
        ['opened', 'nudged'],
      ]);
    });

    it('happens once when it comes five times at once', async () => {
      const errand = await anErrand();
      const nudge = { name: 'nudge', cause: randomUUID(), life: 1 };
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => errand.settle(nudge)));
      const outcomes = all.map(({ outcome }) => outcome);
      expect(outcomes).toEqual(Array(5).fill({ kind: 'applied', version: 2 }));
      expect(await types(errand)).toEqual(['opened', 'nudged']);
    });
  });

  describe('with If-Match', () => {
    it('is refused when the ticket is at another revision', async () => {
      const errand = await anErrand();
      const { outcome } = await errand.apply({ name: 'nudge', ifMatch: 7, life: 1 });
      expect(outcome).toMatchObject({
        ...{ kind: 'refused', code: 'stale_version', details: { revision: 1 } },
      });
      expect(await types(errand)).toEqual(['opened']);
    });

    it('is applied when it is at this one', async () => {
      const errand = await anErrand();
      const { outcome } = await errand.apply({ name: 'nudge', ifMatch: 1, life: 1 });
      expect(outcome.kind).toBe('applied');
    });
  });

  it('on a ticket that is not there answers gone', async () => {
    const errand = await anErrand();
    await world.rows('delete from ticket_events where ticket_id = $1', [errand.id]);
    await world.rows('delete from tickets where id = $1', [errand.id]);
    expect(await errand.apply({ name: 'nudge', life: 1 })).toEqual({ outcome: { kind: 'gone' } });
  });

  it('of an older life answers superseded, and changes nothing', async () => {
    const errand = await anErrand();
    await world.rows('update tickets set life = 2 where id = $1', [errand.id]);
    const before = await errand.row();
    const { outcome } = await errand.apply({ name: 'nudge', life: 1 });
    expect(outcome).toEqual({ kind: 'superseded' });
    expect(await errand.row()).toEqual(before);
    expect((await errand.apply({ name: 'nudge', life: 2 })).outcome.kind).toBe('applied');
  });

  describe('that comes late', () => {
    it('finds what fell due before it handled, in the order of instant and key', async () => {
      const errand = await anErrand();
      await errand.plan([
        { key: 'tick.b', at: at(20) },
        { key: 'tick.a', at: at(20) },
        { key: 'tick.z', at: at(99) },
        { key: 'tick.c', at: at(10) },
      ]);
      await errand.apply({ name: 'nudge', occurredAt: at(60), cause: 'late' });
      expect((await errand.feed()).slice(1)).toEqual([
        { version: 2, type: 'ticked', cause: `tick.c@${at(10)}/1`, at: at(10) },
        { version: 3, type: 'ticked', cause: `tick.a@${at(20)}/1`, at: at(20) },
        { version: 4, type: 'ticked', cause: `tick.b@${at(20)}/1`, at: at(20) },
        { version: 5, type: 'nudged', cause: 'late', at: at(60) },
      ]);
      expect(await errand.agenda()).toEqual(['tick.z']);
      expect((await errand.row())['next_due_at']).toEqual(new Date(at(99)));
    });

    it('handles an entry that is due at its very instant first', async () => {
      const errand = await anErrand();
      await errand.plan([{ key: 'tick', at: at(60) }]);
      await errand.apply({ name: 'nudge', occurredAt: at(60) });
      expect(await types(errand)).toEqual(['opened', 'ticked', 'nudged']);
    });

    it('tells since when each of them could be handled', async () => {
      const errand = await anErrand();
      await errand.plan([10, 20].map((second) => ({ key: `tick.${second}`, at: at(second) })));
      const late = await errand.apply({ name: 'nudge', occurredAt: at(60) });
      expect(late).toMatchObject({ handled: [at(10), at(20)] });
      // Put there at 60, with an instant that had passed: nobody was late with it before.
      await errand.plan([{ key: 'tick', at: at(30) }]);
      const due = { name: 'due', via: 'engine', occurredAt: at(65), life: 1 } as const;
      expect(await errand.apply(due)).toMatchObject({ handled: [at(60)] });
      expect(await errand.apply(due)).toMatchObject({ handled: [] });
    });

    it('does not erase a breach that it waited behind', async () => {
      const incident = await anIncident();
      await incident.apply({ name: 'resolve', input: solved, occurredAt: at(5 * hours), life: 1 });
      expect((await incident.feed()).slice(1).map((line) => [line.type, line.at])).toEqual([
        ['slaWarned', at(675)],
        ['slaBreached', at(900)],
        ['slaEscalated', at(1_350)],
        ['slaWarned', at(3 * hours)],
        ['slaBreached', at(4 * hours)],
        ['resolved', at(5 * hours)],
      ]);
    });

    it('waits for another transaction when more than a hundred entries are due', async () => {
      const errand = await anErrand();
      const key = (k: number) => `tick.${String(k).padStart(3, '0')}`;
      await errand.plan(Array.from({ length: 150 }, (_, k) => ({ key: key(k), at: at(1) })));
      const nudge = { name: 'nudge', occurredAt: at(60), cause: 'late', life: 1 };
      const first = await errand.apply(nudge);
      expect(first).toMatchObject({ hasMore: true, outcome: { kind: 'unchanged', version: 101 } });
      expect(await errand.agenda()).toHaveLength(50);
      expect((await errand.settle(nudge)).outcome).toEqual({ kind: 'applied', version: 152 });
      const feed = await errand.feed();
      expect(feed.map(({ version }) => version)).toEqual(
        Array.from({ length: 152 }, (_, k) => k + 1),
      );
      expect(new Set(feed.map(({ cause }) => cause)).size).toBe(152);
      expect(feed.at(-1)?.type).toBe('nudged');
    });

    it('gets past an entry whose rule is wrong, which is set aside alone', async () => {
      const errand = await anErrand();
      await errand.plan(['tick.a', 'bomb', 'tick.b'].map((key, k) => ({ key, at: at(k + 1) })));
      const { outcome } = await errand.settle({ name: 'nudge', occurredAt: at(60), life: 1 });
      expect(outcome.kind).toBe('applied');
      expect(await types(errand)).toEqual(['opened', 'ticked', 'ticked', 'nudged']);
      expect(await errand.agenda()).toEqual([]);
      expect(await errand.refusals()).toMatchObject([
        { name: 'bomb', cause: `bomb@${at(2)}/1`, outcome: 'failed', code: 'rule_failed' },
      ]);
    });
  });

  it('that says only what time it is handles what is due and leaves no line of its own', async () => {
    const errand = await anErrand();
    await errand.plan([{ key: 'tick', at: at(1) }]);
    const due = { name: 'due', via: 'engine', life: 1 } as const;
    const early = await errand.apply({ ...due, occurredAt: at(0) });
    expect(early.outcome).toEqual({ kind: 'unchanged', version: 1 });
    const { ticket } = await errand.apply({ ...due, occurredAt: at(2) });
    expect(ticket?.agenda).toEqual([]);
    await errand.apply({ ...due, occurredAt: at(2) });
    expect(await types(errand)).toEqual(['opened', 'ticked']);
  });

  it('that is refused at the row’s own door writes nothing, not even what was due', async () => {
    const incident = await anIncident();
    const before = await incident.row();
    const late = { occurredAt: at(hours), actor: who(world, 'agent') };
    const reopened = incident.apply({ name: 'reopen', input: { reason: 'Again.' }, ...late });
    await expect(reopened).rejects.toMatchObject({ name: 'Refusal', code: 'invalid_transition' });
    expect(await incident.row()).toEqual(before);
    expect(await types(incident)).toEqual(['opened']);
    expect(await incident.refusals()).toEqual([]);
  });

  it('that is refused at a life’s door leaves in the record what was due before it', async () => {
    const incident = await anIncident();
    const reopen = { name: 'reopen', input: { reason: 'Again.' }, occurredAt: at(700), life: 1 };
    expect((await incident.apply(reopen)).outcome.kind).toBe('refused');
    expect(await types(incident)).toEqual(['opened', 'slaWarned']);
    expect((await incident.feed()).map(({ version }) => version)).toEqual([1, 2]);
  });
});
