/** Ids that follow from what caused them: made again after a crash, they are the same. */
import { v5 } from 'uuid';

const namespace = '4d6b1a36-9a0e-5c58-8a3b-6f1f5b1a7c21';

/** The id of what a fact made on a ticket: a comment, a follow-up, a message. */
export function idFrom(ticketId: string, cause: string, what: string): string {
  return v5(`${ticketId}/${cause}/${what}`, namespace);
}

/** The ticket that a fact gives birth to as its `k`th, counted from 0. */
export function birthIdOf(ticketId: string, cause: string, k: number): string {
  return idFrom(ticketId, cause, `birth/${k}`);
}

/** The comment that a fact leaves; a fact leaves at most one. */
export function commentIdOf(ticketId: string, cause: string): string {
  return idFrom(ticketId, cause, 'comment');
}

/** The attachment that a fact leaves; a fact leaves at most one. */
export function attachmentIdOf(ticketId: string, cause: string): string {
  return idFrom(ticketId, cause, 'attachment');
}

/** The message that a fact owes as its `k`th, counted from 0. */
export function messageIdOf(ticketId: string, cause: string, k: number): string {
  return idFrom(ticketId, cause, `message/${k}`);
}
