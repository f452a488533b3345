import fc from 'fast-check';
import { z } from 'zod';
import { parse } from 'qs';
import { compileList } from './compile';
import { readCursor, writeCursor } from './cursor';
import { afterSql, columnsOf, orderBySql } from './keyset';
import { defineListing } from './listing';
import { pageOf } from './page';
import { listQuery, type ListQuery } from './query';

const listing = defineListing({
  name: 'tickets',
  item: z.object({ id: z.uuid(), title: z.string(), dueAt: z.string().nullable() }),
  fields: {
    title: { type: 'text', nullable: false },
    openedAt: { type: 'instant', nullable: false },
    dueAt: 'instant',
  },
  sorts: ['openedAt', 'dueAt'],
  defaultSort: '-openedAt',
});
const schema = listQuery(listing);
const context = {
  actor: { id: 'u', organizationId: 'o' },
  secret: 'a secret of at least thirty-two characters',
};

const query = (text: string): ListQuery => schema.parse(parse(text, { plainObjects: true }));
const issues = (text: string) =>
  schema.safeParse(parse(text, { plainObjects: true })).error?.issues ?? [];

/** What a piece of work throws. */
function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('the query of a list', () => {
  it('has a page of 50 in the default order when nothing is said', () => {
    expect(query('')).toEqual({
      limit: 50,
      count: false,
      sort: [{ field: 'openedAt', descending: true }],
    });
  });

  it('takes both filters, sort, count and fields', () => {
    expect(
      query('limit=2&sort=dueAt,-openedAt&count=true&fields=id,title&filter[title]=a&q=title==b'),
    ).toEqual({
      limit: 2,
      count: true,
      fields: ['id', 'title'],
      sort: [
        { field: 'dueAt', descending: false },
        { field: 'openedAt', descending: true },
      ],
      filter: { and: [{ field: 'title', op: 'eq', value: 'a' }] },
      q: { field: 'title', op: 'eq', value: 'b' },
    });
  });

  it.each([
    ['limit=0', ['limit']],
    ['limit=201', ['limit']],
    ['limit=x', ['limit']],
    ['limit=1&limit=2', ['limit']],
    ['sort=title', ['sort']],
    ['sort=dueAt,-dueAt', ['sort']],
    ['sort=', ['sort']],
    ['fields=secret', ['fields']],
    ['count=yes', ['count']],
    ['filter[foo]=1', ['filter', 'foo']],
    ['q=foo==1', ['q']],
    ['page=2', []],
  ])('is refused where it is wrong: %s', (text, path) => {
    expect(issues(text).map((issue) => issue.path)).toEqual([path]);
  });
});

describe('a cursor', () => {
  const seal = { secret: context.secret, boundTo: 'x' };
  const key = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));

  it('gives back the key that it was made of', () => {
    fc.assert(
      fc.property(key, (values) => {
        expect(readCursor(writeCursor(values, seal), seal)).toEqual(values);
      }),
    );
  });

  it('is refused when it is of another query, of another secret, or changed', () => {
    const cursor = writeCursor(['2026-11-23', 'id'], seal);
    const refused = { code: 'invalid_request' };
    expect(thrownBy(() => readCursor(cursor, { ...seal, boundTo: 'y' }))).toMatchObject(refused);
    expect(thrownBy(() => readCursor(cursor, { ...seal, secret: 'other' }))).toMatchObject(refused);
    expect(thrownBy(() => readCursor(`x${cursor}`, seal))).toMatchObject(refused);
    expect(thrownBy(() => readCursor('rubbish', seal))).toMatchObject(refused);
    expect(thrownBy(() => readCursor('', seal))).toMatchObject(refused);
  });
});

describe('the next page', () => {
  const row = (id: string) => ({ id, rowKey: ['2026-11-23T00:00:00.123456+00:00', id] });

  it('is there when there was a row more than the page holds', () => {
    const compiled = compileList(listing, query('limit=2'), context);
    const page = pageOf([row('a'), row('b'), row('c')], compiled);
    expect(page.data.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(page.page.hasMore).toBe(true);
    expect(pageOf([row('a'), row('b')], compiled).page).toEqual({
      hasMore: false,
      nextCursor: null,
    });
  });

  it('begins after the last row shown, with all digits of its instant', () => {
    const first = compileList(listing, query('limit=1'), context);
    const { nextCursor } = pageOf([row('a'), row('b')], first).page;
    const second = compileList(listing, query(`limit=1&cursor=${nextCursor ?? ''}`), context);
    expect(second.where).toBe('(true) and ((opened_at, id) < ($1::timestamptz, $2::uuid))');
    expect(second.binds).toEqual(['2026-11-23T00:00:00.123456+00:00', 'a']);
    expect(second.orderBy).toBe('opened_at desc, id desc');
  });

  it('is refused when sort or filter changed, and may have another size', () => {
    const first = compileList(listing, query('filter[title]=a'), context);
    const cursor = first.cursorOf(['2026-11-23', 'a']);
    const with_ = (text: string) => () =>
      compileList(listing, query(`${text}&cursor=${cursor}`), context);
    expect(with_('filter[title]=a&limit=7')).not.toThrow();
    expect(with_('filter[title]=b')).toThrow(/does not belong/);
    expect(with_('filter[title]=a&sort=openedAt')).toThrow(/does not belong/);
  });

  it("puts its binds after the caller's own, and counts without the cursor", () => {
    const first = compileList(listing, query('filter[title]=a'), context);
    const text = `filter[title]=a&cursor=${first.cursorOf(['2026-11-23', 'a'])}`;
    const own = compileList(listing, query(text), { ...context, binds: ['mine'] });
    expect(own.binds).toEqual(['mine', 'a', '2026-11-23', 'a']);
    expect(own.matching).toEqual({ where: '((title = $2::text))', binds: ['mine', 'a'] });
  });
});

describe('the order', () => {
  const after = (sort: string, key: (string | null)[]) => {
    const columns = columnsOf(listing, query(`sort=${sort}`).sort);
    const binds: unknown[] = [];
    return {
      order: orderBySql(columns),
      after: afterSql(columns, key, (v) => `$${binds.push(v)}`),
    };
  };

  it('has items without a value last, whichever way it goes', () => {
    expect(after('dueAt', ['d', 'i']).order).toBe('due_at, id');
    expect(after('-dueAt', ['d', 'i']).order).toBe('due_at desc nulls last, id desc');
  });

  it('goes on after a value with the later ones and then with those without', () => {
    expect(after('dueAt', ['d', 'i']).after).toBe(
      '(due_at >= $1::timestamptz or due_at is null) and ' +
        '(((due_at > $1::timestamptz or due_at is null)) or (due_at = $1::timestamptz and id > $2::uuid))',
    );
  });

  it('goes on after an item without a value by the id alone', () => {
    expect(after('dueAt', [null, 'i']).after).toBe(
      'due_at is null and ((false) or (due_at is null and id > $1::uuid))',
    );
  });
});
