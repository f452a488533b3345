import type { z } from 'zod';
import { anOpening, later, people, teams } from '../../tests/factories';
import { incidentInputs, longestText } from './inputs';

const { open, commands } = incidentInputs;

function issuesOf(schema: z.ZodType, input: unknown) {
  const { error } = schema.safeParse(input);
  return error?.issues.map(({ path, code }) => `/${path.join('/')} ${code}`) ?? [];
}

const valid: Record<keyof typeof commands, object> = {
  assign: { assigneeId: people.agent.id },
  start: {},
  hold: { reason: 'vendor' },
  resume: {},
  prioritize: { impact: 'high' },
  classify: { categoryId: null },
  escalate: { kind: 'functional', teamId: teams.network },
  deescalate: {},
  acknowledge: {},
  declareMajor: { reason: 'All sites.' },
  standDownMajor: {},
  coordinate: { coordinatorId: people.colleague.id },
  postUpdate: { body: 'The line is being repaired.' },
  reviewMajor: { findings: 'There was one line only.' },
  resolve: { code: 'solved', notes: 'Restarted.' },
  reopen: { reason: 'Again.' },
  close: {},
  cancel: { reason: 'Sent twice.' },
};
const each = Object.entries(commands).map(([name, schema]): [string, z.ZodType, object] => [
  name,
  schema,
  Object.entries(valid).find(([known]) => known === name)?.[1] ?? {},
]);

describe('the input of every command', () => {
  it.each(each)('%s takes what it needs', (_, schema, input) => {
    expect(issuesOf(schema, input)).toEqual([]);
  });

  it.each(each)('%s refuses an unknown field', (_, schema, input) => {
    expect(issuesOf(schema, { ...input, surprise: true })).toContain('/ unrecognized_keys');
  });

  it.each(each)('%s refuses what is no object', (_, schema) => {
    for (const rubbish of [null, undefined, 'x', 7, [], true]) {
      expect(issuesOf(schema, rubbish)).not.toEqual([]);
    }
  });

  it.each(
    each.flatMap(([name, schema, input]) =>
      Object.keys(input).map((field): [string, string, z.ZodType, object] => [
        name,
        field,
        schema,
        input,
      ]),
    ),
  )('%s refuses a %s of the wrong type', (_, field, schema, input) => {
    for (const wrong of [7, { deep: true }, ['a']]) {
      expect(issuesOf(schema, { ...input, [field]: wrong })).not.toEqual([]);
    }
  });
});

describe('opening', () => {
  const opening = anOpening();

  it('takes title, description, impact and urgency, and fills in the rest', () => {
    const { title, description, impact, urgency } = opening;
    expect(open.parse({ title, description, impact, urgency })).toEqual({
      ...opening,
      channel: 'api',
    });
  });

  it.each(['title', 'description', 'impact', 'urgency'])('needs a %s', (field) => {
    expect(issuesOf(open, { ...opening, [field]: undefined })).toEqual([
      expect.stringMatching(`^/${field} `),
    ]);
  });

  it('refuses a description of 2 MB, and one of blanks', () => {
    const tooLong = 'x'.repeat(2 * 1024 * 1024);
    expect(issuesOf(open, { ...opening, description: tooLong })).toEqual(['/description too_big']);
    expect(issuesOf(open, { ...opening, description: '  \n ' })).toEqual([
      '/description too_small',
    ]);
  });

  it('takes a description that is just short enough', () => {
    const description = 'x'.repeat(longestText);
    expect(issuesOf(open, { ...opening, description })).toEqual([]);
    expect(issuesOf(open, { ...opening, description: `${description}x` })).toHaveLength(1);
  });

  it('reports everything that is wrong at once', () => {
    const wrong = { ...opening, title: '', impact: 'huge', serviceId: 'mail', surprise: 1 };
    expect(issuesOf(open, wrong).sort()).toEqual([
      '/ unrecognized_keys',
      '/impact invalid_value',
      '/serviceId invalid_format',
      '/title too_small',
    ]);
  });

  it.each(['portal', 'phone', 'email', 'chat', 'walkIn', 'monitoring', 'api', 'import'])(
    'takes the channel %s',
    (channel) => {
      expect(issuesOf(open, { ...opening, channel })).toEqual([]);
    },
  );

  it('refuses another channel', () => {
    expect(issuesOf(open, { ...opening, channel: 'fax' })).toEqual(['/channel invalid_value']);
  });
});

