/** Gives a ticket to somebody where rules and teams share by themselves, or says what it waits for. */
import type { Tx } from '../../database';
import { assignmentFor, type Assignment } from '../../assignment/assign';
import { isOpenState } from '../../../workflows/process';
import { watchedOf } from '../changes';
import { sharing, type Spoken } from '../decide';
import type { Fact } from '../fact';
import { teamThatSees } from '../confidential';
import type { Context, Process } from '../rules';
import { conditionFields, subjectOf } from '../subject';
import type { Ticket } from '../ticket';
import { readGround, wantsIn } from './ground';

/** What a rule said, with whom the ticket goes to by that; as it was where nobody is to be found. */
export async function shared(
  tx: Tx,
  process: Process,
  spoken: Spoken,
  { fact, heard }: { fact: Fact; heard: Context },
): Promise<Spoken> {
  const { given } = process.rules;
  if (!given || !isAsked(process, spoken, fact)) return without(spoken);
  // One that is born of a rule holds locks of its parent: its own life asks, in its own transaction.
  if (fact.via === 'rule')
    return {
      ...spoken,
      said: spoken.said.plan({ ...soonOf(process, spoken), at: fact.occurredAt }),
    };
  // Only its team gets what it alone may see.
  const confidentialTeamId = teamThatSees(spoken.before, spoken.said.ticket, fact, heard);
  const found = await askFor(tx, process, { ...spoken.said.ticket, confidentialTeamId }, fact);
  return { ...spoken, said: applied(spoken.said, found, { given, at: fact.occurredAt }) };
}

/** As if it were opened then: rules name its team. */
const ofOpening = `${sharing}.opening`;
const soon = { key: ofOpening, what: 'It is given to a team, and to somebody of it.' };

function soonOf({ rules }: Process, { said }: Spoken) {
  return rules.namesTeam?.(said.ticket) === true ? { ...soon, key: sharing } : soon;
}

const waits: ReadonlySet<string> = new Set([sharing, ofOpening]);

/** Nobody has it, and it was opened, came to another team, lost who had it or goes on; or waited for somebody. */
function isAsked(process: Process, { before, said }: Spoken, fact: Fact): boolean {
  const { state, assigneeId, teamId, resolvedAt } = said.ticket;
  if (assigneeId !== null || resolvedAt !== null || !isOpenState(process.declaration, state))
    return false;
  const isNew = before.version === 0;
  const isElsewhere = teamId !== before.teamId || before.resolvedAt !== null;
  // Who is taken off by hand was taken off on purpose: the queue keeps it.
  const isLeft = fact.name === 'released';
  return isNew || isElsewhere || isLeft || (fact.via === 'engine' && waits.has(fact.name));
}

/** Somebody has it by now, or nobody is wanted any more: it waits no longer. */
function without({ before, said }: Spoken): Spoken {
  const { assigneeId, teamId, resolvedAt, agenda } = said.ticket;
  const isOver = assigneeId !== null || teamId === null || resolvedAt !== null;
  const isWaiting = agenda.some(({ key }) => waits.has(key));
  return { before, said: isOver && isWaiting ? said.unplan(...waits) : said };
}

function askFor(tx: Tx, process: Process, ticket: Ticket, fact: Fact): Promise<Assignment> {
  const watched = watchedOf(ticket, process.rules.sla);
  return assignmentFor(tx, {
    ticket,
    fields: conditionFields(process.declaration),
    subjectFor: async (conditions) => {
      const ground = await readGround(tx, ticket, { ...wantsIn(conditions), team: false });
      return subjectOf(watched, ticket.channel, ground);
    },
    isOpening:
      (ticket.version === 0 || fact.name === ofOpening) &&
      process.rules.namesTeam?.(ticket) !== true,
    at: fact.occurredAt,
  });
}

function applied(
  said: Spoken['said'],
  { teamId, rule, assigneeId, reason, waits: wait }: Assignment,
  { given, at }: { given: NonNullable<Process['rules']['given']>; at: string },
): Spoken['said'] {
  const isGiven = assigneeId !== null || teamId !== said.ticket.teamId;
  const so = isGiven ? given(said, { teamId, assigneeId, reason, rule }, at) : said;
  return wait ? so.plan({ key: sharing, at: wait.until, what: wait.what }) : so.unplan(sharing);
}
