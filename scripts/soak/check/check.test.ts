import type { Injected } from '../fault';
import type { Line } from '../recorder';
import { checkDeadlines, reachedAt } from './deadlines';
import type { Clock, Evidence, Finding } from './evidence';
import { checkAnswer, checkEndings, checkRepairs } from './explained';
import { checkFacts } from './facts';
import { checkFeeds } from './feed';
import { unlike } from './lives';
import { loggedIn } from './logs';
import { checkNotices } from './notices';
import { refusal, saying, sound, start, ticket, told } from './sound';

const { rows, sayings } = sound();
const fault: Injected = {
  kind: 'kill-worker',
  targets: ['worker'],
  forMs: 1_000,
  from: start,
  to: start + 2_000,
};

function all(evidence: Evidence): Finding[] {
  return [
    ...checkFacts(evidence),
    ...checkFeeds(evidence),
    ...checkNotices(evidence),
    ...checkDeadlines(evidence, 1_000),
    ...checkRepairs(evidence),
  ];
}

function proofs(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ proof }) => proof))];
}

/** The sound soak without the lines of some causes, versions closed up: a loss that no gap tells of. */
function without(cause: string) {
  const events = rows.events
    .filter((event) => event.cause !== cause)
    .map((event, k) => ({ ...event, version: k + 1 }));
  return sound({ rows: { events, tickets: [{ ...ticket, version: events.length }] } });
}

describe('the checker', () => {
  it('has nothing to say where all went well', () => {
    expect(all(sound())).toEqual([]);
  });

  it('finds an acknowledged command that is in no feed', () => {
    const [first] = checkFacts(without('c1'));
    expect(first).toMatchObject({ proof: 'no acknowledged fact is lost', ticket: 'ticket' });
    expect(first?.detail).toContain('watch c1');
  });

  it('finds a command that stands in the feed of another ticket', () => {
    const events = rows.events.map((event) =>
      event.cause === 'c1' ? { ...event, ticketId: 'other' } : event,
    );
    expect(proofs(checkFacts(sound({ rows: { events } })))).toEqual([
      'no acknowledged fact is lost',
    ]);
  });

  it('finds a cause that was applied to two tickets', () => {
    const copy = rows.events.filter(({ cause }) => cause === 'c3');
    const events = [...rows.events, ...copy.map((event) => ({ ...event, ticketId: 'other' }))];
    expect(proofs(checkFacts(sound({ rows: { events } })))).toEqual(['no fact is applied twice']);
  });

  it.each([
    ['stands twice', [...rows.comments, ...rows.comments], 'no fact is applied twice'],
    ['stands nowhere', [], 'no acknowledged fact is lost'],
  ])('finds a text that %s', (_, comments, proof) => {
    expect(proofs(checkFacts(sound({ rows: { comments } })))).toEqual([proof]);
  });

  it('finds two tickets of one opening, but not the follow-up that has its title', () => {
    const born = { ...ticket, id: 'born', isBorn: true };
    const twin = { ...ticket, id: 'twin' };
    expect(checkFacts(sound({ rows: { tickets: [ticket, born] } }))).toEqual([]);
    expect(proofs(checkFacts(sound({ rows: { tickets: [ticket, twin] } })))).toEqual([
      'no fact is applied twice',
    ]);
  });

  it('finds what was refused and happened all the same', () => {
    const refused = saying({
      key: 'c1',
      kind: 'watch',
      told: [told({ status: 409, code: 'invalid_transition' })],
    });
    expect(proofs(checkFacts(sound({ sayings: [refused] })))).toEqual([
      'what was refused did not happen',
    ]);
  });

  it.each([
    ['another status', told({ status: 409 })],
    ['another ticket', told({ id: 'other' })],
  ])('finds a key that was told %s when it was repeated', (_, second) => {
    const repeated = saying({ key: 'c3', kind: 'resolve', told: [told({}), second] });
    expect(proofs(checkFacts(sound({ sayings: [repeated] })))).toEqual([
      'a key repeated gives the same answer',
    ]);
  });

  it('holds tries without a key between what was acknowledged and what was sent', () => {
    const edit = { method: 'PATCH', path: '/incidents/ticket', kind: 'edit' };
    const edited = (tries: number, times: number) =>
      proofs(
        checkFacts(
          sound({
            sayings: [saying({ ...edit, key: 'p', tries })],
            rows: {
              events: Array.from({ length: times }, (_, n) => ({
                ...(rows.events[0] ?? never()),
                cause: `p${n}`,
                type: 'edited',
              })),
            },
          }),
        ),
      );
    expect(edited(2, 2)).toEqual([]);
    expect(edited(1, 0)).toEqual(['no acknowledged fact is lost']);
    expect(edited(1, 2)).toEqual(['no fact is applied twice']);
  });

  it('finds a signal that left nothing, and one with an id that left two outcomes', () => {
    const signal = { sort: 'named', ticketId: 'ticket', token: 's', isTaken: true, at: 0 } as const;
    const outcome = { ...refusal, cause: 's' };
    const of = (refusals: Evidence['rows']['refusals']) =>
      proofs(checkFacts(sound({ signals: [signal], rows: { refusals } })));
    expect(of([outcome])).toEqual([]);
    expect(of([])).toEqual(['no acknowledged fact is lost']);
    expect(of([outcome, outcome])).toEqual(['no fact is applied twice']);
  });

  it('finds a gap in a feed', () => {
    const events = rows.events.filter(({ version }) => version !== 2);
    expect(proofs(checkFeeds(sound({ rows: { events } })))).toContain('feeds are gapless');
  });

  it('finds a feed that tells another state than its row', () => {
    const tickets = [{ ...ticket, state: 'resolved' }];
    expect(proofs(checkFeeds(sound({ rows: { tickets } })))).toEqual([
      'a feed tells how its row stands',
    ]);
  });

  it('finds facts and refusals that nobody sent, and rules that failed', () => {
    const unsent = sound({ sayings: sayings.filter(({ key }) => key !== 'c1' && key !== 'c4') });
    expect(proofs(checkFeeds(unsent))).toEqual([
      'every fact has an origin',
      'every refused fact has an origin',
    ]);
    const failed = sound({ rows: { refusals: [{ ...refusal, outcome: 'failed' }] } });
    expect(proofs(checkFeeds(failed))).toEqual(['no rule fails']);
  });

  it('finds what is still owed to the engine', () => {
    const outbox = [{ ticketId: 'ticket', id: 'look/3', detail: 'signal look, 2 tries' }];
    expect(proofs(checkFeeds(sound({ rows: { outbox } })))).toEqual(['the outbox is empty']);
  });

  it.each(['c2', 'w', 'b', 'e', 'c3', 'k'])('finds that the notices of %s are missing', (cause) => {
    const notices = rows.notices.filter((notice) => notice.cause !== cause);
    const findings = checkNotices(sound({ rows: { notices } }));
    expect(proofs(findings)).toEqual(['every notice is written once']);
    expect(findings[0]?.detail).toContain(`missing: ${cause}`);
  });

  it('finds a notice twice, and one that nothing owes', () => {
    const [notice] = rows.notices;
    const details = (notices: Evidence['rows']['notices']) =>
      checkNotices(sound({ rows: { notices } })).map(({ detail }) => detail);
    const twice = [...rows.notices, ...(notice ? [notice] : [])];
    expect(details(twice)).toEqual(['twice: c2 commented ruth']);
    const odd = { ticketId: 'ticket', cause: 'c1', recipientId: 'ruth', template: 'incident.x' };
    expect(details([...rows.notices, odd])).toEqual(['nothing owes it: c1 x ruth']);
  });
});

