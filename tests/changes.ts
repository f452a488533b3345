/** Changes for tests of pure rules: what stands beside them, and facts about them. */
import type { ChangeGround } from '../models/changes/ground';
import type { ChangeTemplate } from '../models/changes/rows';
import { hashOf } from '../models/approvals/shown';
import type { Fact } from '../models/tickets/fact';
import type { Context } from '../models/tickets/rules';
import type { Ticket } from '../models/tickets/ticket';
import { ChangeDetailsShape } from '../workflows/changes/details';
import {
  aContext,
  aFact,
  later,
  monday,
  opened,
  people,
  processOf,
  refusalOf,
  services,
  tell,
  until,
  uuid,
  type Told,
} from './factories';

export const boards = { cab: uuid(101), ecab: uuid(102) } as const;
export const template: ChangeTemplate = {
  ...{ id: uuid(111), name: 'Restart', title: 'Restart', description: 'Restart', version: 1 },
  ...{ categoryId: null, serviceIds: [services.mail], durationMinutes: 30, state: 'approved' },
  plans: { implementation: 'Restart it.', test: 'Look at it.', backOut: 'Restart it again.' },
  risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
};

/** What stands beside the change; `template: undefined` is none. */
export interface Beside extends Partial<ChangeGround> {
  readonly template?: Partial<ChangeTemplate> | undefined;
}

export const aFreeze = (n: number, hours: number, length = 1) => ({
  ...{ id: uuid(120 + n), name: `Freeze ${n}`, serviceIds: [], reason: 'The books are closed.' },
  ...{ from: later({ hours }), until: later({ hours: hours + length }) },
});

/** Another change on the same service, two hours to six hours after Monday nine. */
export const anOther = (state: string, from = 2, to = 6) => ({
  ...{ id: uuid(131), number: 'CHG0000099', title: 'Other', state, people: [] },
  window: { start: later({ hours: from }), end: later({ hours: to }) },
  ...{ services: [{ id: services.mail, name: 'Mail' }], configurationItems: [] },
});

export function beside({ template: other, ...given }: Beside = {}): Context {
  const active = { criticality: 'low' as const, isActive: true };
  const ground: ChangeGround = {
    services: [{ id: services.mail, name: 'Mail', ...active }],
    ...{ people: [], dependencies: [], freezes: [], maintenance: [], others: [] },
    boards: [
      { id: boards.cab, kind: 'cab', chairId: people.manager.id },
      { id: boards.ecab, kind: 'ecab', chairId: people.manager.id },
    ],
    experience: { successful: 50, failed: 0 },
    ...given,
  };
  return aContext({ own: (id) => (id === 'ground' ? ground : { ...template, ...other }) });
}

/** Low risk, from two hours after Monday nine on, for four hours. */
export const written = {
  ...{ title: 'Mail moves', description: 'To the new hall.', serviceIds: [services.mail] },
  window: { start: later({ hours: 2 }), end: later({ hours: 6 }) },
  risk: { impact: 'low', testEvidence: 'rehearsed', backOut: 'tested' },
  plans: { implementation: 'Move it.' },
};
export const allPlans = { implementation: 'a', test: 'b', backOut: 'c', communication: 'd' };
export const atHighRisk = {
  risk: { impact: 'high', testEvidence: 'none', backOut: 'impossible' },
  plans: allPlans,
};

/** A draft of the agent's as it was opened on Monday at nine. */
export function aDraft(input: object = {}, given: Beside = {}): Ticket {
  const body = processOf('change').inputs.open.parse({ ...written, ...input });
  const fact = aFact('opened', body, { actor: people.agent, occurredAt: monday });
  const { ticket } = opened(fact, beside(given), processOf('change'));
  return { ...ticket, number: 'CHG0000001' };
}

/** So many minutes after Monday nine. */
export type Turn = readonly [name: string, input: object, minutes: number, by?: Fact['actor']];

export const factOf = ([name, input, minutes, actor = people.agent]: Turn): Fact =>
  aFact(name, input, { occurredAt: later({ minutes }), actor });

export const told = (ticket: Ticket, turns: readonly Turn[], given: Beside = {}): Told =>
  tell(ticket, turns.map(factOf), beside(given));
export const after = (ticket: Ticket, turns: readonly Turn[], given: Beside = {}): Ticket =>
  asStored(told(ticket, turns, given).ticket);
export const passed = (ticket: Ticket, minutes: number, given: Beside = {}): Told =>
  tell(ticket, [until(later({ minutes }))], beside(given));
export const refused = (ticket: Ticket, turn: Turn, given: Beside = {}) =>
  refusalOf(() => told(ticket, [turn], given));

export const detailsOf = ({ details }: Ticket) => ChangeDetailsShape.parse(details);
export const agendaOf = ({ agenda }: Ticket): [string, string][] =>
  agenda.map(({ key, at }) => [key, at]);

export interface Word {
  readonly result?: 'approved' | 'rejected' | 'expired' | 'recalled';
  readonly by?: string;
  readonly inPlaceOf?: string;
  readonly shownHash?: string;
}

/** The word of the newest round about this change. */
export function word(ticket: Ticket, minutes: number, given: Word = {}): Turn {
  const { approval } = detailsOf(ticket);
  const { result = 'approved', by = people.manager.id, inPlaceOf = by } = given;
  const answer = result === 'approved' ? 'approve' : 'reject';
  const input = {
    ...{
      approvalId: approval?.rounds.at(-1)?.id ?? uuid(99),
      result,
      reason: 'quorum',
      byId: null,
    },
    shownHash: given.shownHash ?? hashOf(approval?.shown ?? {}),
    answers: [{ approverId: inPlaceOf, byId: by, answer }],
  };
  return ['approvalDecided', input, minutes];
}

export const asked = (input: object = {}, given: Beside = {}): Ticket =>
  after(
    aDraft(input, given),
    [
      ['submit', {}, 1],
      ['requestApproval', {}, 2],
    ],
    given,
  );

export function scheduled(input: object = {}, given: Beside = {}): Ticket {
  const ticket = asked(input, given);
  return after(ticket, [word(ticket, 5)], given);
}

/** Begun three hours after Monday nine, an hour into its window. */
export const implementing = (input: object = {}, given: Beside = {}): Ticket =>
  after(scheduled(input, given), [['implement', {}, 180]], given);

/** As PostgreSQL gives it back: names in another order than they were written. */
function asStored(ticket: Ticket): Ticket {
  const text = JSON.stringify(ticket, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a.length - b.length))
      : value,
  );
  return JSON.parse(text) as Ticket;
}
