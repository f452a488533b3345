import type { Fact } from '../../models/tickets/fact';
import type { LinkInput } from '../../models/tickets/linking';
import { next } from '../../models/tickets/next';
import type { Ticket } from '../../models/tickets/ticket';
import { aFact, eventsOf, goOn, later, noticesOf, people } from '../../tests/factories';
import { refusalOf, teams, tell, until, type Told } from '../../tests/factories';
import {
  anAffected,
  aProblem,
  around,
  causes,
  changeId,
  detailsOf,
  fixedBy,
} from '../../tests/problems';
import { incidentId, led } from '../../tests/problems';
import type { ProblemDetails } from './details';
import { problemSla } from './sla';

const looked = ['investigate'] as const;
const fixing = [looked, ['startFix']] as const;
const ended = [...fixing, ['resolve', { code: 'fixed', notes: 'Moved.' }] as const] as const;

const sentBy = ({ happenings }: Told) => happenings.flatMap(({ owed }) => owed.messages);
const link = (n: number, kind: LinkInput['kind'] = 'causes'): LinkInput => ({
  ...{ kind, ticketId: incidentId(n), type: 'incident', number: `INC000000${n}` },
  isConfidential: false,
});
const isLinked = (n: number, at: string, kind?: LinkInput['kind']): Fact =>
  aFact('linked', link(n, kind), { occurredAt: at });

describe('a problem that is opened', () => {
  it('goes to the default team, is proactive without incidents and reactive with them', () => {
    const alone = aProblem();
    expect(alone).toMatchObject({ state: 'logged', teamId: teams.desk, priority: 'P3' });
    expect(detailsOf(alone).origin).toBe('proactive');
    const beside = [anAffected(1), anAffected(2, { isConfidential: true })];
    const fromIncidentIds = beside.map(({ id }) => id);
    expect(detailsOf(aProblem({ fromIncidentIds }, around([], beside))).origin).toBe('reactive');
  });

  it('from what is no incident is refused', () => {
    const fromIncidentIds = [changeId(1)];
    const beside = [anAffected(1, { id: changeId(1), type: 'change' })];
    const attempt = () => aProblem({ fromIncidentIds }, around([], beside));
    expect(refusalOf(attempt)).toMatchObject({
      ...{ code: 'invalid_input', details: { errors: [{ pointer: '/fromIncidentIds/0' }] } },
    });
  });

  it('from a major incident is major, without naming one that is confidential', () => {
    const beside = [anAffected(1, { isMajor: true, isConfidential: true })];
    const ticket = aProblem({ fromIncidentIds: [incidentId(1)] }, around([], beside));
    expect(detailsOf(ticket).major).toMatchObject({ reason: 'Opened from a major incident.' });
  });
});

describe('a workaround', () => {
  const written = ['proposeWorkaround', { text: 'Restart it.' }] as const;
  const links = [
    causes(1),
    causes(2, { state: 'resolved', hasEnded: true }),
    causes(3, { state: 'closed', hasEnded: true }),
    { ...causes(4), kind: 'relates' },
  ];

  it('is told to every open incident, before the cause is known', () => {
    const told = led(aProblem(), [looked, written, ['publishWorkaround']], around(links));
    expect(sentBy(told)).toMatchObject(
      [1, 2].map((n) => ({
        ...{ ticketId: incidentId(n), name: 'workaroundPublished' },
        input: { version: 1, text: 'Restart it.', isPublic: false, byId: people.agent.id },
      })),
    );
    expect(detailsOf(told.ticket).rootCause).toBeNull();
  });

  it('that is published again keeps who published it first, and its instant', () => {
    const once = led(aProblem(), [looked, written, ['publishWorkaround']]);
    const again = aFact('publishWorkaround', {}, { actor: people.colleague });
    const twice = tell(once.ticket, [again]);
    expect(detailsOf(twice.ticket).workaround).toEqual(detailsOf(once.ticket).workaround);
  });

  it('of another text is a version that nobody is told before it is published', () => {
    const told = led(aProblem(), [looked, written, ['publishWorkaround'], written]);
    expect(detailsOf(told.ticket).workaround).toMatchObject({ version: 2, publishedAt: null });
    const after = goOn(told, [isLinked(5, later({ hours: 2 }))], around([], [anAffected(5)]));
    expect(sentBy(after).filter(({ name }) => name === 'workaroundPublished')).toEqual([]);
  });

  it.each([
    ['to an incident that is linked later', { isOpen: true }, [incidentId(5)]],
    ['not to one that is over', { isOpen: false }, []],
  ])('is told %s', (_, state, expected) => {
    const published = led(aProblem(), [looked, written, ['publishWorkaround']]);
    const context = around([], [anAffected(5, state)]);
    const told = tell(published.ticket, [isLinked(5, later({ hours: 2 }))], context);
    const ids = sentBy(told).filter(({ name }) => name === 'workaroundPublished');
    expect(ids.map(({ ticketId }) => ticketId)).toEqual(expected);
  });

  it('is not told any more when it was withdrawn', () => {
    const told = led(aProblem(), [
      ...[looked, written, ['publishWorkaround'] as const],
      ['withdrawWorkaround', { reason: 'It loses mail.' }],
    ]);
    const after = goOn(told, [isLinked(5, later({ hours: 2 }))], around([], [anAffected(5)]));
    expect(sentBy(after).filter(({ name }) => name === 'workaroundPublished')).toEqual([]);
  });

  it.each<[string, object]>([
    ['publishWorkaround', {}],
    ['withdrawWorkaround', { reason: 'Because.' }],
  ])('that is not there: no %s', (name, input) => {
    const attempt = () => led(aProblem(), [looked, [name, input]]);
    expect(refusalOf(attempt).code).toBe('conflict');
  });
});