describe('the checker of deadlines', () => {
  const [clock] = ticket.clocks;
  if (!clock) throw new Error('The sound ticket has a clock');
  const on = (change: Partial<Clock>) =>
    checkDeadlines(
      sound({ rows: { tickets: [{ ...ticket, clocks: [{ ...clock, ...change }] }] } }),
      0,
    );

  it('finds a threshold that was reached and not passed', () => {
    expect(on({ passed: clock.passed.slice(0, 2) }).map(({ detail }) => detail)).toEqual([
      'resolution 150 % was due at 2026-11-23T09:00:35.000Z and was not passed',
    ]);
  });

  it('finds a threshold that was passed at the time of acting instead of its own', () => {
    const passed = clock.passed.map((one) =>
      one.step === '100' ? { ...one, due: one.due + 700, at: one.at + 700 } : one,
    );
    expect(on({ passed })).toHaveLength(2);
  });

  it('finds a breach that stands nowhere in the feed', () => {
    const [finding] = checkDeadlines(without('b'), 0);
    expect(finding?.detail).toBe(
      'resolution 100 % of 2026-11-23T09:00:25.000Z stands 0 times in the feed',
    );
  });

  it('finds an entry that was due and stands on the agenda, but not one that lies ahead', () => {
    const late = { ...ticket, isSettled: false, agenda: [{ key: 'autoClose', at: start + 9_000 }] };
    const early = { ...late, agenda: [{ key: 'autoClose', at: start + 900_000 }] };
    expect(checkDeadlines(sound({ rows: { tickets: [late] } }), 0)).toHaveLength(1);
    expect(checkDeadlines(sound({ rows: { tickets: [early] } }), 0)).toEqual([]);
  });

  it('finds what closed by itself at another instant than was planned', () => {
    const events = rows.events.map((event) =>
      event.type === 'closed' ? { ...event, at: event.at + 1 } : event,
    );
    expect(checkDeadlines(sound({ rows: { events } }), 0)).toMatchObject([
      { detail: 'closed at 2026-11-23T09:00:50.001Z, planned 2026-11-23T09:00:50.000Z' },
    ]);
  });

  it('reckons without pauses, and knows no instant while a clock stands', () => {
    const standing = { ...clock, pauses: [{ from: start + 5_000, to: null }] };
    expect(reachedAt(clock, 100)).toBe(start + 25_000);
    expect(reachedAt(standing, 20)).toBe(start + 4_000);
    expect(reachedAt(standing, 100)).toBeUndefined();
  });
});

