/** The words of tickets follow what is written, in the same transaction, by whichever way it comes. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Refusal } from '../../models/errors';
import { askedOf } from '../../models/search/asked';
import { refreshTexts } from '../../models/search/refresh';
import { openWorld, type World } from '../harness';
import { openRow, who, type Row } from './row';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const incident = (given: object = {}) =>
  openRow(world, 'incident', { impact: 'low', urgency: 'low', ...given });

const inOwn = <T extends object>(sql: string, binds: readonly unknown[] = []) =>
  world.database.inOrganization(world.organizationId, (tx) => tx.rowsOf<T>(sql, binds));

interface Found {
  readonly ticket_id: string;
  readonly is_public: boolean;
}
const asked = { isInternal: true, people: [] as string[], whole: null as string[] | null };
async function idsOf(head: string, given: Partial<typeof asked> = {}): Promise<string[]> {
  const { isInternal, people, whole } = { ...asked, ...given };
  const rows = await inOwn<Found>(
    'select * from find_ticket_texts($1, $2, $3, null, $4, $5, null, 100)',
    [head, '', isInternal, whole, people],
  );
  return rows.map((row) => row.ticket_id);
}

/** What the triggers made beside what would be made now of all that there is. */
async function drift(): Promise<unknown[]> {
  const kept = `select ticket_id, is_open, people, plain_title, size, language,
      tsvector_to_array(public_words) as told, tsvector_to_array(coalesce(internal_words, ''::tsvector)) as inner_words
    from ticket_texts order by ticket_id`;
  const before = await world.rows(kept);
  await inOwn('select write_texts(t, false) from tickets t');
  const after = await world.rows(kept);
  const written = await world.rows('select count(*)::int as n from tickets');
  expect(written).toEqual([{ n: before.length }]);
  return before.filter((row, k) => JSON.stringify(row) !== JSON.stringify(after[k]));
}

const words = [
  'printer',
  'Drücker',
  'vpn',
  'outlook',
  'mail',
  'naïve',
  "o'brien",
  'C:\\temp',
  '<b>',
  '&',
];
const text = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 })
  .map((all) => all.join(' '));
const edit = fc.oneof(
  fc.record({ name: fc.constant('edited'), input: fc.record({ title: text }) }),
  fc.record({ name: fc.constant('edited'), input: fc.record({ description: text }) }),
  fc.record({
    name: fc.constant('commented'),
    input: fc.record({ body: text, isPublic: fc.boolean() }),
  }),
  fc.record({
    name: fc.constantFrom('resolve'),
    input: fc.record({ code: fc.constant('solved'), notes: text }),
  }),
  fc.record({ name: fc.constant('reopen'), input: fc.record({ reason: text }) }),
);

