/** Two stories too long for chance: messages at the end of runs, and a noisy ticket. No faults meanwhile. */
import { sendAgain } from '../../engine/undelivered';
import type { Say } from '../stack/progress';
import type { Wish } from './arguments';
import { checkDeadlines } from './check/deadlines';
import type { Evidence, Finding, Signal } from './check/evidence';
import { checkFacts } from './check/facts';
import { checkFeeds } from './check/feed';
import { checkNotices } from './check/notices';
import { readRows } from './check/rows';
import { quiet } from './quiet';
import type { Stage } from './stage';
import { continuing } from './stories/continuing';
import { noisy } from './stories/noisy';

export interface Told {
  readonly lines: readonly string[];
  readonly findings: readonly Finding[];
}

export async function tellStories(
  stage: Stage,
  { messages, facts }: Pick<Wish, 'messages' | 'facts'>,
  say: Say,
): Promise<Told> {
  say(`Story: ${messages} messages in the very task that continues as new`);
  const first = await continuing(stage, messages);
  say(`Story: a noisy ticket, ${facts} facts`);
  const second = await noisy(stage, facts);
  const { database } = stage.installation;
  // The messages were owed by rows that nobody was to send a second time before.
  const owed = await sendAgain(database);
  const restless = await quiet(database, owed);
  const signals = [...first.signals, ...second.signals];
  return {
    lines: ['', ...first.lines, ...second.lines],
    findings: [...restless, ...(await provedOf(stage, signals))],
  };
}

const graceMs = 5_000;

/** All that rows can prove of the tickets of the stories. */
async function provedOf({ rig }: Stage, signals: readonly Signal[]): Promise<Finding[]> {
  const all = await readRows(rig.database.adminUrl);
  const own = new Set(signals.map(({ ticketId }) => ticketId));
  const ofOwn = <T extends { readonly ticketId: string }>(some: readonly T[]) =>
    some.filter(({ ticketId }) => own.has(ticketId));
  const rows = {
    ...all,
    tickets: all.tickets.filter(({ id }) => own.has(id)),
    events: ofOwn(all.events),
    notices: ofOwn(all.notices),
    refusals: ofOwn(all.refusals),
    outbox: ofOwn(all.outbox),
  };
  const logged = { repairs: [], known: [] };
  const evidence: Evidence = {
    ...{ rows, signals, logged, sayings: [], faults: [] },
    causeOf: () => '',
  };
  return [
    ...checkFacts(evidence),
    ...checkFeeds(evidence),
    ...checkNotices(evidence),
    ...checkDeadlines(evidence, graceMs),
  ];
}
