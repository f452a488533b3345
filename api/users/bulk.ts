/** One act on the accounts of many, each by itself: what one is refused does not hold up the others. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import type { By } from '../http/request';
import { defineRoute, type Route } from '../http/route';
import { accountActNames, type AccountActs } from './acts';

const mostIds = 200;

const Body = z.strictObject({
  ids: z.array(z.uuid()).min(1).max(mostIds),
  action: z.enum(accountActNames),
});

const Reply = z
  .object({
    data: z.array(
      z.object({
        id: z.uuid(),
        outcome: z.enum(['done', 'refused']),
        error: z
          .object({ code: z.string(), detail: z.string() })
          .nullable()
          .describe('Why it is refused, as the single action would say it.'),
      }),
    ),
  })
  .meta({ id: 'PeopleBulk' });

export function bulkRoute(acts: AccountActs): Route {
  return defineRoute({
    method: 'post',
    path: '/users/actions/bulk',
    tag: 'People',
    access: 'user:manage',
    summary: 'End, open or unlock the accounts of many people.',
    description: 'Each by itself, in the order of the ids; an id that is there twice counts once.',
    body: Body,
    reply: { status: 200, description: 'What became of each.', body: Reply },
    handle: async ({ actor, body: { ids, action }, request }) => {
      const data = [];
      for (const id of new Set(ids))
        data.push(await outcomeOf(acts[action], { actor, request }, id));
      return { body: { data } };
    },
  });
}

async function outcomeOf(act: (by: By, id: string) => Promise<object>, by: By, id: string) {
  try {
    await act(by, id);
    return { id, outcome: 'done', error: null } as const;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { code, message: detail } = error;
    return { id, outcome: 'refused', error: { code, detail } } as const;
  }
}
