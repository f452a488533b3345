import fc from 'fast-check';
import { z } from 'zod';
import { defineListing, type SortKey } from '../../api/http/list/listing';
import { readPage } from '../../api/http/list/page';
import { listQuery } from '../../api/http/list/query';
import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const listing = defineListing({
  name: 'rows',
  item: z.object({ id: z.uuid() }),
  fields: {
    rank: { type: 'integer', nullable: false },
    due: { type: 'instant', column: 'due_at' },
    label: 'text',
  },
  sorts: ['rank', 'due', 'label'],
  defaultSort: 'rank',
});
const schema = listQuery(listing);

interface Row {
  readonly id: string;
  readonly rank: number;
  readonly due: string | null;
  readonly label: string | null;
}

/** Few distinct values, so that ties and nulls are everywhere. */
const rows = fc.uniqueArray(
  fc.record({
    id: fc.uuid(),
    rank: fc.nat(2),
    due: fc.option(fc.nat(2).map((n) => `2026-11-23T10:00:00.00000${n}+00:00`)),
    label: fc.option(fc.constantFrom('a', 'b')),
  }),
  { maxLength: 25, selector: (row) => row.id },
);
const sorts = fc.uniqueArray(
  fc.record({ field: fc.constantFrom('rank', 'due', 'label'), descending: fc.boolean() }),
  { minLength: 1, maxLength: 3, selector: (key) => key.field },
);

function valueOf(row: Row, { field }: SortKey): string | number | null {
  if (field === 'rank') return row.rank;
  return field === 'due' ? row.due : row.label;
}

/** The order as it is described: rows without a value last, the id in the way of the last key. */
function inOrder(all: readonly Row[], sort: readonly SortKey[]): string[] {
  const last = sort.at(-1)?.descending === true ? -1 : 1;
  const compare = (a: Row, b: Row) => {
    for (const key of sort) {
      const [one, other] = [valueOf(a, key), valueOf(b, key)];
      if (one === other) continue;
      if (one === null || other === null) return one === null ? 1 : -1;
      return (one < other ? -1 : 1) * (key.descending ? -1 : 1);
    }
    return (a.id < b.id ? -1 : 1) * last;
  };
  return [...all].sort(compare).map((row) => row.id);
}

async function walk(all: readonly Row[], sort: string, limit: number): Promise<string[]> {
  const source = {
    select: 'id',
    from: `jsonb_to_recordset($1::jsonb) as r(id uuid, rank int, due_at timestamptz, label text)`,
  };
  const table = JSON.stringify(all.map(({ due, ...row }) => ({ ...row, due_at: due })));
  const context = {
    actor: { id: world.organizationId, organizationId: world.organizationId },
    secret: 'x',
    binds: [table],
  };
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = schema.parse({ sort, limit, ...(cursor !== '' && { cursor }) });
    const page = await world.database.inOrganization(world.organizationId, (tx) =>
      readPage<{ id: string }>(tx, { listing, query, source, context }),
    );
    expect(page.data.length).toBeLessThanOrEqual(limit);
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.page.nextCursor;
  }
  return seen;
}

describe('paging by cursor', () => {
  it('gives every row exactly once and in order, whatever the sort, the ties and the nulls', async () => {
    await fc.assert(
      fc.asyncProperty(rows, sorts, fc.integer({ min: 1, max: 7 }), async (all, sort, limit) => {
        const text = sort.map((key) => (key.descending ? '-' : '') + key.field).join(',');
        expect(await walk(all, text, limit)).toEqual(inOrder(all, sort));
      }),
      { numRuns: 60 },
    );
  });
});
