/** What may come to a ticket from outside, checked by the process's own schemas. */
import type { z } from 'zod';
import type { Database } from '../../models/database';
import { Refusal } from '../../models/errors';
import { kernelFacts, type Fact, type Outcome } from '../../models/tickets/fact';
import { recordedOutcome } from '../../models/tickets/kernel/outcome';
import { isLinkFact } from '../../models/tickets/linking';
import type { Process } from '../../models/tickets/rules';
import { textRules } from '../../models/tickets/texts';
import type { StepRequest } from '../../workflows/life/wire';

/** Facts that a life itself makes; nobody outside may send them. */
const ownFacts: ReadonlySet<string> = new Set([
  kernelFacts.due,
  kernelFacts.workDone,
  kernelFacts.workFailed,
  'cancelRequested',
]);

/** Facts of every process that only the outbox brings, beside those on texts. */
const owedFacts: ReadonlySet<string> = new Set(['commented', 'released']);

/** The parsed input of a fact; throws a Refusal when there is no such fact or its input is wrong. */
export function inputOf(process: Process, fact: Fact, isOwed: boolean): unknown {
  if (fact.via === 'engine' && ownFacts.has(fact.name)) return fact.input;
  if (!isOwed && process.declaration.signals[fact.name]?.by === 'lives')
    throw new Refusal('forbidden', `${fact.name} is a word of other lives.`);
  const schema = schemaOf(process, fact);
  if (schema) return parsed(schema, fact);
  // What the outbox owed was checked by whoever owed it.
  const isKernels = Object.hasOwn(textRules, fact.name) || isLinkFact(fact.name);
  if (isOwed && (owedFacts.has(fact.name) || isKernels)) return fact.input;
  throw new Refusal('not_found', `A ${process.declaration.type} knows no ${fact.name}.`);
}

function schemaOf({ inputs }: Process, { name, via }: Fact): z.ZodType | undefined {
  // A name typed by hand may be one that every object has, such as `constructor`.
  const own = (of: Readonly<Record<string, z.ZodType>>) =>
    Object.hasOwn(of, name) ? of[name] : undefined;
  return via === 'signal' ? own(inputs.signals) : (own(inputs.commands) ?? own(inputs.signals));
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

/** Where a signal comes from, as far as its cause tells. */
export interface Origin {
  /** What the service itself wrote into the outbox under this cause. */
  readonly owed?: Partial<Fact>;
  /** What became of it when it came before; its row in the outbox may be gone since. */
  readonly known?: Outcome;
}

/**
 * Looks up the cause of a signal. One that is neither owed nor known was made by hand: nobody vouches
 * for who it says it is from, nor for its cause.
 */
export async function originOf(
  database: Database,
  { organizationId, ticketId, fact: { via, cause } }: StepRequest,
): Promise<Origin> {
  if (via !== 'signal' || cause === undefined) return {};
  return database.inOrganization(organizationId, async (tx) => {
    const [row] = await tx.rows<{ payload: Partial<Fact> }>(
      `select payload from engine_outbox where organization_id = $1 and ticket_id = $2 and id = $3`,
      [organizationId, ticketId, cause],
    );
    if (row) return { owed: row.payload };
    const known = await recordedOutcome(tx, ticketId, cause);
    return known ? { known } : {};
  });
}
