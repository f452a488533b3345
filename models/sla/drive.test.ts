import {
  aRule,
  aTarget,
  at,
  clockOf,
  only,
  opensUnder,
  ranks,
  resolves,
  says,
  waits,
} from '../../tests/clocks';
import {
  aContext,
  aPolicy,
  eventsOf,
  later,
  monday,
  people,
  services,
  tell,
  teams,
} from '../../tests/factories';
import type { Ticket } from '../tickets/ticket';
import type { PolicyRule, Target } from './policy/shape';

const hour = 3_600;
const having = (...targets: Target[]) => opensUnder(only([aRule({ targets })]));
const vendor = (hours: number) => at(hours, 'hold', { reason: 'vendor' });
const passesTo = (hours: number, teamId: string) => at(hours, 'assign', { teamId });
/** Each clock in a line: its id, its state and when it stopped. */
const clocks = ({ clocks: all }: Ticket) =>
  all.map(({ id, state, stoppedAt }) => [id, state, ...(stoppedAt ? [stoppedAt] : [])]);
const gaps = (ticket: Ticket, id: string) =>
  clockOf(ticket, id).pauses.map(({ from, to }) => [from, to]);

describe('clocks after a fact', () => {
  it('begin with the opening, for everything that is promised then', () => {
    const { ticket } = having(aTarget({ id: 'response', metric: 'firstResponse' }), aTarget());
    expect(ticket.clocks).toMatchObject([
      { id: 'response', state: 'running', startedAt: monday, termsSince: monday },
      { id: 'resolution', state: 'running', startedAt: monday, termsSince: monday },
    ]);
  });

  it('pause while the customer is waited for, say why, and go on with the answer', () => {
    const { ticket } = having(aTarget()).tell(
      at(1, 'hold', { reason: 'customer' }),
      says(3, people.requester),
    );
    expect(clockOf(ticket, 'resolution')).toMatchObject({
      state: 'running',
      pauses: [
        {
          from: later({ hours: 1 }),
          to: later({ hours: 3 }),
          why: 'holdReason=in=(customer,scheduled)',
        },
      ],
    });
  });

  it('stop when it is resolved, go on without that time when it is reopened', () => {
    const { ticket } = having(aTarget()).tell(resolves(2), at(5, 'reopen', { reason: 'x' }));
    expect(clockOf(ticket, 'resolution')).toMatchObject({
      ...{ state: 'running', stoppedAt: null },
      pauses: [{ from: later({ hours: 2 }), to: later({ hours: 5 }), isStop: true }],
    });
  });

  it('of a response are judged once: a reopened ticket was answered', () => {
    const { ticket } = having(aTarget({ id: 'response', metric: 'firstResponse' })).tell(
      ...[says(1), resolves(2), at(5, 'reopen', { reason: 'x' })],
    );
    expect(clocks(ticket)).toEqual([['response', 'stopped', later({ hours: 1 })]]);
  });

  it('are cancelled when it ends without being resolved', () => {
    const { ticket } = having(aTarget()).tell(at(1, 'cancel', { reason: 'x' }));
    expect(clocks(ticket)).toEqual([['resolution', 'cancelled', later({ hours: 1 })]]);
  });

  it('stay the very same when the fact means nothing to them', () => {
    const begun = having(aTarget());
    expect(begun.tell(at(1, 'acknowledge')).ticket.clocks).toBe(begun.ticket.clocks);
  });

  it('leave what happened to them as data of the first line', () => {
    const { happenings } = having(aTarget()).tell(resolves(2));
    expect(happenings[0]?.events[0]).toMatchObject({
      type: 'resolved',
      data: { clocks: [{ clock: 'resolution', did: 'stopped', at: later({ hours: 2 }) }] },
    });
  });
});

