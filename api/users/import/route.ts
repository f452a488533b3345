/** Many people at once, from a file. */
import { z } from 'zod';
import type { Tx } from '../../../models/database';
import type { Identified, Resource } from '../../http/resource/resource';
import { defineRoute, type Route } from '../../http/route';
import type { PeopleSources } from '../account';
import { importPeople, outcomes, type Outcome } from './apply';
import { columns } from './columns';
import { mostLines, readLines } from './file';

const twoMebibytes = 2_097_152;

const Body = z.strictObject({
  csv: z
    .string()
    .min(1)
    .max(1_000_000)
    .describe(
      `At most ${mostLines} lines below a header of some of ${columns.join(', ')}, between \`,\` or ` +
        '`;`. `manager` is an email, `location` a name, `vip` and `login` are yes or no. A column that ' +
        'is not there leaves what is there; an empty cell empties it where it can be empty.',
    ),
  dryRun: z.boolean().default(true).describe('Only tells what would be done.'),
  invite: z
    .boolean()
    .default(false)
    .describe('Those who are new, but for those with `login` no, are sent an invitation.'),
});

const Reply = z
  .object({
    dryRun: z.boolean(),
    counts: z.record(z.enum(outcomes), z.int()),
    lines: z.array(
      z.object({
        line: z.int().describe('In the file, counted from 1; where it ends.'),
        email: z.string(),
        outcome: z.enum(outcomes),
        errors: z
          .array(z.object({ pointer: z.string(), detail: z.string(), code: z.string() }))
          .describe('Each at a column: `/manager`; empty: at the line as a whole.'),
      }),
    ),
  })
  .meta({ id: 'PeopleImport' });

const uninvited = () => Promise.resolve();

export function importRoute<Person extends Identified>(
  { database, desk }: PeopleSources,
  people: Resource<Person>,
): Route {
  return defineRoute({
    method: 'post',
    path: '/users/actions/import',
    tag: 'People',
    access: 'user:manage',
    freshFactor: true,
    bodyBytes: twoMebibytes,
    summary: 'Make and edit many people from a CSV file.',
    description:
      'Whoever is there already, by email, is edited. A line that is refused is told with the reason; all ' +
      'others are done, together. The same file again changes nothing.',
    body: Body,
    reply: { status: 200, description: 'What became of each line.', body: Reply },
    handle: async ({ actor, body: { csv, dryRun, invite }, request }) => {
      const lines = readLines(csv);
      const resource = invite ? people : { ...people, made: uninvited };
      const by = { actor, request };
      const work = (tx: Tx) => importPeople(tx, resource, by, lines);
      const { organizationId } = actor;
      const done = dryRun
        ? await rehearse(database, organizationId, work)
        : await database.inOrganization(organizationId, work);
      if (invite && !dryRun) desk.handOver();
      return { body: { dryRun, counts: countsOf(done), lines: done } };
    },
  });
}

/** What a rehearsal came to; thrown, as only that undoes a transaction. */
class Rehearsed extends Error {
  constructor(readonly outcomes: Outcome[]) {
    super('A rehearsal is undone');
  }
}

async function rehearse(
  database: PeopleSources['database'],
  organizationId: string,
  work: (tx: Tx) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  try {
    return await database.inOrganization(organizationId, async (tx) => {
      throw new Rehearsed(await work(tx));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcomes;
    throw error;
  }
}

function countsOf(done: readonly Outcome[]) {
  const of = (wanted: Outcome['outcome']) =>
    done.filter(({ outcome }) => outcome === wanted).length;
  return {
    created: of('created'),
    updated: of('updated'),
    unchanged: of('unchanged'),
    refused: of('refused'),
  };
}
