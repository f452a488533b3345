import { incident } from '../../../workflows/incidents/process';
import { businessHours, roundTheClock } from '../calendar';
import { policyIssues, refuseWrongPolicy } from './check';
import { namedIn, type PolicyGround } from './check/named';
import { defaultPolicy } from './default';
import type { PolicyRule, Step, Target } from './shape';

const at = '2026-11-23T10:00:00.000Z';
const ground: PolicyGround = {
  process: incident,
  calendars: new Map([
    ['always', roundTheClock],
    ['office', businessHours('Europe/Berlin')],
    ['never', { timezone: 'UTC', weekly: {} }],
    ['once', { timezone: 'UTC', weekly: {}, overrides: { '2027-01-01': [['09:00', '17:00']] } }],
  ]),
  team: new Set(['desk']),
  person: new Set(['mia']),
  at,
};
const target = (more: Partial<Target> = {}): Target => ({
  ...{ id: 'response', kind: 'SLA', metric: 'firstResponse', targetSeconds: 900 },
  calendar: { calendarId: 'always' },
  ...more,
});
const rule = (name: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
  ...{ name, targets: [target()] },
  ...more,
});
const step = (key: string, more: Partial<Step> = {}): Step => ({
  ...{ key, at: { percent: 75 }, actions: [{ action: 'notify', to: ['holder'] }] },
  ...more,
});
const then = (otherwise: string) => ({ repeat: { everyMinutes: 5, times: 3, otherwise } });

const issues = (rules: PolicyRule[], on: Partial<PolicyGround> = {}) =>
  policyIssues({ rules }, { ...ground, ...on }).map(({ pointer, code }) => `${pointer} ${code}`);
const ofTarget = (more: Partial<Target>) => issues([rule('All', { targets: [target(more)] })]);
const ofLadder = (...ladder: Step[]) => ofTarget({ ladder });
const inLadder = '/rules/0/targets/0/ladder';

describe('a policy', () => {
  it('is right as it is on the first day', () => {
    expect(
      policyIssues(defaultPolicy({ roundTheClock: 'always', business: 'office' }), ground),
    ).toEqual([]);
  });

  it('asks only what can be asked of its tickets, and says where it cannot be read', () => {
    const rules = [
      rule('A', { when: 'priority=le=P2;colour==red' }),
      rule('B', { when: 'requester==me', targets: [target({ pauseWhile: 'state==' })] }),
    ];
    expect(policyIssues({ rules }, ground)).toEqual([
      {
        pointer: '/rules/0/when',
        code: 'unknown_field',
        detail: 'at character 16: colour is not a field here',
      },
      {
        pointer: '/rules/1/when',
        code: 'invalid',
        detail: 'at character 1: requester must be an id',
      },
      {
        pointer: '/rules/1/targets/0/pauseWhile',
        code: 'invalid',
        detail: 'ends where a value should be',
      },
    ]);
  });

  it('has names, ids and keys once', () => {
    expect(issues([rule('A', { when: 'priority==P1' }), rule('A')])).toEqual([
      '/rules/1/name taken',
    ]);
    expect(issues([rule('A', { targets: [target(), target()] })])).toEqual([
      '/rules/0/targets/1/id taken',
    ]);
    expect(ofLadder(step('75'), step('75'))).toEqual([`${inLadder}/1/key taken`]);
  });

  it('has no rule behind one that takes all its tickets', () => {
    const rules = [rule('All'), rule('VIP', { when: 'requester.isVip==true' })];
    expect(issues(rules)).toEqual(['/rules/1 unreachable']);
    expect(issues(rules.toReversed())).toEqual([]);
    const [, vip] = rules;
    expect(
      issues([{ ...rule('Same'), when: vip?.when ?? '' }, rule('VIP', { when: vip?.when ?? '' })]),
    ).toEqual(['/rules/1 unreachable']);
  });

  it('refuses all at once, in words', () => {
    const refused = () => {
      refuseWrongPolicy({ rules: [rule('A', { when: 'x' }), rule('A')] }, ground);
    };
    expect(refused).toThrow(
      'The policy is not usable: /rules/1/name is given twice; /rules/0/when ends where an operator should be.',
    );
  });
});