describe('a fact that comes late', () => {
  it('withdraws the breach that it was in time for, in words of the feed', () => {
    const so = having(aTarget()).tell(waits(10), resolves(7));
    expect(clockOf(so.ticket, 'resolution')).toMatchObject({
      ...{ state: 'stopped', stoppedAt: later({ hours: 7 }) },
      breaches: [{ at: later({ hours: 8 }), withdrawnAt: later({ hours: 7 }) }],
    });
    expect(eventsOf(so)).toEqual(['slaWarned', 'slaBreached', 'resolved', 'slaBreachWithdrawn']);
    expect(so.happenings.at(-1)?.events.at(-1)).toMatchObject({
      ...{ visibility: 'internal', data: { clock: 'resolution', breachedAt: later({ hours: 8 }) } },
    });
  });

  it('stops a response earlier than the answer that came first', () => {
    const response = aTarget({ id: 'response', metric: 'firstResponse', targetSeconds: 2 * hour });
    const so = having(response).tell(says(3), says(1));
    expect(clockOf(so.ticket, 'response')).toMatchObject({
      ...{ state: 'stopped', stoppedAt: later({ hours: 1 }) },
      breaches: [{ at: later({ hours: 2 }), withdrawnAt: later({ hours: 1 }) }],
    });
  });
});

describe('the next response', () => {
  const target = aTarget({ id: 'nextResponse', metric: 'nextResponse', targetSeconds: 4 * hour });
  const asks = (hours: number) => says(hours, people.requester);

  it('is promised when the requester has written, and kept by a public reply', () => {
    expect(having(target).ticket.clocks).toEqual([]);
    const { ticket } = having(target).tell(asks(1), asks(2), says(3));
    expect(clocks(ticket)).toEqual([['nextResponse', 'stopped', later({ hours: 3 })]]);
    expect(clockOf(ticket, 'nextResponse').startedAt).toBe(later({ hours: 1 }));
  });

  it('is not kept by a note among agents', () => {
    const note = at(2, 'commented', { body: 'Hm.', isPublic: false });
    expect(clocks(having(target).tell(asks(1), note).ticket)).toEqual([
      ['nextResponse', 'running'],
    ]);
  });

  it('is a round of its own each time, with a clock, a breach and a ladder of its own', () => {
    const { ticket } = having(target).tell(asks(1), says(2), asks(3), waits(7), says(8), asks(9));
    expect(clocks(ticket)).toEqual([
      ['nextResponse', 'stopped', later({ hours: 2 })],
      ['nextResponse-2', 'stopped', later({ hours: 8 })],
      ['nextResponse-3', 'running'],
    ]);
    expect(ticket.clocks.map(({ breaches }) => breaches.length)).toEqual([0, 1, 0]);
    expect(ticket.agenda.map(({ key }) => key)).toContain('sla.nextResponse-3.75');
  });

  it('is not owed any more once it is resolved', () => {
    const { ticket } = having(target).tell(asks(1), resolves(2));
    expect(clocks(ticket)).toEqual([['nextResponse', 'stopped', later({ hours: 2 })]]);
  });
});

