import { aRule, aTarget, only } from '../../../tests/clocks';
import { anAgreement, aPolicy, calendars, later, monday, uuid } from '../../../tests/factories';
import { roundTheClock } from '../calendar';
import { conditionsOf, phaseOf, promisesFor, ruleFor, type Promisee } from './promise';
import type { PolicyRule } from './shape';

const waits = { customerWhile: 'customer', vendorWhile: 'vendor', vendorUnless: 'noVendor' };
/** Opened on Monday at nine, P3; exactly these conditions hold. */
const promisee = (about: Partial<Promisee> = {}, ...held: string[]): Promisee => ({
  ...{ openedAt: monday, priority: 'P3', teamId: null, resolvedAt: null, answeredAt: null },
  ...{ calendars: { service: null, team: null }, waits },
  facet: (name) => (name === 'deliverySeconds' ? 7_200 : null),
  holds: (when) => held.includes(when),
  ...about,
});
const under = (...rules: PolicyRule[]) => anAgreement(only(rules));
const promised = (agreement: ReturnType<typeof under>, who = promisee()) =>
  promisesFor(agreement, monday, who);

describe('the rule that counts', () => {
  const [vip, all] = [aRule({ name: 'VIP', when: 'vip' }), aRule({ name: 'All' })];
  const names = (agreement: ReturnType<typeof under>, ...held: string[]) =>
    ruleFor(agreement, monday, promisee({}, ...held))?.rule.name;

  it('is the first whose condition holds; one without a condition always does', () => {
    expect(names(under(vip, all), 'vip')).toBe('VIP');
    expect(names(under(vip, all))).toBe('All');
    expect(names(under(all, vip), 'vip')).toBe('All');
  });

  it('is of the first policy in order of which one does', () => {
    const policies = [
      aPolicy({ id: uuid(52), position: 2, definition: { rules: [all] } }),
      aPolicy({ position: 1, definition: { rules: [vip] } }),
    ];
    const agreement = anAgreement({ policies });
    expect(names(agreement, 'vip')).toBe('VIP');
    expect(ruleFor(agreement, monday, promisee())?.policy.id).toBe(uuid(52));
  });

  it('is none, and promises nothing, where none does', () => {
    expect(ruleFor(under(vip), monday, promisee())).toBeUndefined();
    expect(promised(under(vip))).toEqual([]);
    expect(promised(anAgreement({ policies: [] }))).toEqual([]);
  });
});

describe('what is promised', () => {
  it('names the policy, its version and rule, and keeps what has elapsed unless it says otherwise', () => {
    const target = aTarget();
    const terms = {
      policy: { id: uuid(51), version: 1 },
      rule: 'All',
      calendar: { id: calendars.roundTheClock, version: 1 },
      targetSeconds: 28_800,
      onChange: 'keepElapsed',
    };
    expect(promised(under(aRule()))).toEqual([{ target, terms }]);
    const restart = under(aRule({ targets: [aTarget({ onChange: 'restart' })] }));
    expect(promised(restart)[0]?.terms.onChange).toBe('restart');
  });

  it('is by priority, and nothing for one that is not named or not known', () => {
    const agreement = under(aRule({ targets: [aTarget({ targetSeconds: { P1: 60, P3: 600 } })] }));
    const seconds = (priority: Promisee['priority']) =>
      promised(agreement, promisee({ priority })).map(({ terms }) => terms.targetSeconds);
    expect((['P1', 'P2', 'P3', null] as const).map(seconds)).toEqual([[60], [], [600], []]);
  });

  it('is what the ticket says under a facet, and nothing when it says nothing', () => {
    const seconds = (facet: string) =>
      promised(under(aRule({ targets: [aTarget({ targetSeconds: { facet } })] }))).map(
        ({ terms }) => terms.targetSeconds,
      );
    expect([seconds('deliverySeconds'), seconds('isMajor')]).toEqual([[7_200], []]);
  });

  it('of a plain number counts for every priority, also none', () => {
    expect(promised(under(aRule()), promisee({ priority: null }))).toHaveLength(1);
  });

  it('is counted on the calendar of the service or the team, where it has one', () => {
    const own = { id: uuid(43), version: 7, calendar: roundTheClock };
    const ofItsOwn = (of: 'service' | 'team', has: string | null) => {
      const calendar = { of, calendarId: calendars.business };
      const { calendars: known, policies } = under(aRule({ targets: [aTarget({ calendar })] }));
      const agreement = { policies, calendars: [...known, own] };
      const none = { service: null, team: null };
      const who = promisee({ calendars: { ...none, [of]: has } });
      return promised(agreement, who)[0]?.terms.calendar;
    };
    for (const owner of ['service', 'team'] as const) {
      expect(ofItsOwn(owner, own.id)).toEqual({ id: own.id, version: 7 });
      expect(ofItsOwn(owner, null)).toEqual({ id: calendars.business, version: 1 });
    }
  });

  it('is counted on the newest version of that calendar', () => {
    const { policies, calendars: known } = under(aRule());
    const newer = { id: calendars.roundTheClock, version: 2, calendar: roundTheClock };
    const agreement = { policies, calendars: [newer, ...known] };
    expect(promised(agreement)[0]?.terms.calendar.version).toBe(2);
  });
});