describe('a target', () => {
  it.each<[string, Partial<Target>, string[]]>([
    ['an unknown calendar', { calendar: { calendarId: 'x' } }, ['/calendar/calendarId not_found']],
    ['one that never opens', { calendar: { calendarId: 'never' } }, ['/calendar/calendarId empty']],
    ['an unknown team', { kind: 'OLA', teamId: 'x' }, ['/teamId not_found']],
    ['a team of an SLA', { teamId: 'desk' }, ['/teamId invalid']],
    ['a team of a vendor', { kind: 'UC', teamId: 'desk' }, ['/teamId invalid']],
    [
      'more hours than there are in ten years',
      { calendar: { calendarId: 'once' }, targetSeconds: 8 * 3600 + 1 },
      ['/targetSeconds too_big'],
    ],
    [
      'the same at one priority',
      { calendar: { calendarId: 'once' }, targetSeconds: { P1: 3600, P2: 90_000 } },
      ['/targetSeconds/P2 too_big'],
    ],
  ])('is refused with %s', (_, more, expected) => {
    expect(ofTarget(more)).toEqual(expected.map((issue) => `/rules/0/targets/0${issue}`));
  });

  it('may take all the hours that there are', () => {
    expect(ofTarget({ calendar: { calendarId: 'once' }, targetSeconds: 8 * 3600 })).toEqual([]);
    expect(ofTarget({ kind: 'OLA', teamId: 'desk' })).toEqual([]);
  });
});

describe('a ladder', () => {
  it('may have steps at the same instant, and one that another leads to', () => {
    expect(ofLadder(step('75'), step('also'))).toEqual([]);
    const { key, actions } = step('last');
    expect(ofLadder(step('75', then('last')), { key, actions })).toEqual([]);
  });

  it('has no step that is never taken', () => {
    const { key, actions } = step('lost');
    expect(ofLadder(step('75'), { key, actions })).toEqual([`${inLadder}/1 unreachable`]);
  });

  it.each([
    ['to no step', [step('75', then('x'))], [0]],
    ['to itself', [step('75', then('75'))], [0]],
    [
      'round in a circle',
      [step('a', then('b')), step('b', then('c')), step('c', then('a'))],
      [0, 1, 2],
    ],
    ['into a circle', [step('a', then('b')), step('b', then('b'))], [1]],
  ])('does not lead %s', (_, ladder, at) => {
    const code = ladder.some(({ key }) => key === ladder[0]?.repeat?.otherwise)
      ? 'cycle'
      : 'not_found';
    expect(ofLadder(...ladder)).toEqual(at.map((n) => `${inLadder}/${n}/repeat/otherwise ${code}`));
  });

  it('names teams and people that are there', () => {
    const actions: Step['actions'] = [
      { action: 'reassign', teamId: 'x' },
      { action: 'notify', to: ['team', { userId: 'mia' }, { userId: 'x' }] },
    ];
    expect(ofLadder(step('75', { actions }))).toEqual([
      `${inLadder}/0/actions/0/teamId not_found`,
      `${inLadder}/0/actions/1/to/2/userId not_found`,
    ]);
  });

  it('does only what its process offers', () => {
    const ladder = [step('75', { actions: [{ action: 'escalate' }, { action: 'declareMajor' }] })];
    const rules = [rule('All', { targets: [target({ ladder })] })];
    expect(issues(rules, { process: { ...incident, ladder: ['notify', 'escalate'] } })).toEqual([
      `${inLadder}/0/actions/1/action invalid`,
    ]);
  });
});

it('what a policy names is found wherever it stands', () => {
  const actions: Step['actions'] = [
    { action: 'reassign', teamId: 'desk' },
    { action: 'notify', to: ['managers', { userId: 'mia' }] },
  ];
  const targets = [target({ kind: 'OLA', teamId: 'network', ladder: [step('75', { actions })] })];
  expect(namedIn({ rules: [rule('All', { targets })] })).toEqual({
    calendarIds: ['always'],
    teamIds: ['network', 'desk'],
    userIds: ['mia'],
  });
});
