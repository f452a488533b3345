import fc from 'fast-check';
import { conditionSql } from '../../api/http/filter/sql';
import { holds } from '../../models/filter/holds';
import { asked, conditions, subjects } from '../conditions';
import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const row = `jsonb_to_record($1::jsonb) as s(state text, priority text, team uuid, opened_at timestamptz,
  is_vip boolean, reopenings bigint, share numeric, department text)`;
const columns: Readonly<Record<string, string>> = {
  openedAt: 'opened_at',
  'requester.isVip': 'is_vip',
  'requester.department': 'department',
};

it('a condition means in memory what it means in SQL', async () => {
  const actor = { id: world.organizationId, organizationId: world.organizationId };
  await fc.assert(
    fc.asyncProperty(
      fc.array(conditions, { minLength: 20, maxLength: 20 }),
      subjects,
      async (trees, subject) => {
        const named = Object.entries(subject).map(([name, value]) => [
          columns[name] ?? name,
          value,
        ]);
        const binds: unknown[] = [JSON.stringify(Object.fromEntries(named))];
        const bind = (value: unknown) => `$${binds.push(value)}`;
        const asSql = trees.map(
          (tree) => `(${conditionSql(tree, { listing: asked, actor, bind })}) is true`,
        );
        const [found] = await world.rows(
          `select array[${asSql.join(', ')}] as holds from ${row}`,
          binds,
        );
        expect(trees.map((tree) => holds(asked.fields, tree, subject))).toEqual(found?.['holds']);
      },
    ),
    { numRuns: 200 },
  );
});
