import { hashOf, type Shown } from '../../models/approvals/shown';
import { birthIdOf } from '../../models/tickets/identity';
import { next, type Next } from '../../models/tickets/next';
import { anIncident, people, uuid } from '../../tests/factories';
import type { Ticket } from '../../models/tickets/ticket';
import {
  askFor,
  restateRounds,
  roundDecided,
  withdrawRounds,
  type Asking,
  type Heard,
  type RoundDecided,
  type RoundPlan,
} from './rounds';

const before: Shown = { plan: 'Move' };
const after: Shown = { plan: 'Stay' };

const plan = (name: string): RoundPlan => ({
  name,
  approvers: [{ kind: 'person', id: people.manager.id, veto: false }],
  quorum: { kind: 'everyone' },
  barredIds: [],
  answersByEngine: false,
  expiresInHours: 24,
  onExpiry: 'reject',
  remindEveryHours: null,
});

type Parent = Ticket<Asking>;

function aParent(): Parent {
  return { ...anIncident(), id: uuid(90), title: 'Mail moves', details: { approval: null } };
}

const stagesOf = (...words: readonly string[]) => words.map((word) => Array.from(word, plan));
const asked = (...words: readonly string[]) =>
  askFor(next(aParent()), 'begin', { stages: stagesOf(...words), shown: before });

/** What is still open, by name: the letters of the plans in the order of stages and places. */
function running({ ticket }: { ticket: Parent }): string[] {
  const { stages = [], rounds = [] } = ticket.details.approval ?? {};
  return rounds
    .filter(({ result }) => result === null)
    .map(({ stage, place }) => stages[stage]?.[place]?.name ?? '?')
    .sort();
}

function idOf({ ticket }: { ticket: Parent }, name: string): string {
  const { stages = [], rounds = [] } = ticket.details.approval ?? {};
  const found = rounds.filter(({ stage, place }) => stages[stage]?.[place]?.name === name).at(-1);
  if (!found) throw new Error(`No round ${name}`);
  return found.id;
}

let causes = 0;

/** The word of a round, on what it was shown: as it arrives at the process. */
function word(
  approvalId: string,
  result: RoundDecided['result'] = 'approved',
  shown: Shown = before,
): (so: { ticket: Parent }) => Heard<Asking> {
  causes += 1;
  const cause = `word-${causes}`;
  const said = { approvalId, result, reason: 'quorum', byId: null, answers: [] };
  return ({ ticket }) =>
    roundDecided(next(ticket), { cause, input: { ...said, shownHash: hashOf(shown) } });
}

const hears = (so: { ticket: Parent }, name: string, ...rest: [RoundDecided['result']?, Shown?]) =>
  word(idOf(so, name), ...rest)(so);
const restated = ({ ticket }: { ticket: Parent }, shown = after, cause = 'edit') =>
  restateRounds(next(ticket), cause, shown);
const told = ({ owed }: Next<Asking>) =>
  owed.messages.map(({ ticketId, name }): [string, string] => [ticketId, name]);
const born = ({ owed }: Next<Asking>) => owed.births.map(({ input }) => input['title']);

describe('rounds that a process opens', () => {
  it('are those of the first stage at once, under ids that the kernel will give them', () => {
    const so = asked('ab', 'c');
    expect(born(so)).toEqual(['a: Mail moves', 'b: Mail moves']);
    expect(so.ticket.details.approval?.rounds.map(({ id }) => id)).toEqual(
      [0, 1].map((k) => birthIdOf(uuid(90), 'begin', k)),
    );
    expect(so.owed.births[0]).toMatchObject({
      type: 'approval',
      link: 'approvalOf',
      input: { subjectId: uuid(90), shown: before, requesterId: people.requester.id },
    });
  });

  it('leave out a stage that asks nobody; there must be one that does', () => {
    const so = asked('', 'a', '', 'b');
    expect(running(so)).toEqual(['a']);
    const second = hears(so, 'a').so;
    expect(running(second)).toEqual(['b']);
    expect(hears(second, 'b').verdict).toBe('approved');
    expect(() => asked('', '')).toThrow('no round');
  });
});

