/** What may come to a ticket from outside, checked by the process's own schemas. */
import type { z } from 'zod';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { kernelFacts, type Fact } from '../../models/tickets/fact';
import type { Process } from '../../models/tickets/rules';
import { textRules } from '../../models/tickets/texts';

/** Facts that a life itself makes; nobody outside may send them. */
const ownFacts: ReadonlySet<string> = new Set([
  kernelFacts.due,
  kernelFacts.workDone,
  kernelFacts.workFailed,
  'cancelRequested',
]);

/** The parsed input of a fact; throws a Refusal when there is no such fact or its input is wrong. */
export function inputOf(process: Process, fact: Fact, isOwed: boolean): unknown {
  if (fact.via === 'engine' && ownFacts.has(fact.name)) return fact.input;
  const schema = schemaOf(process, fact);
  if (schema) return parsed(schema, fact);
  // What the outbox owed was checked by the rule that owed it.
  if (isOwed && (fact.name === 'commented' || fact.name in textRules)) return fact.input;
  throw new Refusal('not_found', `A ${process.declaration.type} knows no ${fact.name}.`);
}

function schemaOf({ inputs }: Process, { name, via }: Fact): z.ZodType | undefined {
  return via === 'signal' ? inputs.signals[name] : (inputs.commands[name] ?? inputs.signals[name]);
}

function parsed(schema: z.ZodType, fact: Fact): unknown {
  const result = schema.safeParse(fact.input);
  if (result.success) return result.data;
  throw new Refusal('invalid_input', `The input of ${fact.name} is not usable.`, {
    errors: result.error.issues.map((issue) => ({
      pointer: `/${issue.path.join('/')}`,
      detail: issue.message,
      code: issue.code,
    })),
  });
}

/**
 * What the service itself wrote into the outbox under this cause. A signal with a cause that is not
 * there was made by hand: nobody vouches for who it says it is from.
 */
export async function owedPayload(
  database: Database,
  organizationId: string,
  ticketId: string,
  cause: string,
): Promise<Partial<Fact> | undefined> {
  const [row] = await database.inOrganization(organizationId, (tx) =>
    tx.rows<{ payload: Partial<Fact> }>(
      `select payload from engine_outbox where organization_id = $1 and ticket_id = $2 and id = $3`,
      [organizationId, ticketId, cause],
    ),
  );
  return row?.payload;
}