describe('a known error', () => {
  const draft = ['recordKnownError', { symptoms: 'No mail.' }] as const;

  it('needs a cause or a workaround to be published, and is retired when it is gone', () => {
    const attempt = () => led(aProblem(), [looked, draft, ['publishKnownError']]);
    expect(refusalOf(attempt).code).toBe('conflict');
    const known = led(aProblem(), [
      ...[looked, draft, ['analyse', { summary: 'The backup.' }] as const],
      ['publishKnownError'],
    ]);
    expect(detailsOf(known.ticket).knownError?.state).toBe('published');
    expect(refusalOf(() => tell(known.ticket, [aFact(...draft)])).code).toBe('conflict');
    const at = (minutes: number) => ({ occurredAt: later({ hours: 2, minutes }) });
    const resolve = (code: string) => aFact('resolve', { code, notes: 'So.' }, at(1));
    const close = aFact('close', {}, at(2));
    const stateAfter = (code: string) =>
      detailsOf(tell(known.ticket, [resolve(code), close]).ticket).knownError?.state;
    expect([stateAfter('fixed'), stateAfter('riskAccepted')]).toEqual(['retired', 'published']);
  });
});

describe('a change that fixes it', () => {
  const closed = (n = 1): Fact =>
    aFact(
      'linkedEnded',
      { kind: 'fixedBy', ticketId: changeId(n), byId: people.agent.id },
      { occurredAt: later({ hours: 1 }) },
    );
  const outcome = (of: string | null) => [
    anAffected(1, { id: changeId(1), type: 'change', outcome: of }),
  ];
  const told = (state: string, of: string | null, more: ReturnType<typeof fixedBy>[] = []) =>
    tell(
      led(aProblem(), fixing).ticket,
      [closed()],
      around([fixedBy(1, state), ...more], outcome(of)),
    );

  it.each(['successful', 'successfulWithIssues'])('resolves it when it was %s', (of) => {
    const so = told('closed', of);
    expect(so.ticket.state).toBe('resolved');
    expect(detailsOf(so.ticket)).toMatchObject({
      resolution: { code: 'fixed', notes: 'CHG0000001 was carried out and closed.', byId: null },
      watch: { onRecurrence: 'reopen' },
    });
  });

  it.each([
    ['failed', 'closed', 'failed'],
    ['was cancelled', 'cancelled', null],
  ])('leaves a line and tells the assignee when it %s', (_, state, of) => {
    const so = told(state, of);
    expect([so.ticket.state, eventsOf(so)]).toEqual(['fixInProgress', ['fixFailed']]);
    expect(noticesOf(so)).toEqual([['assignee', 'fixFailed']]);
  });

  it('of several leaves it where it is until the last one is over', () => {
    const so = told('closed', 'successful', [fixedBy(2, 'implementing')]);
    expect([so.ticket.state, eventsOf(so)]).toEqual(['fixInProgress', ['fixClosed']]);
    expect(told('closed', 'successful', [fixedBy(2, 'closed')]).ticket.state).toBe('resolved');
  });

  it('does nothing when it is open again, or fixes it no more', () => {
    expect(eventsOf(told('review', 'successful'))).toEqual([]);
    const context = around([], outcome('successful'));
    expect(eventsOf(tell(led(aProblem(), fixing).ticket, [closed()], context))).toEqual([]);
  });
});

