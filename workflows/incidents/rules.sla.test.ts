import { figures } from '../../models/sla/figures';
import { roundTheClock } from '../../models/sla/calendar';
import { derivedOf } from '../../models/tickets/decide';
import type { Ticket } from '../../models/tickets/ticket';
import {
  aFact,
  anAgreement,
  anIncident,
  anOpening,
  eventsOf,
  incidentProcess,
  later,
  monday,
  noticesOf,
  opened,
  people,
  refusalOf,
  tell,
  until,
  type Told,
} from '../../tests/factories';

/** P2: response in 30 minutes, resolution in 8 hours, round the clock. */
const p2 = (): Ticket =>
  opened(
    aFact('opened', anOpening({ impact: 'high' }), { actor: people.requester, occurredAt: monday }),
  ).ticket;
const reply = (hours = 0) =>
  aFact(
    'commented',
    { body: 'We look at it.', isPublic: true },
    { occurredAt: later({ hours, minutes: 1 }) },
  );
const answered = () => tell(p2(), [reply()]).ticket;
const resolve = (hours: number) =>
  aFact('resolve', { code: 'solved', notes: 'Done.' }, { occurredAt: later({ hours }) });
const prioritize = (urgency: string, hours: number) =>
  aFact('prioritize', { urgency }, { occurredAt: later({ hours }) });

const keysOf = ({ agenda }: Ticket) => agenda.map(({ key }) => key);
const resolutionOf = ({ clocks }: Ticket) => {
  const found = clocks.find(({ id }) => id === 'resolution');
  if (!found) throw new Error('No resolution clock');
  return found;
};
const happened = ({ happenings }: Told) =>
  happenings.flatMap(({ events }) => events.map(({ type, at }) => [type, at]));
const levelOf = ({ details }: Ticket) => details['escalation'];

describe('the agenda of an open incident', () => {
  it('has warning, breach and escalation of both clocks, in order', () => {
    expect(p2().agenda.map(({ key, at }) => [key, at])).toEqual([
      ['sla.response.75', '2026-03-02T09:22:30.000Z'],
      ['sla.response.100', later({ minutes: 30 })],
      ['sla.response.150', later({ minutes: 45 })],
      ['sla.resolution.75', later({ hours: 6 })],
      ['sla.resolution.100', later({ hours: 8 })],
      ['sla.resolution.150', later({ hours: 12 })],
    ]);
  });

  it('has nothing of a clock that is stopped or paused', () => {
    expect(keysOf(answered()).filter((key) => key.startsWith('sla.response'))).toEqual([]);
    const { ticket } = tell(answered(), [aFact('hold', { reason: 'customer' })]);
    expect(keysOf(ticket)).toEqual([]);
  });

  it('names the earliest deadline of the clocks that run', () => {
    const dueAt = (ticket: Ticket) => derivedOf(incidentProcess, ticket, anAgreement()).dueAt;
    expect(dueAt(p2())).toBe(later({ minutes: 30 }));
    expect(dueAt(answered())).toBe(later({ hours: 8 }));
    expect(dueAt(tell(answered(), [aFact('hold', { reason: 'customer' })]).ticket)).toBeNull();
  });

  it('counts P3 in business hours', () => {
    expect(anIncident().agenda.find(({ key }) => key === 'sla.resolution.100')?.at).toBe(
      later({ days: 2, hours: 8 }),
    );
  });
});

