/** Trying a calendar before it counts: one that is stored, or one that is only thought of. */
import { z } from 'zod';
import { toInstant } from '../../models/instant';
import { readCalendar } from '../../models/sla/calendar.schema';
import { answersTo, mostIntervals, type Question } from '../../models/sla/preview';
import { Moment } from '../http/input/fields';
import type { ListSources } from '../http/list/readable';
import { read } from '../http/resource/resource';
import { defineRoute, type Route } from '../http/route';
import { Definition } from './definition';
import { calendars } from './resource';

const mostQuestions = 1_000;
const mostSeconds = 4_000_000_000;

const At = Moment.refine((text) => /^(19[7-9]|20|2100)/.test(text), {
  message: 'is not in the years 1970 to 2100',
});
const Question = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('add'),
      from: At,
      workingSeconds: z
        .number()
        .min(-mostSeconds)
        .max(mostSeconds)
        .describe('Counted to the millisecond; negative goes back.'),
    }),
    z.strictObject({ kind: z.literal('between'), from: At, to: At }),
    z.strictObject({ kind: z.literal('isOpen'), at: At }),
    z.strictObject({ kind: z.literal('nextOpen'), at: At }),
    z.strictObject({ kind: z.literal('nextStart'), at: At }),
    z.strictObject({ kind: z.literal('nextClose'), at: At }),
    z.strictObject({ kind: z.literal('prevClose'), at: At }),
    z.strictObject({
      kind: z.literal('intervals'),
      from: At,
      count: z
        .int()
        .min(1)
        .max(1_000)
        .describe(`At most ${mostIntervals} in all questions together.`),
    }),
  ])
  .meta({ id: 'CalendarQuestion' });

const questions = z.array(Question).max(mostQuestions);
const instant = z.iso.datetime();

const Answers = z
  .object({
    answers: z
      .array(
        z.union([
          z.object({ dueAt: instant }).describe('To `add`.'),
          z
            .object({ workingSeconds: z.number() })
            .describe('To `between`; negative when they are reversed.'),
          z
            .object({ isOpen: z.boolean() })
            .describe('To `isOpen`: the opening is, the closing is not.'),
          z
            .object({ at: instant.nullable() })
            .describe(
              'To `nextOpen` (the first working instant at or after), `nextStart` (the first opening ' +
                'strictly after), `nextClose` (the next closing strictly after) and `prevClose` (the last ' +
                'working instant at or before); null: none in ten years.',
            ),
          z
            .object({ intervals: z.array(z.tuple([instant, instant])) })
            .describe(
              'To `intervals`: the next ones, cut at `from`; fewer when it opens no more. One that does ' +
                'not close for ten years is cut there and is the last.',
            ),
        ]),
      )
      .describe('One to each question, in their order.'),
  })
  .meta({ id: 'CalendarAnswers' });

const facts = {
  method: 'post',
  tag: 'Catalogue',
  access: 'signedIn',
  description:
    'Nothing is changed. A question that has no answer, as the calendar does not open for ten years or it ' +
    'reaches too far, is refused with a pointer to it.',
  reply: { status: 200, description: 'An answer to each question.', body: Answers },
} as const;

export function previewRoutes({ database }: ListSources): Route[] {
  return [
    defineRoute({
      ...facts,
      path: '/calendars/preview',
      summary: 'Try a calendar that is not there yet.',
      body: z.strictObject({ calendar: Definition, questions }).meta({ id: 'TryCalendar' }),
      handle: ({ body }) => {
        const calendar = readCalendar(body.calendar, '/calendar');
        return Promise.resolve({ body: { answers: answersTo(calendar, asked(body.questions)) } });
      },
    }),
    defineRoute({
      ...facts,
      path: '/calendars/{id}/preview',
      summary: 'Try a calendar as it is now.',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ questions }).meta({ id: 'AskCalendar' }),
      handle: async ({ actor, params: { id }, body }) => {
        const { definition } = await database.inOrganization(actor.organizationId, (tx) =>
          read(tx, calendars, id),
        );
        return { body: { answers: answersTo(definition, asked(body.questions)) } };
      },
    }),
  ];
}

/** With their instants in UTC. */
function asked(given: readonly z.infer<typeof Question>[]): Question[] {
  return given.map((question): Question => {
    if (question.kind === 'add' || question.kind === 'intervals')
      return { ...question, from: utc(question.from) };
    if (question.kind === 'between')
      return { ...question, from: utc(question.from), to: utc(question.to) };
    return { ...question, at: utc(question.at) };
  });
}

function utc(moment: string): string {
  return toInstant(new Date(moment));
}
