/** Why a clock stands where it stands: its ledger, what was promised, and who did what to it. */
import { z } from 'zod';
import { invalid, Refusal } from '../../../models/errors';
import { calendarOf } from '../../../models/sla/agreement';
import type { Clock } from '../../../models/sla/clock/shape';
import { figures } from '../../../models/sla/figures';
import { ledgerOf, type Entry } from '../../../models/sla/ledger';
import { restartedBy, toldBy } from '../../../models/sla/ledger-facts';
import { loadTerms } from '../../../models/tickets/kernel/agreed';
import type { Process } from '../../../models/tickets/rules';
import { seesInternal } from '../../../models/users/ability';
import { defineRoute, type Route } from '../../http/route';
import type { TicketDeps } from '../door';
import { instantOf } from '../record';
import { TicketParams } from '../routes';
import { selectTicket } from '../select';
import { actorOn, viewerOf } from '../sight';
import { readLines, type Line } from './feed';
import { promiseOf } from './promise';
import { Explanation } from './shape';

/** A clock that has more even by months has been paused more often than anybody reads. */
const mostEntries = 5_000;

/** Of a process that promises something. */
export function explainRoutes(deps: TicketDeps, process: Process): Route[] {
  return process.declaration.sla ? [explainRoute(deps, process)] : [];
}

function explainRoute({ database }: TicketDeps, process: Process): Route {
  const { type, path, title } = process.declaration;
  return defineRoute({
    method: 'get',
    path: `/${path}/{id}/sla/{clock}/explain`,
    tag: title,
    summary: 'Why a clock stands where it stands: every piece of its time, counted or not.',
    access: `${type}:read`,
    params: TicketParams.extend({
      clock: z.string().min(1).max(100).meta({ example: 'resolution' }),
    }),
    query: z.strictObject({
      at: z.iso.datetime({ offset: true }).optional().describe('Another instant than now.'),
    }),
    reply: { status: 200, description: 'In the order of time.', body: Explanation },
    handle: async ({ actor, params, query }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const found = await selectTicket(tx, viewerOf(process, actor), params.id);
        const { ticket } = found;
        const isInside = seesInternal(actorOn(found, actor));
        const clock = ticket.clocks.find(({ id }) => id === params.clock);
        // What teams and vendors have promised each other is not the requester's.
        if (!clock || !(isInside || clock.kind === 'SLA'))
          throw new Refusal('not_found', `There is no clock ${params.clock} on it.`);
        const { agreement } = await loadTerms(tx, type, ticket);
        const calendar = calendarOf(agreement, clock);
        const asOf = instantOf(query.at, await tx.now());
        const entries = refusedBeyond(ledgerOf(clock, calendar, asOf));
        const begun = entries.filter(({ isCounted }) => !isCounted).map(({ from }) => from);
        const about = { ticketId: ticket.id, clockId: clock.id };
        const lines = await readLines(tx, about, begun);
        const counted = entries.filter(({ isCounted }) => isCounted);
        const { breaches, ...now } = figures(clock, calendar, asOf);
        return {
          body: {
            asOf,
            clock: { ...now, breaches: [...breaches] },
            startedAt: clock.startedAt,
            elapsedSeconds: counted.reduce((ms, one) => ms + one.ms, 0) / 1000,
            promise: await promiseOf(tx, clock, isInside),
            entries: entries.map((entry) => shown(entry, { clock, lines, isInside })),
          },
        };
      }),
  });
}

/** Throws invalid_input. */
function refusedBeyond(entries: Entry[]): Entry[] {
  if (entries.length <= mostEntries) return entries;
  throw invalid(
    '/query/at',
    `has more than ${mostEntries} pieces of time behind it: ask for an earlier instant`,
    'too_big',
  );
}

interface Reading {
  readonly clock: Clock;
  readonly lines: readonly Line[];
  readonly isInside: boolean;
}

function shown(entry: Entry, reading: Reading): z.infer<typeof Explanation>['entries'][number] {
  const { from, to, isCounted, ms } = entry;
  return { from, to, isCounted, seconds: ms / 1000, because: reasonOf(entry, reading) };
}

function reasonOf(entry: Entry, { clock, lines, isInside }: Reading) {
  const { because } = entry;
  const by = (line: Line | undefined) => factOf(line, isInside);
  if (because.rule === 'pause')
    return { ...because, why: isInside ? because.why : null, by: by(toldBy(lines, clock, entry)) };
  if (because.rule === 'otherTeam' || because.rule === 'stopped')
    return { ...because, by: by(toldBy(lines, clock, entry)) };
  if (because.rule === 'restarted') return { ...because, by: by(restartedBy(lines, clock, entry)) };
  return because;
}

function factOf(line: Line | undefined, isInside: boolean) {
  if (!line || !(isInside || line.isPublic)) return null;
  const { type, at, reason } = line;
  const { kind, id, name } = line.actor;
  return { type, at, actor: { kind, id, name }, reason };
}