function refusedOnly(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

describe('the words of a ticket', () => {
  it('are in step after any edits', async () => {
    const tickets = await Promise.all(Array.from({ length: 3 }, () => incident()));
    await fc.assert(
      fc.asyncProperty(fc.nat(2), edit, async (which, { name, input }) => {
        // What is not possible now is refused, and changes nothing.
        await tickets[which]?.apply({ name, input }).catch(refusedOnly);
      }),
      { numRuns: 120 },
    );
    expect(await drift()).toEqual([]);
    const [row] = await world.rows('select count(*)::int as n from ticket_comments');
    expect(Number(row?.['n'])).toBeGreaterThan(5);
  });

  it('follow whom it concerns and whether it is open', async () => {
    const { id } = await incident({ title: 'Aquarium' });
    const people = [randomUUID()];
    expect(await idsOf('aquarium', { whole: [], people })).toEqual([]);
    await world.rows('update tickets set watcher_ids = $2, is_open = false where id = $1', [
      id,
      people,
    ]);
    expect(await idsOf('aquarium', { whole: [], people })).toEqual([id]);
    expect(await world.rows('select is_open from ticket_texts where ticket_id = $1', [id])).toEqual(
      [{ is_open: false }],
    );
  });

  it('are not written again by a fact that changes no text', async () => {
    const { id, apply } = await incident();
    const at = () =>
      world.rows('select ctid::text, xmin::text from ticket_texts where ticket_id = $1', [id]);
    const before = await at();
    await apply({ name: 'prioritize', input: { impact: 'high', urgency: 'low' } });
    expect(await at()).toEqual(before);
  });

  it('take no more of a ticket than a tsvector can hold', async () => {
    const { id, apply } = await incident();
    for (let n = 0; n < 12; n += 1) {
      const body = Array.from({ length: 2_000 }, (_, k) => `w${String(n * 2_000 + k)}`).join(' ');
      await apply({ name: 'commented', input: { body, isPublic: true } });
    }
    const [row] = await world.rows('select size from ticket_texts where ticket_id = $1', [id]);
    expect(Number(row?.['size'])).toBeLessThanOrEqual(150_000);
    await apply({ name: 'edited', input: { title: 'Long story' } });
    expect(await idsOf('long story')).toEqual([id]);
  });
});

describe('who finds what', () => {
  let row: Row;
  beforeAll(async () => {
    row = await incident({ title: 'Giraffe', description: 'A zebra.' });
    await row.apply({ name: 'commented', input: { body: 'Public okapi', isPublic: true } });
    await row.apply({ name: 'commented', input: { body: 'Secret walrus', isPublic: false } });
  });

  it('in public: title, description, public comments, number', async () => {
    const own = { isInternal: false, whole: [], people: [who(world, 'user').id ?? ''] };
    for (const word of ['giraffe', 'zebras', 'okapi', row.number]) {
      expect([word, await idsOf(word, own)]).toEqual([word, [row.id]]);
    }
    expect(await idsOf('walrus', own)).toEqual([]);
    // Nor does its absence tell of it.
    expect(await idsOf('giraffe -walrus', own)).toEqual([row.id]);
  });

  it('inside also notes', async () => {
    expect(await idsOf('walrus')).toEqual([row.id]);
    expect(await idsOf('walrus okapi')).toEqual([row.id]);
  });

  it('never of another organization', async () => {
    const { organizationId } = await world.neighbour();
    const found = await world.database.inOrganization(organizationId, (tx) =>
      tx.rows(`select * from find_ticket_texts('giraffe', '', true, null, null, '{}', null, 100)
        union all select * from find_ticket_titles('girafe', null, null, '{}', null, 100)`),
    );
    expect(found).toEqual([]);
  });
});

it('whatever is typed is no error', async () => {
  const sign = fc.constantFrom(...`"'\\:*!&|()<->%_- ½² a Ü 漢 ß 👩‍💻 or`.split(' '), ' ');
  const typed = fc.oneof(
    fc.array(sign, { maxLength: 12 }).map((all) => all.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(typed, async (q) => {
      const { head, tail } = askedOf(q.replaceAll('\0', '').trim(), []);
      const found = await inOwn(
        `select * from find_ticket_texts($1, $2, true, null, null, '{}', null, 10)
         union all select * from find_ticket_titles($3, null, null, '{}', null, 10)`,
        [head, tail, head + tail],
      );
      expect(found.length).toBeLessThanOrEqual(20);
    }),
    { numRuns: 150 },
  );
});

describe('a change of the language', () => {
  it('finds words of both while tickets are brought over, and then of the new one', async () => {
    const { id } = await incident({
      title: 'Printers jammed',
      description: 'Häuser',
    });
    const speak = (locale: string) =>
      inOwn(
        `update organizations set settings = settings || jsonb_build_object('locale', $1::text)`,
        [locale],
      );
    await speak('de-AT');
    expect(await idsOf('printing jams')).toEqual([]);
    expect(await idsOf('printer jam')).toEqual([id]);
    expect(await idsOf('haus')).toEqual([]);
    while (await refreshTexts(world.database));
    expect(await idsOf('haus')).toEqual([id]);
    await world.rows(`update text_moves set since = since - interval '2 minutes'`);
    expect(await refreshTexts(world.database)).toBe(false);
    expect(await world.rows('select * from text_moves')).toEqual([]);
    expect(await world.rows('select distinct language from ticket_texts')).toEqual([
      { language: 'german' },
    ]);
    expect(await drift()).toEqual([]);
  });
});
