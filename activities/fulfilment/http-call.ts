/** A task that calls another system, which sees the same Idempotency-Key at each attempt. */
import type { z } from 'zod';
import { call, type CallDeps } from '../../models/connections/call';
import { connectionNamed, type Connection } from '../../models/connections/rows';
import type { Reply } from '../../models/connections/send';
import { withoutAddress } from '../../models/connections/words';
import type { Database } from '../../models/database';
import { HopelessWork } from '../../models/fulfilment/hopeless-work';
import { HttpCall, type HttpAnswer } from '../../models/fulfilment/inputs';
import type { Seal } from '../../models/seal';
import type { Json } from '../../models/tickets/ticket';
import { taskActivity } from './scope';

export interface HttpCallDeps extends CallDeps {
  readonly database: Pick<Database, 'inOrganization'>;
  readonly seal: Seal;
}

type Answer = Omit<z.infer<typeof HttpAnswer>, 'body'> & { readonly body: Json };

export function httpActivities(deps: HttpCallDeps) {
  return {
    'http.call': taskActivity(HttpCall, async (input, { organizationId, idempotencyKey }) => {
      const { connection: name, ...wish } = input;
      const connection = await deps.database.inOrganization(organizationId, (tx) =>
        connectionNamed(tx, deps.seal, name),
      );
      if (!connection) throw new HopelessWork(`There is no connection ${name}`);
      if (!connection.isActive) throw new Error(`The connection ${name} is switched off`);
      const reply = await replyOf(deps, connection, { ...wish, idempotencyKey });
      if (reply.status >= 200 && reply.status <= 299) return answerOf(reply);
      throw failureOf(name, reply);
    }),
  };
}

async function replyOf(deps: CallDeps, connection: Connection, wish: Parameters<typeof call>[2]) {
  try {
    return await call(deps, connection, wish);
  } catch (error) {
    if (error instanceof HopelessWork) throw error;
    throw new Error(`${connection.name} gave no answer: ${withoutAddress(error)}`, {
      cause: error,
    });
  }
}

/** What was done is done, whatever it says of it. */
function answerOf({ status, text }: Reply): Answer {
  if (text === null) return { status, body: null, omitted: 'tooLong' };
  if (text.trim() === '') return { status, body: null, omitted: null };
  const body = parsed(text);
  return body === undefined
    ? { status, body: null, omitted: 'notJson' }
    : { status, body, omitted: null };
}

/** Statuses that ask to come again. */
const passing: readonly number[] = [408, 425, 429];

function failureOf(name: string, { status, text }: Reply): Error {
  const reason = reasonIn(text ?? '');
  const message = `${name} answered ${status}${reason === '' ? '' : `: ${reason}`}`;
  const isFinal = status >= 400 && status <= 499 && !passing.includes(status);
  return isFinal ? new HopelessWork(message) : new Error(message);
}

/** What an answer in JSON says of itself, in the usual members. */
function reasonIn(text: string): string {
  const body = parsed(text);
  if (typeof body !== 'object' || body === null) return '';
  const said = ['detail', 'message', 'error', 'title'].map((member): unknown =>
    Reflect.get(body, member),
  );
  const first: unknown = said.find((one) => typeof one === 'string');
  return typeof first === 'string' ? first.slice(0, 200) : '';
}

/** What PostgreSQL does not keep in JSON: the character 0, and halves of a character. */
const unstorable = /\\u0000|\\ud[89a-f][0-9a-f]{2}/i;

function parsed(text: string): Json | undefined {
  try {
    const body = JSON.parse(text) as Json;
    return unstorable.test(JSON.stringify(body)) ? undefined : body;
  } catch {
    // It is no JSON, which is what undefined means.
    return undefined;
  }
}
