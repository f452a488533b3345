/** What callers were told against what stands in the rows: nothing lost, nothing twice. Pure. */
import { isApplied, type Saying } from '../saying';
import { groupBy, type Evidence, type EventRow, type Finding } from './evidence';

const lost = 'no acknowledged fact is lost';
const twice = 'no fact is applied twice';
const refused = 'what was refused did not happen';
const same = 'a key repeated gives the same answer';

export function checkFacts(evidence: Evidence): Finding[] {
  const keyed = evidence.sayings.filter(({ method }) => method === 'POST');
  const byCause = groupBy(evidence.rows.events, ({ cause }) => cause);
  return [
    ...keyed.flatMap((saying) => ofSaying(evidence, byCause, saying)),
    ...keyed.flatMap(ofRepeats),
    ...ofTexts(evidence),
    ...ofUnkeyed(evidence),
    ...ofSignals(evidence, byCause),
  ];
}

type Causes = ReadonlyMap<string, readonly EventRow[]>;

function ofSaying({ causeOf }: Evidence, byCause: Causes, saying: Saying): Finding[] {
  const found = byCause.get(causeOf(saying)) ?? [];
  const ticket = ticketOf(saying);
  const said = `${saying.kind} ${saying.key}, tried ${saying.tries} times`;
  if (found.length > 1)
    return [{ proof: twice, ticket, detail: `${said}: ${found.length} events` }];
  if (isApplied(saying)) {
    const [event] = found;
    if (!event) return [{ proof: lost, ticket, detail: `${said}: its cause is not in any feed` }];
    const isHere = saying.kind === 'open' || event.ticketId === ticket;
    return isHere
      ? []
      : [{ proof: lost, ticket, detail: `${said}: it stands in ${event.ticketId}` }];
  }
  const [told] = saying.told;
  if (told === undefined || found.length === 0) return [];
  const detail = `${said}: told ${told.status} ${told.code ?? ''}, and it is in the feed`;
  return [{ proof: refused, ticket, detail }];
}

/** The first answer holds: the same status, the same thing, and when it was kept the same bytes. */
function ofRepeats(saying: Saying): Finding[] {
  const [first, ...others] = saying.told;
  if (first === undefined) return [];
  const odd = others.find(
    (one) =>
      one.status !== first.status ||
      one.id !== first.id ||
      (one.isReplayed && first.isReplayed && one.text !== first.text),
  );
  if (odd === undefined) return [];
  const detail = `${saying.kind} ${saying.key}: told ${first.status} ${first.code ?? first.id ?? ''}, then ${odd.status} ${odd.code ?? odd.id ?? ''}`;
  return [{ proof: same, ticket: ticketOf(saying), detail }];
}

/** Causes are unique by an index; that a text stands once shows it without trusting that. */
function ofTexts({ sayings, rows }: Evidence): Finding[] {
  const titles = groupBy(
    rows.tickets.filter(({ isBorn }) => !isBorn),
    ({ title }) => title,
  );
  const bodies = groupBy(rows.comments, ({ body }) => body);
  return sayings.flatMap((saying) => {
    const { kind, mark } = saying;
    if (mark === undefined || (kind !== 'open' && kind !== 'comment')) return [];
    const times =
      kind === 'open'
        ? (titles.get(`Soak ${mark}`) ?? []).length
        : (bodies.get(`Said: ${mark}`) ?? []).length;
    const ticket = ticketOf(saying);
    if (times > 1)
      return [{ proof: twice, ticket, detail: `the text of ${mark} stands ${times} times` }];
    if (times === 1 || !isApplied(saying)) return [];
    return [{ proof: lost, ticket, detail: `the text of ${mark} stands nowhere` }];
  });
}

const unkeyed: Readonly<Record<string, string>> = { edit: 'edited', unwatch: 'unwatched' };

/** Without a key each try may count: at least the acknowledged ones, at most all that were sent. */
function ofUnkeyed({ sayings, rows }: Evidence): Finding[] {
  const events = groupBy(rows.events, ({ ticketId, type }) => `${ticketId} ${type}`);
  const groups = groupBy(
    sayings.filter(({ kind }) => Object.hasOwn(unkeyed, kind)),
    (saying) => `${ticketOf(saying)} ${unkeyed[saying.kind] ?? ''}`,
  );
  return [...groups].flatMap(([key, group]) => {
    const [ticket = ''] = key.split(' ');
    const times = (events.get(key) ?? []).length;
    const acknowledged = group.filter(isApplied).length;
    const tries = group.reduce((sum, one) => sum + one.tries, 0);
    const detail = `${key}: ${times} events, ${acknowledged} acknowledged, ${tries} tries`;
    if (times < acknowledged) return [{ proof: lost, ticket, detail }];
    return times > tries ? [{ proof: twice, ticket, detail }] : [];
  });
}

function ofSignals({ signals, rows }: Evidence, byCause: Causes): Finding[] {
  const refusals = groupBy(rows.refusals, ({ ticketId, cause }) => `${ticketId} ${cause}`);
  const named = groupBy(rows.refusals, ({ ticketId, name }) => `${ticketId} ${name}`);
  return signals.flatMap(({ sort, ticketId, token, isTaken }) => {
    const key = `${ticketId} ${token}`;
    const times = {
      typed: (named.get(key) ?? []).length,
      named: (refusals.get(key) ?? []).length,
      owed: (byCause.get(token) ?? []).length + (refusals.get(key) ?? []).length,
    }[sort];
    const detail = `the ${sort} signal ${token}: ${times} outcomes`;
    if (times === 0 && isTaken) return [{ proof: lost, ticket: ticketId, detail }];
    // A hand-typed one has no identity: a step that is repeated may record it again.
    return times > 1 && sort !== 'typed' ? [{ proof: twice, ticket: ticketId, detail }] : [];
  });
}

/** Id of the ticket that it is about; of an opening, what its caller was told. */
export function ticketOf({ path, told }: Pick<Saying, 'path' | 'told'>): string {
  return path.split('/')[2] ?? told.find(({ id }) => id !== undefined)?.id ?? 'unknown';
}
