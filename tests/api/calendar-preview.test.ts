/** Trying a calendar before it counts: questions, answers, and what has none. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';
import { said } from './problem';

const Made = z.object({ id: z.string() });
const Answers = z.object({ answers: z.array(z.looseObject({})) });

/** As in the specification. */
const calendar = {
  timezone: 'Europe/Berlin',
  weekly: { mon: [['09:00', '17:00']], thu: [['09:00', '17:00']], fri: [['09:00', '17:00']] },
  holidays: ['2026-12-25'],
  yearlyHolidays: ['12-31'],
  overrides: { '2026-12-24': [['09:00', '12:00']] },
  breaks: { '2026-12-24': [['10:00', '10:15']] },
  closures: [['2026-12-24T10:30:00Z', '2026-12-24T11:00:00Z']],
};
const questions = [
  { kind: 'add', from: '2026-12-24T08:00:00Z', workingSeconds: 2.25 * 3600 + 0.5 },
  { kind: 'add', from: '2026-12-28T10:00:00+01:00', workingSeconds: -7200 },
  { kind: 'between', from: '2026-12-24T00:00:00Z', to: '2026-12-28T00:00:00Z' },
  { kind: 'between', from: '2026-12-28T00:00:00Z', to: '2026-12-24T00:00:00Z' },
  { kind: 'isOpen', at: '2026-12-24T09:00:00.000Z' },
  { kind: 'isOpen', at: '2026-12-24T09:15:00.000Z' },
  { kind: 'nextOpen', at: '2026-12-24T09:05:00.000Z' },
  { kind: 'nextStart', at: '2026-12-24T08:00:00.000Z' },
  { kind: 'nextClose', at: '2026-12-24T08:00:00.000Z' },
  { kind: 'prevClose', at: '2026-12-25T08:00:00.000Z' },
  { kind: 'intervals', from: '2026-12-24T08:30:00Z', count: 3 },
];
const answers = [
  { dueAt: '2026-12-28T08:00:00.500Z' },
  { dueAt: '2026-12-24T09:30:00.000Z' },
  { workingSeconds: 2.25 * 3600 },
  { workingSeconds: -2.25 * 3600 },
  { isOpen: false },
  { isOpen: true },
  { at: '2026-12-24T09:15:00.000Z' },
  { at: '2026-12-24T09:15:00.000Z' },
  { at: '2026-12-24T09:00:00.000Z' },
  { at: '2026-12-24T10:30:00.000Z' },
  {
    intervals: [
      ['2026-12-24T08:30:00.000Z', '2026-12-24T09:00:00.000Z'],
      ['2026-12-24T09:15:00.000Z', '2026-12-24T10:30:00.000Z'],
      ['2026-12-28T08:00:00.000Z', '2026-12-28T16:00:00.000Z'],
    ],
  },
];

let world: World;
let user: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  user = await world.as('user');
});
afterAll(() => world.close());

const ask = (body: object) => user.post('/calendars/preview', body);

describe('questions', () => {
  it('to a calendar that is only thought of are answered in their order', async () => {
    const answer = await ask({ calendar, questions }).expect(200);
    expect(answer.body).toEqual({ answers });
  });

  it('to a stored one are answered as it is now', async () => {
    const admin = await world.as('admin');
    const made = await admin.post('/calendars', { name: 'Tried', definition: calendar });
    const { id } = Made.parse(made.body);
    const path = `/calendars/${id}/preview`;
    expect((await user.post(path, { questions }).expect(200)).body).toEqual({ answers });
    const definition = {
      ...calendar,
      weekly: {},
      overrides: { '2090-01-02': [['09:00', '17:00']] },
    };
    expect((await admin.patch(`/calendars/${id}`, { definition })).status).toBe(422);
    await admin
      .patch(`/calendars/${id}`, { definition: { ...calendar, holidays: [] } })
      .expect(200);
    const [first] = Answers.parse((await user.post(path, { questions })).body).answers;
    expect(first).toEqual({ dueAt: '2026-12-25T08:00:00.500Z' });
  });

  it('change nothing, however often they are asked', async () => {
    const count = () => world.rows('select count(*) from calendars');
    const before = await count();
    const key = { calendar, questions };
    const repeated = [await ask(key).set('idempotency-key', 'a-preview'), await ask(key)];
    expect(repeated.map(({ body }) => body as unknown)).toEqual([{ answers }, { answers }]);
    expect(await count()).toEqual(before);
  });

  it('may be a thousand, of five years each, in little time', async () => {
    const many = Array.from({ length: 1_000 }, (_, n) => {
      return { kind: 'add', from: '2026-01-05T08:00:00Z', workingSeconds: 5 * 52 * 24 * 3600 + n };
    });
    await ask({ calendar, questions: many.slice(0, 1) }).expect(200);
    const begun = performance.now();
    const answer = await ask({ calendar, questions: many }).expect(200);
    const tookMs = performance.now() - begun;
    const dues = Answers.parse(answer.body).answers.map(({ dueAt }) => String(dueAt));
    expect(new Set(dues).size).toBe(1_000);
    expect(dues).toEqual([...dues].sort());
    // A second is the promise; machines that are shared by tests are slow.
    expect(tookMs).toBeLessThan(3_000);
    expect(said(await ask({ calendar, questions: [...many, many[0]] }))).toEqual([
      ...[422, 'invalid_input', '/questions too_big'],
    ]);
  });
});