describe('the watch', () => {
  const resolvedAt = later({ minutes: ended.length });
  const incident = (more = {}) =>
    around([], [anAffected(7, { openedAt: later({ days: 1 }), ...more })]);
  const resolved = (how: object = {}) =>
    led(aProblem(), [...fixing, ['resolve', { code: 'fixed', notes: 'Moved.', ...how }]]);

  it('lasts as long as the organization says, or whoever resolves it, and closes it', () => {
    const days = { settings: { problemWatchDays: 3 } };
    const so = led(aProblem(), ended, around([], [], days));
    expect(so.ticket.agenda).toMatchObject([{ key: 'watch', at: later({ days: 3, minutes: 3 }) }]);
    const own = resolved({ watchDays: 1 });
    expect(own.ticket.agenda).toMatchObject([{ at: later({ days: 1, minutes: 3 }) }]);
    const over = goOn(own, [until(later({ days: 2 }))]);
    expect([over.ticket.state, over.ticket.closedAt]).toEqual([
      'closed',
      later({ days: 1, minutes: 3 }),
    ]);
  });

  it('is broken by an incident that was opened since', () => {
    const so = tell(resolved().ticket, [isLinked(7, later({ days: 1, hours: 1 }))], incident());
    expect(so.ticket).toMatchObject({ state: 'investigating', resolvedAt: null, agenda: [] });
    expect(detailsOf(so.ticket)).toMatchObject({
      ...{ reopenCount: 1, watch: null, recurrences: [{ ticketId: incidentId(7) }] },
    });
  });

  it.each([
    ['that was there before', { openedAt: resolvedAt }],
    ['that is none', { type: 'change' }],
  ])('is not broken by one %s', (_, more) => {
    const fact = isLinked(7, later({ days: 1 }));
    const given = 'type' in more ? { ...fact, input: { ...link(7), type: 'change' } } : fact;
    expect(tell(resolved().ticket, [given], incident(more)).ticket.state).toBe('resolved');
  });

  it('asks where it was accepted, once an incident, and waits for an answer', () => {
    const accepted = led(aProblem(), [['resolve', { code: 'riskAccepted', notes: 'Too dear.' }]]);
    const again = [1, 2].map((hours) => isLinked(7, later({ days: 1, hours })));
    const so = tell(accepted.ticket, again, incident());
    expect(noticesOf(so)).toEqual([['assignee', 'recurred']]);
    const late = goOn(so, [until(later({ days: 16, hours: 1 }))]);
    expect(late.ticket.state).toBe('resolved');
    expect(eventsOf(late).filter((type) => type === 'recurrenceOpen')).toHaveLength(3);
  });

  it('hears of a recurrence without an incident, and refuses one that is not there', () => {
    const report = (input: object) => aFact('reportRecurrence', input);
    expect(tell(resolved().ticket, [report({ note: 'By phone.' })]).ticket.state).toBe(
      'investigating',
    );
    const attempt = () => tell(resolved().ticket, [report({ ticketId: incidentId(9) })], around());
    expect(refusalOf(attempt).code).toBe('invalid_input');
  });

  it('of a major one does not close it before its review', () => {
    const major = aFact('declareMajor', { reason: 'The bank.' }, { actor: people.manager });
    const so = goOn(resolved({ watchDays: 1 }), [major]);
    expect(refusalOf(() => goOn(so, [aFact('close', {})])).code).toBe('conflict');
    const late = goOn(so, [until(later({ days: 7 }))]);
    expect([late.ticket.state, eventsOf(late).includes('reviewOverdue')]).toEqual([
      ...['resolved', true],
    ]);
    const review = aFact('review', { findings: 'At night.' }, { occurredAt: later({ days: 8 }) });
    expect(goOn(late, [review]).ticket.state).toBe('closed');
  });
});

describe('the ladder of a service level', () => {
  it('gives it to another team, and declares it major once', () => {
    const so = next(led(aProblem(), [looked]).ticket as Ticket<ProblemDetails>);
    const { reassign, declareMajor } = problemSla.ladder;
    const moved = reassign?.(so, later({ days: 1 }), teams.network);
    expect(moved?.ticket).toMatchObject({ teamId: teams.network, assigneeId: null });
    const major = declareMajor?.(so, later({ days: 1 }));
    expect(major?.ticket.details.major).toMatchObject({ byId: null });
    expect(major && declareMajor?.(major, later({ days: 2 }))).toBe(major);
  });
});