describe('stages', () => {
  it('come one after the other, when all rounds of the one before have approved', () => {
    const first = hears(asked('ab', 'c'), 'b');
    expect([first.verdict, running(first.so)]).toEqual([undefined, ['a']]);
    const second = hears(first.so, 'a');
    expect([second.verdict, running(second.so)]).toEqual([undefined, ['c']]);
    const last = hears(second.so, 'c');
    expect([last.verdict, running(last.so)]).toEqual(['approved', []]);
  });

  it.each(['rejected', 'expired', 'recalled'] as const)(
    'end with the first round that is %s: the others are withdrawn, and the verdict comes once',
    (result) => {
      const start = asked('abc', 'd');
      const [b, c] = [idOf(start, 'b'), idOf(start, 'c')];
      const end = hears(start, 'a', result);
      expect([end.verdict, running(end.so)]).toEqual([result, []]);
      expect(told(end.so)).toEqual([
        [b, 'withdrawn'],
        [c, 'withdrawn'],
      ]);
      const echo = word(b, 'recalled')(end.so);
      expect(echo.verdict).toBeUndefined();
      // Decided by itself before the withdrawal came.
      const late = word(c, 'rejected')(echo.so);
      expect(late.verdict).toBeUndefined();
      expect(late.so.events).toMatchObject([{ data: { counts: false }, visibility: 'internal' }]);
    },
  );

  it('take no word twice, and none of a round that they did not open', () => {
    const start = asked('ab');
    const a = idOf(start, 'a');
    const once = word(a)(start).so;
    expect(word(a)(once).verdict).toBeUndefined();
    expect(running(word(a, 'rejected')(once).so)).toEqual(['b']);
    expect(word(uuid(99), 'rejected')(start).verdict).toBeUndefined();
  });
});

describe('what is shown changes', () => {
  it('while rounds run: they are told, and go on', () => {
    const start = asked('ab', 'c');
    const so = restated(start);
    expect(told(so)).toEqual(['a', 'b'].map((name) => [idOf(start, name), 'restated']));
    expect([born(so), running(so)]).toEqual([[], ['a', 'b']]);
    const heard = hears(hears(so, 'a', 'approved', after).so, 'b', 'approved', after);
    expect(running(heard.so)).toEqual(['c']);
  });

  it('after some have approved: those are opened anew', () => {
    const start = hears(asked('ab', 'c'), 'a').so;
    const [a, b] = [idOf(start, 'a'), idOf(start, 'b')];
    const so = restated(start);
    expect([told(so), born(so)]).toEqual([[[b, 'restated']], ['a: Mail moves']]);
    expect(idOf(so, 'a')).not.toBe(a);
    expect(so.owed.births[0]?.input).toMatchObject({ shown: after });
  });

  it('in a later stage: all begins anew with the first, and that stage is withdrawn', () => {
    const start = hears(asked('a', 'b'), 'a').so;
    const b = idOf(start, 'b');
    const so = restated(start);
    expect([told(so), running(so)]).toEqual([[[b, 'withdrawn']], ['a']]);
    const echo = word(b, 'recalled')(so);
    expect(echo.verdict).toBeUndefined();
    const second = hears(echo.so, 'a', 'approved', after);
    expect(running(second.so)).toEqual(['b']);
    expect(hears(second.so, 'b', 'approved', after).verdict).toBe('approved');
  });

  it.each(['approved', 'rejected'] as const)(
    'while the word that a round has %s is on its way: it is asked anew',
    (result) => {
      const start = asked('ab');
      const a = idOf(start, 'a');
      const travelling = word(a, result, before);
      const heard = travelling(restated(start));
      expect(heard.verdict).toBeUndefined();
      expect([born(heard.so), running(heard.so)]).toEqual([['a: Mail moves'], ['a', 'b']]);
      expect(idOf(heard.so, 'a')).not.toBe(a);
      const twice = travelling(heard.so);
      expect([twice.verdict, born(twice.so)]).toEqual([undefined, []]);
    },
  );

  it('after the last has approved: everything is asked anew', () => {
    const over = hears(asked('a'), 'a').so;
    const so = restated(over);
    expect([running(so), born(so)]).toEqual([['a'], ['a: Mail moves']]);
  });

  it('to the same: nothing happens', () => {
    const start = asked('ab');
    expect(told(restated(start, { plan: 'Move' }))).toEqual([]);
  });
});

it('withdrawn: running rounds are told, ended ones are left alone', () => {
  const start = hears(asked('ab'), 'a').so;
  const b = idOf(start, 'b');
  const so = withdrawRounds(next(start.ticket), 'cancelled');
  expect([told(so), running(so)]).toEqual([[[b, 'withdrawn']], []]);
  expect(told(withdrawRounds(next(so.ticket), 'cancelled'))).toEqual([]);
});