describe('what has no answer', () => {
  const add = { kind: 'add', from: '2026-12-24T08:00:00Z', workingSeconds: 60 };
  const isOpen = { kind: 'isOpen', at: '2026-12-24T08:00:00Z' };

  it('is refused with a pointer to the question', async () => {
    const closed = { timezone: 'UTC', weekly: {} };
    const answered = await ask({
      calendar: closed,
      questions: [isOpen, { ...isOpen, kind: 'nextOpen' }],
    });
    expect(answered.body).toEqual({ answers: [{ isOpen: false }, { at: null }] });
    expect(said(await ask({ calendar: closed, questions: [isOpen, isOpen, isOpen, add] }))).toEqual(
      [...[422, 'invalid_input', '/questions/3 never']],
    );
  });

  it.each([
    [{ kind: 'guess' }, '/questions/1/kind invalid_union'],
    [{ ...add, at: '2026-12-24T08:00:00Z' }, '/questions/1/at unknown_field'],
    [{ ...add, workingSeconds: '60' }, '/questions/1/workingSeconds invalid_type'],
    [{ ...add, workingSeconds: 1e12 }, '/questions/1/workingSeconds too_big'],
    [{ ...add, workingSeconds: 3.9e9 }, '/questions/1 too_big'],
    [{ kind: 'isOpen', at: '2026-12-24' }, '/questions/1/at invalid_format'],
    [{ kind: 'isOpen', at: '2026-02-30T00:00:00Z' }, '/questions/1/at invalid_format'],
    [{ kind: 'isOpen', at: '2500-01-01T00:00:00Z' }, '/questions/1/at invalid'],
    [{ kind: 'intervals', from: add.from, count: 1_001 }, '/questions/1/count too_big'],
    [{ kind: 'intervals', from: add.from, count: 0 }, '/questions/1/count too_small'],
    [{ kind: 'between', from: add.from }, '/questions/1/to required'],
  ])('is no question: %j', async (question, issue) => {
    const answer = await ask({ calendar, questions: [isOpen, question] });
    expect(said(answer)).toEqual([422, 'invalid_input', issue]);
  });

  it.each([
    [{ timezone: 'Mars/Olympus' }, '/calendar/timezone invalid'],
    [{ holidays: ['2027-02-29'] }, '/calendar/holidays/0 invalid_format'],
    [{ holidays: ['2027-02-28', '2027-02-28'] }, '/calendar/holidays/1 duplicate'],
    [
      {
        weekly: {
          mon: [
            ['09:00', '12:00'],
            ['11:00', '13:00'],
          ],
        },
      },
      '/calendar/weekly/mon/1 overlap',
    ],
    [{ hours: {} }, '/calendar/hours unknown_field'],
  ])('is no calendar: %j', async (change, issue) => {
    const answer = await ask({ calendar: { ...calendar, ...change }, questions: [isOpen] });
    expect(said(answer)).toEqual([422, 'invalid_input', issue]);
  });
});

it('the example of the manual is answered as the manual says', async () => {
  const manual = await readFile(join(__dirname, '../../docs/calendars.md'), 'utf8');
  const [asked, answered] = [...manual.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) =>
    z.looseObject({}).parse(JSON.parse(text)),
  );
  expect((await ask(asked ?? {}).expect(200)).body).toEqual(answered);
});
