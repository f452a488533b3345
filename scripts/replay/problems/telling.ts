/** A log that is told as problems. */
import { z } from 'zod';
import { isOwed, ReviewShape } from '../../../workflows/review';
import type { Telling, Told } from '../telling';
import { placeOfProblem } from './place';
import { fieldCommands, nextMove, openingOf } from './plan';
import { placesOfFeed, wayThrough } from './sequence';

export const problems: Telling = {
  path: '/problems',
  toldIn,
  placeOf: placeOfProblem,
  ...{ openingOf, fieldCommands, nextMove, wayThrough, placesOfFeed },
};

/** Just what the replay needs of a problem; the answer has more. */
const Problem = z.object({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  assignee: z.object({ id: z.string() }).nullable(),
  major: z.object({ reason: z.string() }).nullable(),
  review: ReviewShape.nullable(),
});

function toldIn(body: unknown): Told {
  const { id, number, state, assignee, major, review } = Problem.parse(body);
  const seen = {
    ...{ state, holdReason: null, hasAssignee: assignee !== null, override: null },
    ...{ isMajor: major !== null, owesReview: isOwed(review) },
  };
  return { id, number, seen };
}
