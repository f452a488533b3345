/** Safe repeats: the same Idempotency-Key and request get the same answer, and the work is done once. */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { v5 as uuidv5 } from 'uuid';
import { Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import type { Person } from '../../models/users/actor';
import type { Answer } from './output/answer';
import { problems } from './errors';

/** Who asks for what under which key. */
export interface Claim {
  readonly organizationId: string;
  readonly actorId: string;
  readonly key: string;
  /** SHA-256 of method, address and body. */
  readonly requestHash: string;
  readonly commandId: string;
}

/** What is known of a key when a request with it arrives. */
export type Receipt =
  /** Ours to do; a dead process's lease that ran out is ours, too. */
  | { readonly kind: 'ours'; readonly receivedAt: Instant }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'running'; readonly retryAfterSeconds: number }
  | { readonly kind: 'mismatch' };

export interface IdempotencyStore {
  begin(claim: Claim): Promise<Receipt>;
  /** Keeps the answer for every repeat. */
  keep(claim: Claim, answer: Answer): Promise<void>;
  /** Ends the lease without an answer: the next repeat does the work again. */
  release(claim: Claim): Promise<void>;
}

const namespace = 'b5a0c4de-6c7e-5e0b-9f0e-6a1d3c1f7a52';
const keyForm = /^[\x21-\x7e]{1,255}$/;

/** The key of a request; throws invalid_request when it is not 1 to 255 visible ASCII characters. */
export function idempotencyKeyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (keyForm.test(header)) return header;
  throw new Refusal(
    'invalid_request',
    'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.',
  );
}

/** The identity of the command: the same in every process and for every repeat. */
export function commandIdOf(actor: Pick<Person, 'organizationId' | 'id'>, key: string): string {
  return uuidv5(`${actor.organizationId}/${actor.id}/${key}`, namespace);
}

/** The order of members in the body makes no difference. */
export function requestHashOf(method: string, url: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, sorted(body)]))
    .digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, inner]) => [key, sorted(inner)] as const);
  return Object.fromEntries(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export interface Repeatable {
  readonly store: IdempotencyStore;
  readonly claim: Claim;
  readonly log: Logger;
  /** A refusal as the answer that its caller gets. */
  readonly present: (refusal: Refusal) => Answer;
}

/** Runs the work, or finds its answer. Throws idempotency_mismatch and idempotency_in_progress. */
export async function answerOnce(
  repeatable: Repeatable,
  work: (receivedAt: Instant) => Promise<Answer>,
): Promise<Answer> {
  const receipt = await repeatable.store.begin(repeatable.claim);
  switch (receipt.kind) {
    case 'answered':
      return {
        ...receipt.answer,
        headers: { ...receipt.answer.headers, 'Idempotency-Replayed': 'true' },
      };
    case 'mismatch':
      throw new Refusal(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another address or body; use a new one.',
      );
    case 'running':
      throw new Refusal('idempotency_in_progress', 'The same request is still running.', {
        retryAfterSeconds: receipt.retryAfterSeconds,
      });
    case 'ours':
      return settle(repeatable, () => work(receipt.receivedAt));
  }
}

/** Whoever is sent to prove who they are comes back with the same key: that is no answer to keep. */
async function settle(repeatable: Repeatable, work: () => Promise<Answer>): Promise<Answer> {
  const answer = await work().catch(async (error: unknown) => {
    const isAnswer = error instanceof Refusal && error.code !== 'step_up_required';
    await conclude(repeatable, isAnswer ? repeatable.present(error) : undefined);
    throw error;
  });
  await conclude(repeatable, answer);
  return answer;
}

/** The work is done either way: what cannot be kept now is done again by a repeat, which is safe. */
async function conclude(repeatable: Repeatable, answer: Answer | undefined): Promise<void> {
  const { store, claim, log } = repeatable;
  try {
    if (answer !== undefined && isFinal(answer.status)) await store.keep(claim, answer);
    else await store.release(claim);
  } catch (error) {
    log.warn({ err: error, commandId: claim.commandId }, 'the answer could not be kept');
  }
}

/** Not decided yet, too busy and failed are no answers for ever. */
function isFinal(status: number): boolean {
  return status !== 202 && status !== problems.rate_limited.status && status < 500;
}