describe('the ladder of a clock', () => {
  const inTime = [6, 8, 12].map((hours) => until(later({ hours })));

  it('warns at 75 %, breaches at 100 %, escalates at 150 %, each once at its own instant', () => {
    const told = tell(answered(), [until(later({ days: 30 }))]);
    expect(happened(told)).toEqual([
      ['slaWarned', later({ hours: 6 })],
      ['slaBreached', later({ hours: 8 })],
      ['slaEscalated', later({ hours: 12 })],
    ]);
    expect(told.ticket.agenda).toEqual([]);
  });

  it('tells the team while nobody has it', () => {
    expect(noticesOf(tell(answered(), inTime))).toEqual([
      ['team', 'slaWarning'],
      ['team', 'slaBreach'],
      ['teamLead', 'slaBreach'],
      ['managers', 'slaEscalation'],
    ]);
  });

  it('tells the assignee when somebody has it', () => {
    const told = tell(answered(), [aFact('start', {}), ...inTime]);
    expect(noticesOf(told)).toEqual([
      ['assignee', 'slaWarning'],
      ['assignee', 'slaBreach'],
      ['teamLead', 'slaBreach'],
      ['managers', 'slaEscalation'],
    ]);
  });

  it('records all steps that an outage has kept waiting, and tells of the highest alone', () => {
    const told = tell(answered(), [until(later({ days: 1 }))]);
    expect(happened(told)).toEqual([
      ['slaWarned', later({ hours: 6 })],
      ['slaBreached', later({ hours: 8 })],
      ['slaEscalated', later({ hours: 12 })],
    ]);
    expect(noticesOf(told)).toEqual([['managers', 'slaEscalation']]);
  });

  it('raises the escalation level at the breach only', () => {
    const levels = [6, 8, 12].map((hours) =>
      levelOf(tell(answered(), [until(later({ hours }))]).ticket),
    );
    expect(levels).toMatchObject([{ level: 0 }, { level: 1 }, { level: 1 }]);
  });

  it('raises the level for each clock that is breached', () => {
    expect(levelOf(tell(p2(), [until(later({ days: 1 }))]).ticket)).toMatchObject({ level: 2 });
  });

  it('asks for a new acknowledgement at the breach', () => {
    const told = tell(answered(), [aFact('acknowledge', {}), until(later({ hours: 8 }))]);
    expect(levelOf(told.ticket)).toMatchObject({ acknowledgedAt: null, acknowledgedById: null });
  });

  it('comes from Holdfast itself and is internal', () => {
    const [happening] = tell(answered(), [until(later({ hours: 6 }))]).happenings;
    expect(happening?.events).toMatchObject([
      { actor: { kind: 'system' }, via: 'engine', visibility: 'internal' },
    ]);
  });

  it('does nothing for an entry whose clock stands by now', () => {
    const held = tell(answered(), [aFact('hold', { reason: 'customer' })]).ticket;
    const entry = { key: 'sla.resolution.100', at: later({ hours: 8 }), n: 1, what: 'Breach.' };
    const stale = { ...held, agenda: [entry] };
    const told = tell(stale, [until(later({ hours: 8 }))]);
    expect(eventsOf(told)).toEqual([]);
    expect(noticesOf(told)).toEqual([]);
    expect(told.ticket.agenda).toEqual([]);
    expect(levelOf(told.ticket)).toMatchObject({ level: 0 });
  });

  it('puts a breach that was overdue before the resolve that waited behind it', () => {
    const told = tell(answered(), [resolve(9)]);
    expect(eventsOf(told)).toEqual(['slaWarned', 'slaBreached', 'resolved']);
    expect(resolutionOf(told.ticket).breaches).toMatchObject([
      { at: later({ hours: 8 }), targetSeconds: 28_800, withdrawnAt: null },
    ]);
  });
});

describe('a stop that is heard of late', () => {
  it('withdraws the breach that it came before, by an event', () => {
    const told = tell(answered(), [until(later({ hours: 9 })), resolve(7)]);
    expect(eventsOf(told)).toEqual(['slaWarned', 'slaBreached', 'resolved', 'slaBreachWithdrawn']);
    expect(resolutionOf(told.ticket).breaches).toMatchObject([
      { at: later({ hours: 8 }), targetSeconds: 28_800, withdrawnAt: later({ hours: 7 }) },
    ]);
    const [last] = told.happenings.at(-1)?.events.slice(-1) ?? [];
    expect(last?.data).toEqual({ clock: 'resolution', breachedAt: later({ hours: 8 }) });
  });

  it('leaves a breach that it came after', () => {
    const told = tell(answered(), [until(later({ hours: 11 })), resolve(9)]);
    expect(eventsOf(told)).not.toContain('slaBreachWithdrawn');
    expect(resolutionOf(told.ticket).breaches).toMatchObject([{ withdrawnAt: null }]);
  });
});