describe('how a clock is to stand', () => {
  const own = aTarget({ startWhen: 'start', pauseWhile: 'pause', stopWhen: 'stop' });
  const now = later({ hours: 5 });
  const phase = (target: typeof own, about: Partial<Promisee>, ...held: string[]) =>
    phaseOf(target, promisee(about, ...held), now);

  it('is by its own conditions: stopped before not begun before paused before running', () => {
    expect(phase(own, {})).toEqual({ is: 'pending', pausedBy: null });
    expect(phase(own, {}, 'start')).toEqual({ is: 'running' });
    expect(phase(own, {}, 'start', 'pause')).toEqual({ is: 'paused', why: 'pause' });
    expect(phase(own, {}, 'pause')).toEqual({ is: 'pending', pausedBy: 'pause' });
    expect(phase(own, {}, 'start', 'pause', 'stop')).toEqual({ is: 'stopped', at: now });
  });

  it('of a resolution is paused while the customer is waited for, and stopped by being resolved', () => {
    expect(conditionsOf(aTarget(), waits)).toEqual({
      ...{ pauseWhile: 'customer', stopWhen: 'isResolved==true' },
    });
  });

  it('of a response is stopped by the answer, and never paused', () => {
    const response = aTarget({ metric: 'firstResponse' });
    expect(conditionsOf(response, waits)).toEqual({
      stopWhen: 'isAnswered==true,isResolved==true',
    });
  });

  it('of the next response begins and ends with the wait for a reply', () => {
    expect(conditionsOf(aTarget({ metric: 'nextResponse' }), waits)).toEqual({
      ...{ startWhen: 'awaitsReply==true', stopWhen: 'awaitsReply==false,isResolved==true' },
    });
  });

  it('of a UC runs only while the vendor has it', () => {
    expect(conditionsOf(aTarget({ kind: 'UC' }), waits)).toEqual({
      ...{ startWhen: 'vendor', pauseWhile: 'noVendor', stopWhen: 'isResolved==true' },
    });
  });

  it('takes each of its own conditions in place of the usual one, and no other', () => {
    expect(conditionsOf(aTarget({ pauseWhile: 'night' }), waits)).toEqual({
      ...{ pauseWhile: 'night', stopWhen: 'isResolved==true' },
    });
  });

  it('is stopped at the first answer or the resolution, whichever came first, also when told late', () => {
    const response = aTarget({ metric: 'firstResponse' });
    const stop = 'isAnswered==true,isResolved==true';
    const [answeredAt, resolvedAt] = [later({ hours: 2 }), later({ hours: 1 })];
    const at = (about: Partial<Promisee>) => phase(response, about, stop);
    expect(at({ answeredAt })).toEqual({ is: 'stopped', at: answeredAt });
    expect(at({ resolvedAt })).toEqual({ is: 'stopped', at: resolvedAt });
    expect(at({ answeredAt, resolvedAt })).toEqual({ is: 'stopped', at: resolvedAt });
    expect(phase(aTarget(), { answeredAt, resolvedAt }, 'isResolved==true')).toEqual({
      ...{ is: 'stopped', at: resolvedAt },
    });
  });
});