describe('an OLA', () => {
  const ola = aTarget({ id: 'ola', kind: 'OLA' });
  const { desk, network } = teams;

  it('counts for each team from when it has the ticket, only while it has it', () => {
    const { ticket } = having(ola).tell(passesTo(1, network), passesTo(3, desk));
    expect(ticket.clocks).toMatchObject([
      { id: 'ola', teamId: desk, state: 'running', startedAt: monday },
      { id: 'ola-2', teamId: network, state: 'paused', startedAt: later({ hours: 1 }) },
    ]);
    expect(gaps(ticket, 'ola')).toEqual([[later({ hours: 1 }), later({ hours: 3 })]]);
    expect(gaps(ticket, 'ola-2')).toEqual([[later({ hours: 3 }), null]]);
    expect(clockOf(ticket, 'ola').pauses[0]?.why).toBe('another team has it');
  });

  it('goes on with what has elapsed when the ticket comes back to the first team', () => {
    const { ticket } = having(ola).tell(passesTo(1, network), passesTo(3, desk));
    expect(ticket.agenda.find(({ key }) => key === 'sla.ola.100')?.at).toBe(later({ hours: 10 }));
    expect(ticket.agenda.some(({ key }) => key.startsWith('sla.ola-2.'))).toBe(false);
  });

  it('stops for all teams when the ticket is resolved', () => {
    const { ticket } = having(ola).tell(passesTo(1, network), resolves(2));
    expect(clocks(ticket).map(([, state]) => state)).toEqual(['stopped', 'stopped']);
  });

  it('goes on after a reopening for the team that has the ticket, for the others when it comes back', () => {
    const { ticket } = having(ola).tell(
      ...[passesTo(1, network), resolves(2), at(3, 'reopen', { reason: 'x' })],
    );
    expect(clocks(ticket)).toEqual([
      ['ola', 'stopped', later({ hours: 2 })],
      ['ola-2', 'running'],
    ]);
    const back = tell(
      ticket,
      [passesTo(4, desk)],
      aContext({ agreement: only([aRule({ targets: [ola] })]) }),
    );
    expect(clocks(back.ticket).map(([, state]) => state)).toEqual(['running', 'paused']);
  });

  it('begins for no team that has the ticket no more, when it is promised once again', () => {
    const begun = opensUnder(only([aRule({ when: 'priority==P3', targets: [ola] })]));
    const { ticket } = begun.tell(ranks(1, 'P1'), passesTo(2, network), ranks(3, 'P3'));
    expect(ticket.clocks).toMatchObject([
      { id: 'ola', teamId: desk, state: 'cancelled' },
      { id: 'ola-2', teamId: network, state: 'running', startedAt: later({ hours: 3 }) },
    ]);
  });

  it('of one team counts for that team only', () => {
    const { ticket } = having({ ...ola, teamId: network }).tell(
      passesTo(1, network),
      passesTo(2, desk),
    );
    expect(having({ ...ola, teamId: network }).ticket.clocks).toEqual([]);
    expect(ticket.clocks).toMatchObject([{ id: 'ola', teamId: network, state: 'paused' }]);
  });

  it('is no deadline of the customer', () => {
    expect(having(ola).ticket.clocks[0]?.kind).toBe('OLA');
  });
});

describe('a UC', () => {
  const uc = aTarget({ id: 'uc', kind: 'UC', targetSeconds: 4 * hour });

  it('counts only while the ticket is held for the vendor', () => {
    expect(having(uc).ticket.clocks).toEqual([]);
    const { ticket } = having(uc).tell(vendor(1), at(2, 'resume'), vendor(5));
    expect(clockOf(ticket, 'uc')).toMatchObject({
      state: 'running',
      startedAt: later({ hours: 1 }),
    });
    expect(gaps(ticket, 'uc')).toEqual([[later({ hours: 2 }), later({ hours: 5 })]]);
    expect(ticket.agenda.find(({ key }) => key === 'sla.uc.100')?.at).toBe(later({ hours: 8 }));
  });

  it('stands while it is held for another reason, and ends with the ticket', () => {
    const { ticket } = having(uc).tell(vendor(1), at(2, 'hold', { reason: 'problem' }));
    expect(clocks(ticket)).toEqual([['uc', 'paused']]);
    expect(clocks(having(uc).tell(vendor(1), at(2, 'resume'), resolves(3)).ticket)).toEqual([
      ['uc', 'stopped', later({ hours: 3 })],
    ]);
  });
});

describe('conditions of a target', () => {
  it('begin, pause and stop its clock as data', () => {
    const own = aTarget({
      id: 'fix',
      startWhen: 'state==inProgress',
      pauseWhile: 'holdReason==problem',
      stopWhen: 'isMajor==true',
    });
    const declared = at(5, 'declareMajor', { reason: 'x' }, people.manager);
    const begun = having(own).tell(at(1, 'start'));
    expect(clocks(having(own).ticket)).toEqual([]);
    expect(clockOf(begun.ticket, 'fix').startedAt).toBe(later({ hours: 1 }));
    const { ticket } = having(own).tell(
      at(1, 'start'),
      at(2, 'hold', { reason: 'problem' }),
      at(3, 'resume'),
      declared,
    );
    expect(clocks(ticket)).toEqual([['fix', 'stopped', later({ hours: 5 })]]);
    expect(gaps(ticket, 'fix')).toEqual([[later({ hours: 2 }), later({ hours: 3 })]]);
  });

  it('do not take back a clock that has begun', () => {
    const own = aTarget({ startWhen: 'state==inProgress' });
    const { ticket } = having(own).tell(at(1, 'start'), vendor(2));
    expect(clocks(ticket)).toEqual([['resolution', 'running']]);
  });
});