describe('a change of priority', () => {
  const due = (ticket: Ticket) => ticket.agenda.find(({ key }) => key === 'sla.resolution.100')?.at;

  it('recounts from the opening and says from what to what', () => {
    const told = tell(answered(), [prioritize('high', 1)]);
    expect(told.ticket.priority).toBe('P1');
    expect(due(told.ticket)).toBe(later({ hours: 4 }));
    expect(told.happenings[0]?.events.map(({ type, data }) => [type, data])).toMatchObject([
      ['prioritized', { changes: { priority: { from: 'P2', to: 'P1' } } }],
      [
        'slaRetargeted',
        {
          clock: 'resolution',
          from: { dueAt: later({ hours: 8 }) },
          to: { dueAt: later({ hours: 4 }) },
        },
      ],
    ]);
  });

  it('to P1 and back has the same deadline again', () => {
    const { ticket } = tell(answered(), [prioritize('high', 1), prioritize('medium', 2)]);
    expect(ticket.priority).toBe('P2');
    expect(ticket.agenda.map(({ key, at }) => [key, at])).toEqual(
      answered().agenda.map(({ key, at }) => [key, at]),
    );
  });

  it('leaves the breach that happened in the record', () => {
    const told = tell(answered(), [
      prioritize('high', 1),
      until(later({ hours: 5 })),
      prioritize('medium', 5),
    ]);
    expect(resolutionOf(told.ticket).breaches).toMatchObject([
      { at: later({ hours: 4 }), targetSeconds: 14_400, withdrawnAt: null },
    ]);
    expect(due(told.ticket)).toBe(later({ hours: 8 }));
    const now = figures(resolutionOf(told.ticket), roundTheClock, later({ hours: 5 }));
    expect(now).toMatchObject({ breached: false, elapsedSeconds: 5 * 3600 });
    expect(now.breaches).toHaveLength(1);
  });

  it('passes a step once for each target, and again not when it comes back', () => {
    const told = tell(answered(), [
      until(later({ hours: 6 })),
      prioritize('low', 6),
      prioritize('medium', 7),
      until(later({ hours: 7 })),
    ]);
    expect(eventsOf(told).filter((type) => type === 'slaWarned')).toHaveLength(1);
  });

  it('to a deadline that has passed breaches when it was changed, not before', () => {
    const told = tell(answered(), [prioritize('high', 5), until(later({ hours: 5 }))]);
    expect(happened(told).slice(-2)).toEqual([
      ['slaBreached', later({ hours: 5 })],
      ['slaWarned', later({ hours: 5 })],
    ]);
    expect(noticesOf(told).filter(([, notice]) => notice.startsWith('sla'))).toEqual([
      ['team', 'slaBreach'],
      ['teamLead', 'slaBreach'],
    ]);
  });

  it('of a resolved incident leaves the clocks as they were judged', () => {
    const told = tell(answered(), [resolve(1), prioritize('high', 2)]);
    expect(eventsOf(told)).toEqual(['resolved', 'prioritized']);
  });

  it('keeps what is not named', () => {
    expect(tell(p2(), [prioritize('low', 1)]).ticket).toMatchObject({
      impact: 'high',
      urgency: 'low',
      priority: 'P3',
    });
  });
});

describe('an overridden priority', () => {
  const override = (priority: string | null, actor = people.manager) =>
    aFact('prioritize', { override: priority, reason: 'The board is waiting.' }, { actor });

  it('is what counts, with the reason and who decided it', () => {
    const { ticket } = tell(anIncident(), [override('P1')]);
    expect(ticket).toMatchObject({
      priority: 'P1',
      impact: 'medium',
      details: { priorityOverride: { priority: 'P1', reason: 'The board is waiting.' } },
    });
    expect(resolutionOf(ticket).terms.targetSeconds).toBe(4 * 3600);
  });

  it('stands when an agent changes the impact', () => {
    const { ticket } = tell(anIncident(), [override('P1'), aFact('prioritize', { impact: 'low' })]);
    expect(ticket).toMatchObject({ priority: 'P1', impact: 'low' });
  });

  it('is taken back by a manager, and the table counts again', () => {
    const { ticket } = tell(anIncident(), [override('P1'), override(null)]);
    expect(ticket).toMatchObject({ priority: 'P3', details: { priorityOverride: null } });
  });

  it.each(['P1', null])('is neither set nor taken back by an agent (%s)', (priority) => {
    const ticket = tell(anIncident(), [override('P2')]).ticket;
    const fact = aFact('prioritize', { override: priority, reason: 'Please.' });
    expect(refusalOf(() => tell(ticket, [fact])).code).toBe('forbidden');
  });
});
