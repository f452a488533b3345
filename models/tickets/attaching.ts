/** Facts that every process has about files: one is added to a ticket, or taken away from it. */
import type { Attached, Detached } from './attachment';
import { next } from './next';
import type { Rule } from './rules';
import type { Ticket } from './ticket';

type Details = Ticket['details'];

const attached: Rule<Details, Attached> = (ticket, { input }) => {
  const { id, name, mediaType, bytes, sha256, isPublic, commentId } = input;
  const data = {
    attachmentId: id,
    name,
    mediaType,
    bytes,
    sha256,
    ...(commentId && { commentId }),
  };
  return next(ticket)
    .attach({ did: 'attached', attachment: input })
    .event('attached', data, isPublic ? 'public' : 'internal');
};

const detached: Rule<Details, Detached> = (ticket, { input }) => {
  const { id, name, bytes, sha256, isPublic } = input;
  const data = { attachmentId: id, name, bytes, sha256 };
  return next(ticket)
    .attach({ did: 'detached', attachment: { id } })
    .event('detached', data, isPublic ? 'public' : 'internal');
};

export const attachingRules = { attached, detached };