describe('the clock of a condition of its own', () => {
  const own = aTarget({ startWhen: 'state==inProgress', stopWhen: 'isMajor==true' });
  const closes = at(4, 'close');

  it('goes on when the ticket is resolved, and counts no more once it is closed', () => {
    const resolved = [at(1, 'start'), resolves(3)];
    expect(clocks(having(own).tell(...resolved).ticket)).toEqual([['resolution', 'running']]);
    expect(clocks(having(own).tell(...resolved, closes).ticket)).toEqual([
      ['resolution', 'cancelled', later({ hours: 4 })],
    ]);
  });

  it('is stopped by the closing itself where it says so', () => {
    const closing = aTarget({ stopWhen: 'state==closed' });
    expect(clocks(having(closing).tell(resolves(3), closes).ticket)).toEqual([
      ['resolution', 'stopped', later({ hours: 4 })],
    ]);
  });

  it('is cancelled with a ticket that was resolved and is cancelled then', () => {
    const cancels = at(4, 'cancel', { reason: 'x' });
    expect(clocks(having(own).tell(at(1, 'start'), resolves(3), cancels).ticket)).toEqual([
      ['resolution', 'cancelled', later({ hours: 4 })],
    ]);
  });

  it('does not begin once the ticket has ended', () => {
    const late = aTarget({ startWhen: 'isResolved==true', stopWhen: 'isMajor==true' });
    const { ticket } = having(late).tell(resolves(3), closes, says(5), says(6));
    expect(clocks(ticket)).toEqual([['resolution', 'cancelled', later({ hours: 4 })]]);
  });
});

describe('a promise that ends or begins with a change', () => {
  const p1 = aRule({ name: 'P1', when: 'priority==P1', targets: [aTarget({ id: 'fast' })] });
  const others = aRule({ name: 'Others' });
  const changes = (...rules: PolicyRule[]) => opensUnder(only(rules));

  it('is cancelled, and the new one counts from the opening, promised from the change on', () => {
    const { ticket } = changes(p1, others).tell(ranks(2, 'P1'));
    expect(clocks(ticket)).toEqual([
      ['resolution', 'cancelled', later({ hours: 2 })],
      ['fast', 'running'],
    ]);
    expect(clockOf(ticket, 'fast')).toMatchObject({
      ...{ startedAt: monday, termsSince: later({ hours: 2 }) },
    });
  });

  it('is not late by it before the change', () => {
    const so = changes(p1, others).tell(ranks(30, 'P1'), waits(31));
    expect(clockOf(so.ticket, 'fast').breaches).toMatchObject([
      { due: later({ hours: 8 }), at: later({ hours: 30 }) },
    ]);
  });

  it('counts from the change where the target says so', () => {
    const anew = { ...p1, targets: [aTarget({ id: 'fast', counts: 'fromPromise' })] };
    const { ticket } = changes(anew, others).tell(ranks(2, 'P1'));
    expect(clockOf(ticket, 'fast')).toMatchObject({ startedAt: later({ hours: 2 }) });
  });

  it('that comes back is another clock, from then on', () => {
    const { ticket } = changes(p1, others).tell(ranks(2, 'P1'), ranks(4, 'P3'));
    expect(clocks(ticket)).toEqual([
      ['resolution', 'cancelled', later({ hours: 2 })],
      ['fast', 'cancelled', later({ hours: 4 })],
      ['resolution-2', 'running'],
    ]);
    expect(clockOf(ticket, 'resolution-2').startedAt).toBe(later({ hours: 4 }));
  });

  it('ends with the service for which it was made', () => {
    const mail = aRule({ name: 'Mail', when: `service==${services.mail}` });
    const begun = opensUnder(only([mail]), { serviceId: services.mail });
    const { ticket } = begun.tell(at(1, 'classify', { serviceId: services.orphan }));
    expect(clocks(ticket)).toEqual([['resolution', 'cancelled', later({ hours: 1 })]]);
  });

  it('under the same name in another rule is the same clock on other terms', () => {
    const strict = { ...p1, targets: [aTarget({ targetSeconds: hour })] };
    const so = changes(strict, others).tell(ranks(2, 'P1'));
    expect(so.ticket.clocks).toMatchObject([
      {
        ...{ id: 'resolution', state: 'running', termsSince: later({ hours: 2 }) },
        ...{ terms: { rule: 'P1', targetSeconds: hour }, former: [{ terms: { rule: 'Others' } }] },
      },
    ]);
    expect(so.happenings.at(-1)?.events.at(-1)).toMatchObject({
      type: 'slaRetargeted',
      data: {
        from: { targetSeconds: 8 * hour, dueAt: later({ hours: 8 }) },
        to: { targetSeconds: hour, dueAt: later({ hours: 1 }) },
      },
    });
  });

  it('on a clock that was judged changes nothing, until it is reopened', () => {
    const strict = { ...p1, targets: [aTarget({ targetSeconds: hour })] };
    const begun = changes(strict, others);
    const judged = begun.tell(resolves(1), ranks(2, 'P1')).ticket;
    expect(clockOf(judged, 'resolution').terms.targetSeconds).toBe(8 * hour);
    const reopened = tell(judged, [at(3, 'reopen', { reason: 'x' })], begun.context).ticket;
    expect(clockOf(reopened, 'resolution')).toMatchObject({
      ...{ state: 'running', terms: { targetSeconds: hour }, termsSince: later({ hours: 3 }) },
    });
  });
});

