/** A log that is told as incidents. */
import { z } from 'zod';
import { priorities } from '../../models/tickets/ticket';
import { placeOfOurs } from './place';
import { fieldCommands, nextMove, openingOf } from './plan';
import { placesOfFeed, wayThrough } from './sequence';
import type { Telling, Told } from './telling';

export const incidents: Telling = {
  path: '/incidents',
  toldIn,
  placeOf: ({ state, holdReason }) => placeOfOurs(state, holdReason),
  ...{ openingOf, fieldCommands, nextMove, wayThrough, placesOfFeed },
};

/** Just what the replay needs of an incident; the answer has more. */
const Incident = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  assignee: z.object({ id: z.string() }).nullable(),
  hold: z.object({ reason: z.string() }).nullable(),
  priorityOverride: z.object({ priority: z.enum(priorities) }).nullable(),
});

function toldIn(body: unknown): Told {
  const { id, number, state, assignee, hold, priorityOverride } = Incident.parse(body);
  const seen = {
    state,
    holdReason: hold?.reason ?? null,
    hasAssignee: assignee !== null,
    override: priorityOverride?.priority ?? null,
    isMajor: false,
    owesReview: false,
  };
  return { id, number, seen };
}
