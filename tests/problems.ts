/** Problems for tests of pure rules: how they are opened, and what is linked to them. */
import { z } from 'zod';
import type { Beside } from '../models/problems/beside';
import type { Linked } from '../models/tickets/links';
import type { Context } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';
import { ProblemDetailsShape, type ProblemDetails } from '../workflows/problems/details';
import { aContext, aFact, later, monday, opened, people, processOf, tell, uuid } from './factories';
import type { Told } from './factories';

export const incidentId = (n: number) => uuid(200 + n);
export const changeId = (n: number) => uuid(300 + n);

/** An incident as a problem looks at it, opened an hour after Monday nine. */
export function anAffected(n: number, more: Partial<Beside> = {}): Beside {
  return {
    ...{ id: incidentId(n), type: 'incident', number: `INC000000${n}`, isOpen: true },
    ...{ isConfidential: false, isMajor: false, openedAt: later({ hours: 1 }), outcome: null },
    ...more,
  };
}

export function causes(n: number, more: Partial<Linked> = {}): Linked {
  const { id, type, number } = anAffected(n);
  return { kind: 'causes', id, type, number, state: 'new', hasEnded: false, ...more };
}

export function fixedBy(n: number, state: string): Linked {
  const number = `CHG000000${n}`;
  const hasEnded = ['review', 'closed', 'cancelled'].includes(state);
  return { kind: 'fixedBy', id: changeId(n), type: 'change', number, state, hasEnded };
}

/** What rules about a problem read; nothing is promised for it, unless said otherwise. */
export function around(
  links: readonly Linked[] = [],
  beside: readonly Beside[] = [],
  settings: Parameters<typeof aContext>[0] = {},
): Context {
  const agreement = { policies: [] };
  return aContext({ agreement, ...settings, links: () => links, own: () => beside });
}

export function aProblem(input: object = {}, context: Context = around()): Ticket {
  const process = processOf('problem');
  const wording = { title: 'The outbox stops', description: 'Every Monday.' };
  const body = process.inputs.open.parse({ ...wording, ...input });
  const fact = aFact('opened', body, { actor: people.agent, occurredAt: monday });
  return { ...opened(fact, context, process).ticket, number: 'PRB0000001' };
}

/** As the API reads it, with what is left out. */
export function commandInput(name: string, input: object): object {
  const schema = processOf('problem').inputs.commands[name];
  return z.looseObject({}).parse(schema?.parse(input) ?? input);
}

/** Commands of the agent one after the other, minutes after the opening. */
export function led(
  ticket: Ticket,
  steps: readonly (readonly [string, object?])[],
  context: Context = around(),
): Told {
  const facts = steps.map(([name, input = {}], k) =>
    aFact(name, commandInput(name, input), { occurredAt: later({ minutes: k + 1 }) }),
  );
  return tell(ticket, facts, context);
}

export const detailsOf = ({ details }: Pick<Ticket, 'details'>): ProblemDetails =>
  ProblemDetailsShape.parse(details);