describe('a policy that is published meanwhile', () => {
  const strict = { rules: [aRule({ targets: [aTarget({ targetSeconds: hour })] })] };
  const version2 = aPolicy({ version: 2, publishedAt: later({ hours: 2 }), definition: strict });
  const { policies } = only([aRule()]);
  const agreed = at(3, 'look');
  const agrees = { ...agreed, name: 'agreed', via: 'engine' as const };
  const lives = (appliesToOpen: boolean) => {
    const { ticket } = opensUnder({ policies });
    const agreement = { policies: [...policies, { ...version2, appliesToOpen }] };
    return tell(ticket, [{ ...agrees }], aContext({ agreement }));
  };

  it('counts for tickets that are open when it says so, from the fact on that tells them', () => {
    const so = lives(true);
    expect(clockOf(so.ticket, 'resolution')).toMatchObject({
      ...{
        terms: { policy: { version: 2 }, targetSeconds: hour },
        termsSince: later({ hours: 3 }),
      },
    });
    expect(eventsOf(so)).toEqual(['slaRetargeted']);
  });

  it('stays in force for a fact that happened before it and comes later', () => {
    const { ticket } = opensUnder({ policies });
    const agreement = { policies: [...policies, { ...version2, appliesToOpen: true }] };
    const so = tell(ticket, [agrees, at(1.5, 'acknowledge')], aContext({ agreement }));
    expect(clockOf(so.ticket, 'resolution').terms.policy.version).toBe(2);
    expect(eventsOf(so)).toEqual(['slaRetargeted', 'acknowledged']);
  });

  it('counts for tickets that are opened since only, when it does not', () => {
    const so = lives(false);
    expect(clockOf(so.ticket, 'resolution').terms.policy.version).toBe(1);
    expect(eventsOf(so)).toEqual([]);
  });

  it('an edit of a calendar alone moves no clock, unless clocks are told to take it', () => {
    const begun = opensUnder({ policies });
    const { calendars } = begun.context.agreement;
    const edited = calendars.map((one) => ({ ...one, version: 2 }));
    const context = aContext({ agreement: { policies, calendars: [...calendars, ...edited] } });
    const version = (ticket: Ticket) => clockOf(ticket, 'resolution').terms.calendar.version;
    const priority = tell(begun.ticket, [ranks(2, 'P1')], context).ticket;
    expect(version(priority)).toBe(1);
    expect(version(tell(priority, [agrees], context).ticket)).toBe(2);
  });
});
