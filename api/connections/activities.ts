/** What automatic tasks may run, for whoever designs them: the same for every organization. */
import { z } from 'zod';
import { activities, activityNames, type Activity } from '../../models/fulfilment/activities';
import { defineRoute, type Route } from '../http/route';

const Schema = z.record(z.string(), z.json());

const FulfilmentActivity = z
  .object({
    name: z.enum(activityNames),
    title: z.string(),
    description: z.string(),
    input: Schema.describe('JSON Schema 2020-12.'),
    result: Schema.describe('JSON Schema 2020-12.'),
    undoneBy: z
      .object({
        activity: z.enum(activityNames),
        keeps: z.array(z.string()).describe('Fields of the input that it takes over.'),
        resultAs: z.string().describe('Its field for the result of the task.'),
      })
      .nullable()
      .describe('Null: nothing of itself; a task may name what undoes it.'),
  })
  .meta({ id: 'FulfilmentActivity' });

export function activityRoute(): Route {
  return defineRoute({
    method: 'get',
    path: '/fulfilment-activities',
    tag: 'Catalogue',
    access: 'signedIn',
    ifMatch: false,
    summary: 'What automatic tasks may run.',
    reply: {
      status: 200,
      description: 'All of them.',
      body: z.object({ data: z.array(FulfilmentActivity) }),
    },
    handle: () => Promise.resolve({ body: { data: activities.map(shown) } }),
  });
}

function shown({ input, result, ...activity }: Activity): z.infer<typeof FulfilmentActivity> {
  return FulfilmentActivity.parse({
    ...activity,
    input: z.toJSONSchema(input, { io: 'input' }),
    result: z.toJSONSchema(result),
  });
}
