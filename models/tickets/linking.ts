/** What links do, purely: how both ends are told of one, what one forbids, and who hears of an end. */
import { invalid, Refusal } from '../errors';
import { isOpenState, type ProcessDeclaration } from '../../workflows/process';
import type { Fact } from './fact';
import { inverseOf, isLinkKind, isWithinType } from './links';
import type { LinkKind, LinkTurned, Moment } from './links';
import { next, type Next } from './next';
import type { Context, Need, Process, Rule } from './rules';
import type { Ticket } from './ticket';

type Details = Ticket['details'];

/** Of the facts that make and end a link: as this ticket reads it, with the one at the other end. */
export interface LinkInput {
  readonly kind: LinkKind;
  readonly ticketId: string;
  readonly type: string;
  readonly number: string;
  /** Then the feed does not name it: whoever reads that need not be of its team. */
  readonly isConfidential: boolean;
}

function lineOf({ kind, ticketId, type, number, isConfidential }: LinkInput) {
  return isConfidential ? { kind } : { kind, ticketId, type, number };
}

type Step = (so: Next<Details>, fact: Fact<LinkInput>) => Next<Details>;

/** The end at which it is said stores it, and owes the other end its line. */
const said =
  (did: 'linked' | 'unlinked'): Step =>
  (so, { input, actor }) => {
    const { id, type, number, confidentialTeamId } = so.ticket;
    const isConfidential = confidentialTeamId !== null;
    if (isWithinType(input.kind) && input.type !== type)
      throw invalid('/kind', `is only between tickets of one type, not ${type} and ${input.type}`);
    const kind = inverseOf(input.kind);
    return so
      .event(did, lineOf(input), 'internal')
      .link({ did, kind: input.kind, otherId: input.ticketId })
      .send({
        ticketId: input.ticketId,
        name: `${did}Back`,
        input: { kind, ticketId: id, type, number, isConfidential },
        actor,
      });
  };

/** A link that a ticket is opened with. It has no number yet: the kernel tells the other end (kernel/birth.ts). */
export function linkAtOpening<D>(so: Next<D>, input: LinkInput): Next<D> {
  return so
    .event('linked', lineOf(input), 'internal')
    .link({ did: 'linked', kind: input.kind, otherId: input.ticketId });
}

const heard =
  (did: 'linked' | 'unlinked'): Step =>
  (so, { input }) =>
    so.event(did, lineOf(input), 'internal');

/** By the names of their facts. */
const steps: Readonly<Record<string, Step>> = {
  linked: said('linked'),
  unlinked: said('unlinked'),
  linkedBack: heard('linked'),
  unlinkedBack: heard('unlinked'),
};

export function isLinkFact(name: string): boolean {
  return Object.hasOwn(steps, name);
}

/** The rule of a fact about links, after what the process itself has to say of a new one. */
export function linkRule({ rules }: Process, name: string): Rule<Details, LinkInput> | undefined {
  const step = isLinkFact(name) ? steps[name] : undefined;
  if (!step) return undefined;
  const own = name.startsWith('linked') ? rules.linked : undefined;
  return (ticket, fact, context) => step(own?.(ticket, fact, context) ?? next(ticket), fact);
}

/** What has to be read to know whether a link forbids a command. */
export function needsOfLinks(
  process: ProcessDeclaration,
  { id }: Pick<Ticket, 'id'>,
  { name }: Pick<Fact, 'name'>,
): Need[] {
  return forbidding(process, name).length === 0 ? [] : [{ kind: 'links', id }];
}

/** Refuses a command that a link forbids; throws conflict, with the tickets that stand in its way. */
export function refuseLinked(
  process: ProcessDeclaration,
  { id }: Pick<Ticket, 'id'>,
  { name }: Pick<Fact, 'name'>,
  context: Pick<Context, 'links'>,
): void {
  const kinds = forbidding(process, name);
  if (kinds.length === 0) return;
  const inTheWay = context
    .links(id)
    .filter(({ kind, hasEnded }) => !hasEnded && isLinkKind(kind) && kinds.includes(kind));
  if (inTheWay.length === 0) return;
  const names = inTheWay.map(({ kind, number }) => `${kind} ${number ?? 'a confidential ticket'}`);
  throw new Refusal('conflict', `${name} is not possible: ${names.join(', ')}.`, {
    links: inTheWay.map(({ kind, number }) => ({ kind, number })),
  });
}

function forbidding({ links = {} }: ProcessDeclaration, name: string): LinkKind[] {
  return Object.entries(links).flatMap(([kind, effect]) =>
    isLinkKind(kind) && effect.forbids?.includes(name) === true ? [kind] : [],
  );
}

/** That a ticket has ended or goes on, for those that follow it. */
export interface Turned {
  readonly name: 'linkedEnded' | 'linkedReopened';
  readonly moments: readonly Moment[];
  readonly byId: string | null;
  /** The only one that is told; absent: all that follow. */
  readonly only?: string;
}

/** What those that follow it are told of a fact; one that is linked to what has ended hears it then. */
export function turnOf(
  process: ProcessDeclaration,
  before: Ticket,
  after: Ticket,
  fact: Fact,
): Turned | undefined {
  const [had, has] = [momentsOf(process, before), momentsOf(process, after)];
  const byId = byOf(fact);
  if ((fact.name === 'linkedBack' || fact.name === 'linked') && has.length > 0) {
    const { ticketId } = fact.input as LinkInput;
    return { name: 'linkedEnded', moments: has, byId, only: ticketId };
  }
  if (before.version === 0) return undefined;
  const moments = has.filter((one) => !had.includes(one));
  if (moments.length > 0) return { name: 'linkedEnded', moments, byId };
  return has.length < had.length ? { name: 'linkedReopened', moments: ['end'], byId } : undefined;
}

/** It is resolved, or over; only over. */
function momentsOf(process: ProcessDeclaration, { state, resolvedAt }: Ticket): Moment[] {
  if (!isOpenState(process, state)) return ['end', 'closure'];
  return resolvedAt === null ? [] : ['end'];
}

/** Along a chain of tickets it stays the person who began it. */
function byOf({ name, actor, input }: Fact): string | null {
  const isPassedOn = name === 'linkedEnded' || name === 'linkedReopened';
  return actor.id ?? (isPassedOn ? (input as LinkTurned).byId : null);
}
