/** Holds the record against the rows, the engine and the logs. */
import { commandIdOf } from '../../api/http/idempotency';
import { Tally } from '../replay/figures';
import { checkDeadlines } from './check/deadlines';
import type { Evidence, Finding, Signal } from './check/evidence';
import { checkAnswer, checkEndings, checkRepairs } from './check/explained';
import { checkFacts } from './check/facts';
import { checkFeeds } from './check/feed';
import { askLives, findStrays, walkLives } from './check/lives';
import { readLogs } from './check/logs';
import { checkNotices } from './check/notices';
import { readRows } from './check/rows';
import { personId } from './deed';
import type { Injected } from './fault';
import { linesOf, type Line } from './recorder';
import { sayingsOf } from './saying';
import type { Stage } from './stage';

export interface Heard {
  /** Of the record. */
  readonly file: string;
  readonly signals: readonly Signal[];
  readonly faults: readonly Injected[];
  readonly endings: readonly { readonly name: string; readonly at: number }[];
}

export interface Verdict {
  readonly findings: readonly Finding[];
  readonly evidence: Evidence;
  readonly endings: Heard['endings'];
  /** Tries by what was heard: `200`, `409 invalid_transition`, `lost` ... */
  readonly answers: Tally;
}

/** What fell due less than this ago is being acted on. */
const graceMs = 5_000;

export async function prove(stage: Stage, heard: Heard): Promise<Verdict> {
  const { rig, installation } = stage;
  const { client } = installation.engine;
  const answers = new Tally();
  const wrong: Finding[] = [];
  const counted = (async function* () {
    for await (const line of linesOf(heard.file)) {
      answers.add(answerOf(line));
      wrong.push(...checkAnswer(line, heard.faults));
      yield line;
    }
  })();
  const sayings = await sayingsOf(counted);
  const walked = await walkLives(installation, graceMs / 1_000);
  const before = await readRows(rig.database.adminUrl);
  const asked = await askLives(client, before.tickets);
  const listed = await findStrays(client);
  const rows = await readRows(rig.database.adminUrl);
  const logged = readLogs(rig.parts.values());
  const { faults, signals, endings } = heard;
  const evidence = { rows, sayings, signals, faults, logged, causeOf: causesOf(stage) };
  return {
    findings: [
      ...checkFacts(evidence),
      ...checkFeeds(evidence),
      ...checkNotices(evidence),
      ...checkDeadlines(evidence, graceMs),
      ...checkRepairs(evidence),
      ...checkEndings(endings, faults),
      ...wrong,
      ...walked,
      ...asked(rows.tickets),
      ...(await listed(rows.tickets)),
    ],
    ...{ evidence, endings, answers },
  };
}

function answerOf({ status, text = '', isGivenUp }: Line): string {
  if (status === undefined) return isGivenUp ? 'given up on purpose' : 'no answer';
  const code = /"code":"(\w+)"/.exec(status < 400 ? '' : text)?.[1];
  return code === undefined ? String(status) : `${status} ${code}`;
}

/** A command's id follows from who gives it under which key. */
function causesOf({ desks }: Pick<Stage, 'desks'>): Evidence['causeOf'] {
  return ({ as, key }) => {
    const desk = desks.find(({ slug }) => as.endsWith(`@${slug}.example`));
    if (desk === undefined) throw new Error(`${as} works at no desk`);
    return commandIdOf({ id: personId(desk, as), organizationId: desk.organizationId }, key);
  };
}