describe('an explanation by a fault', () => {
  const known = (at: number) => ({ repairs: [], known: [{ at, ticketId: 't', cause: 'c' }] });

  it('covers a cause found done while it lasted or shortly after, and no other', () => {
    const of = (at: number, faults: readonly Injected[]) =>
      checkRepairs(sound({ logged: known(at), faults })).length;
    expect(of(start + 1_000, [fault])).toBe(0);
    expect(of(start + 15_000, [fault])).toBe(0);
    expect(of(start + 60_000, [fault])).toBe(1);
    expect(of(start - 1_000, [fault])).toBe(1);
    expect(of(start + 1_000, [])).toBe(1);
  });

  it('is not needed for a cause that the soak itself sent twice', () => {
    const signal = { sort: 'named', ticketId: 't', token: 'c', isTaken: true, at: 0 } as const;
    expect(checkRepairs(sound({ logged: known(start), signals: [signal] }))).toEqual([]);
  });

  it('is needed for a repair by the watchdog', () => {
    const logged = {
      known: [],
      repairs: [{ at: start + 70_000, dueAt: start + 1, ticketId: 't' }],
    };
    expect(checkRepairs(sound({ logged }))).toHaveLength(1);
    expect(checkRepairs(sound({ logged, faults: [fault] }))).toEqual([]);
  });

  it('is needed for a 500, a lost answer and a process that ended, not for a 503', () => {
    const line: Line = {
      ...{
        as: 'a',
        key: 'k',
        kind: 'hold',
        method: 'POST',
        path: '/incidents/t',
        isGivenUp: false,
      },
      ...{ at: start, until: start + 10 },
    };
    expect(checkAnswer({ ...line, status: 500 }, [])).toHaveLength(1);
    expect(checkAnswer({ ...line, status: 500 }, [fault])).toEqual([]);
    expect(checkAnswer(line, [])).toHaveLength(1);
    expect(checkAnswer({ ...line, isGivenUp: true }, [])).toEqual([]);
    expect(checkAnswer({ ...line, status: 503 }, [])).toEqual([]);
    expect(checkEndings([{ name: 'worker', at: start }], [])).toHaveLength(1);
  });

  it('reads repairs and causes from logs that break off', () => {
    const dueAt = '2026-11-23T09:00:00.000Z';
    const lines = [
      JSON.stringify({ time: 5, msg: 'watchdog repaired a life', ticketId: 't', dueAt }),
      JSON.stringify({ time: 6, msg: 'fact taken', result: 'known', ticketId: 't', cause: 'c' }),
      '{"time":7,"msg":"a cause was found already do',
    ];
    expect(loggedIn(lines)).toEqual({
      repairs: [{ at: 5, dueAt: Date.parse(dueAt), ticketId: 't' }],
      known: [{ at: 6, ticketId: 't', cause: 'c' }],
    });
  });
});

describe('a life beside its row', () => {
  const shown = (version: number, next?: string) =>
    [`**INC1** new, P1, version ${version}`, ...(next ? [`| ${next} | due |`] : [])].join('\n');
  const due = { key: 'k', at: Date.parse('2026-11-23T09:00:10.000Z') };

  it('may not have heard of what moves nothing', () => {
    expect(unlike({ version: 5, agenda: [] }, shown(3))).toBeUndefined();
    expect(
      unlike({ version: 5, agenda: [due] }, shown(5, '2026-11-23T09:00:09.000Z')),
    ).toBeUndefined();
  });

  it('is found when it knows more than the row, or wakes later than the row is due', () => {
    expect(unlike({ version: 5, agenda: [] }, shown(6))).toContain('it knows version 6');
    expect(unlike({ version: 5, agenda: [due] }, shown(5))).toContain('it wakes never');
    expect(unlike({ version: 5, agenda: [due] }, shown(5, '2026-11-23T09:00:11.000Z'))).toContain(
      'it wakes at',
    );
  });
});

function never(): never {
  throw new Error('The sound feed has lines');
}
