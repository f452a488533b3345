import { issuesOf, wording } from '../../../api/http/input/issues';
import { defaultPolicy } from './default';
import { PolicyRules } from './schema';

const id = '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11';
const target = (more: object = {}) => ({
  ...{ id: 'response', kind: 'SLA', metric: 'firstResponse', targetSeconds: 900 },
  calendar: { calendarId: id },
  ...more,
});
const rules = (more: object = {}, ruled: object = {}) => [
  { name: 'All', targets: [target(more)], ...ruled },
];
const step = (more: object) => ({
  ladder: [{ key: '75', actions: [{ action: 'escalate' }], ...more }],
});
const repeat = (more: object) => step({ repeat: { everyMinutes: 5, times: 3, ...more } });

function issues(input: unknown): string[] {
  const read = PolicyRules.safeParse(input, wording);
  return read.success ? [] : issuesOf(read.error).map(({ pointer, code }) => `${pointer} ${code}`);
}

describe('rules of a policy', () => {
  it.each<[string, unknown]>([
    ['those of the first day', defaultPolicy({ roundTheClock: id, business: id }).rules],
    ['one that promises nothing', [{ name: 'Imports', when: 'channel==import', targets: [] }]],
    ['by priority', rules({ targetSeconds: { P1: 60, P5: 5 * 365 * 86_400 } })],
    ['no ladder at all', rules({ ladder: [] })],
    [
      'all that a target takes',
      rules({
        ...{ startWhen: 'state==new', pauseWhile: 'state==onHold', stopWhen: 'isResolved==true' },
        ...{ counts: 'fromPromise', onChange: 'restart', kind: 'OLA', teamId: id },
      }),
    ],
    [
      'steps at any kind of time',
      rules({
        ladder: [
          {
            key: '75',
            at: { percent: 75 },
            actions: [{ action: 'notify', to: ['holder', { userId: id }] }],
          },
          {
            key: 'an-hour-before',
            at: { workingSeconds: -3600 },
            actions: [{ action: 'raisePriority' }],
          },
          {
            key: 'late',
            at: { seconds: 60 },
            actions: [{ action: 'reassign', teamId: id }],
            repeat: { everyMinutes: 10_080, times: 100, otherwise: '75' },
          },
        ],
      }),
    ],
    ['waiting', rules({}, { waiting: { remindAfterHours: [24, 48], resolveAfterDays: 5 } })],
  ])('take %s', (_, input) => {
    expect(issues(input)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['no rule', [], [' too_small']],
    [
      '51 rules',
      Array.from({ length: 51 }, (_, n) => ({ name: `${n}`, targets: [] })),
      [' too_big'],
    ],
    ['21 targets', rules({}, { targets: Array(21).fill(target()) }), ['/0/targets too_big']],
    [
      '21 steps',
      rules({ ladder: Array(21).fill(step({}).ladder[0]) }),
      ['/0/targets/0/ladder too_big'],
    ],
    ['an unknown field', rules({}, { colour: 'red' }), ['/0/colour unknown_field']],
    ['an unknown field of a target', rules({ due: 1 }), ['/0/targets/0/due unknown_field']],
    ['no name', [{ targets: [] }], ['/0/name required']],
    ['no calendar', rules({ calendar: undefined }), ['/0/targets/0/calendar required']],
    ['a target of nothing', rules({ targetSeconds: 0 }), ['/0/targets/0/targetSeconds too_small']],
    [
      'more than five years',
      rules({ targetSeconds: 160_000_000 }),
      ['/0/targets/0/targetSeconds too_big'],
    ],
    [
      'nothing at a priority',
      rules({ targetSeconds: { P1: 0 } }),
      ['/0/targets/0/targetSeconds/P1 too_small'],
    ],
    [
      'an unknown priority',
      rules({ targetSeconds: { P9: 5 } }),
      ['/0/targets/0/targetSeconds/P9 unknown_field', '/0/targets/0/targetSeconds invalid'],
    ],
    ['no priority', rules({ targetSeconds: {} }), ['/0/targets/0/targetSeconds invalid']],
    ['an id with dots', rules({ id: 'a.b' }), ['/0/targets/0/id invalid_format']],
    ['an empty condition', rules({}, { when: ' ' }), ['/0/when too_small']],
    [
      'a step called by capitals',
      rules(step({ key: 'Late' })),
      ['/0/targets/0/ladder/0/key invalid_format'],
    ],
    [
      'an unknown action',
      rules(step({ actions: [{ action: 'explode' }] })),
      ['/0/targets/0/ladder/0/actions/0/action invalid_union'],
    ],
    ['no action', rules(step({ actions: [] })), ['/0/targets/0/ladder/0/actions too_small']],
    [
      'two times',
      rules(step({ at: { percent: 5, seconds: 5 } })),
      ['/0/targets/0/ladder/0/at/seconds unknown_field'],
    ],
    [
      'a repeat at no distance',
      rules(repeat({ everyMinutes: 0 })),
      ['/0/targets/0/ladder/0/repeat/everyMinutes too_small'],
    ],
    [
      'a repeat after more than a week',
      rules(repeat({ everyMinutes: 10_081 })),
      ['/0/targets/0/ladder/0/repeat/everyMinutes too_big'],
    ],
    ['no repeat', rules(repeat({ times: 0 })), ['/0/targets/0/ladder/0/repeat/times too_small']],
    [
      'a repeat 101 times',
      rules(repeat({ times: 101 })),
      ['/0/targets/0/ladder/0/repeat/times too_big'],
    ],
    [
      'a reminder in the past',
      rules({}, { waiting: { remindAfterHours: [-1] } }),
      ['/0/waiting/remindAfterHours/0 too_small'],
    ],
  ])('refuse %s', (_, input, expected) => {
    expect(issues(input)).toEqual(expected);
  });
});