describe('commands that need one thing or another', () => {
  it.each([
    ['assign', {}],
    ['classify', {}],
    ['prioritize', {}],
    ['prioritize', { reason: 'Because.' }],
  ] as const)('%s refuses %j', (name, input) => {
    expect(issuesOf(commands[name], input)).toEqual(['/ custom']);
  });

  it('assign takes null for nobody', () => {
    expect(issuesOf(commands.assign, { teamId: null, assigneeId: null })).toEqual([]);
  });

  it('an override needs a reason, taking it back does not', () => {
    expect(issuesOf(commands.prioritize, { override: 'P1' })).toEqual(['/reason custom']);
    expect(issuesOf(commands.prioritize, { override: 'P1', reason: 'Board.' })).toEqual([]);
    expect(issuesOf(commands.prioritize, { override: null })).toEqual([]);
  });

  it.each([
    [{ kind: 'hierarchical' }, '/reason invalid_type'],
    [{ kind: 'functional' }, '/teamId invalid_type'],
    [{ kind: 'sideways' }, '/kind invalid_union'],
    [{ kind: 'hierarchical', reason: 'x', level: 0 }, '/level too_small'],
    [{ kind: 'hierarchical', reason: 'x', level: 1.5 }, '/level invalid_type'],
    [{ kind: 'hierarchical', reason: 'x', teamId: teams.desk }, '/ unrecognized_keys'],
  ])('escalate refuses %j', (input, issue) => {
    expect(issuesOf(commands.escalate, input)).toEqual([issue]);
  });

  it.each(['declareMajor', 'reopen', 'cancel'] as const)('%s needs a reason', (name) => {
    expect(issuesOf(commands[name], {})).toEqual(['/reason invalid_type']);
    expect(issuesOf(commands[name], { reason: ' ' })).toEqual(['/reason too_small']);
  });

  it('resolve needs code and notes', () => {
    expect(issuesOf(commands.resolve, {})).toEqual(['/code invalid_type', '/notes invalid_type']);
  });
});

describe('hold', () => {
  const scheduled = (until: unknown) => issuesOf(commands.hold, { reason: 'scheduled', until });

  it('until a time needs the time, with a zone', () => {
    expect(issuesOf(commands.hold, { reason: 'scheduled' })).toEqual(['/until invalid_type']);
    expect(scheduled('2026-03-03T10:00:00')).toEqual(['/until invalid_format']);
    expect(scheduled('tomorrow')).toEqual(['/until invalid_format']);
    expect(scheduled('2026-02-30T10:00:00Z')).toEqual(['/until invalid_format']);
  });

  it.each([later({ days: 1 }), '2026-03-03T10:00:00Z', '2026-03-03T10:00:00+01:00'])(
    'takes %s',
    (until) => {
      expect(scheduled(until)).toEqual([]);
    },
  );

  it('carries a comment for the customer only, a time when scheduled only', () => {
    const { hold } = commands;
    expect(issuesOf(hold, { reason: 'customer', comment: 'Which one?' })).toEqual([]);
    expect(issuesOf(hold, { reason: 'vendor', comment: 'Hm.' })).toEqual(['/ unrecognized_keys']);
    expect(issuesOf(hold, { reason: 'vendor', until: later({ days: 1 }) })).toEqual([
      '/ unrecognized_keys',
    ]);
    expect(issuesOf(hold, { reason: 'lunch' })).toEqual(['/reason invalid_union']);
  });
});
