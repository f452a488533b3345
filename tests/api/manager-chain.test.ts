/** Whatever is done to managers, by whichever door and at once: nobody stands above themselves. */
import fc from 'fast-check';
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import type { Caller } from './incident';

const size = 5;
const Person = z.object({ id: z.uuid(), email: z.string(), manager: z.uuid().nullable() });
const Problem = z.object({ errors: z.array(z.object({ code: z.string() })) });

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  admin = await world.as('admin');
});
afterAll(() => world.close());

/** Somebody by their place among all, new ones included. */
const who = fc.nat({ max: 50 });
const above = fc.option(who, { nil: null, freq: 6 });
const edit = fc.record({ do: fc.constant('edit' as const), who, above });
const make = fc.record({ do: fc.constant('make' as const), above });
const file = fc.record({
  do: fc.constant('file' as const),
  lines: fc.array(fc.tuple(who, above), { minLength: 1, maxLength: 4 }),
});
const bulk = fc.record({ do: fc.constant('bulk' as const), ids: fc.array(who, { minLength: 1 }) });
const deed = fc.oneof(
  ...[
    { weight: 6, arbitrary: edit },
    { weight: 1, arbitrary: make },
  ],
  ...[
    { weight: 2, arbitrary: file },
    { weight: 1, arbitrary: bulk },
  ],
);
type Deed = typeof deed extends fc.Arbitrary<infer One> ? One : never;
type People = readonly z.infer<typeof Person>[];

async function people(): Promise<People> {
  const rows = await world.rows(
    `select id, email, manager_id as manager from users where email like 'chain-%' order by created_at, id`,
  );
  return z.array(Person).parse(rows);
}

let made = 0;
const newEmail = () => `chain-${(made += 1)}@${world.slug}.example`;

/** People of whom nobody is above anybody. */
async function begin(): Promise<void> {
  await world.rows(`update users set manager_id = null where email like 'chain-%'`);
  await world.rows(`delete from users where email like 'chain-%'`);
  await world.rows(
    `insert into users (organization_id, id, email, name, role)
     select $1, gen_random_uuid(), email, email, 'end_user' from unnest($2::text[]) email`,
    [world.organizationId, Array.from({ length: size }, newEmail)],
  );
}

const at = (all: People, place: number) => all[place % all.length];
const idAt = (all: People, place: number | null) =>
  place === null ? null : (at(all, place)?.id ?? null);
const emailAt = (all: People, place: number | null) =>
  place === null ? '' : (at(all, place)?.email ?? '');

function does(one: Deed, all: People) {
  switch (one.do) {
    case 'edit':
      return admin.patch(`/users/${idAt(all, one.who) ?? ''}`, { managerId: idAt(all, one.above) });
    case 'make': {
      const email = newEmail();
      const managerId = idAt(all, one.above);
      return admin.post('/users', { email, name: email, managerId, login: false });
    }
    case 'file': {
      const lines = one.lines.map(([who, above]) => `${emailAt(all, who)},${emailAt(all, above)}`);
      const csv = ['email,manager', ...lines].join('\n');
      return admin.post('/users/actions/import', { csv, dryRun: false });
    }
    case 'bulk': {
      const ids = one.ids.map((place) => idAt(all, place));
      return admin.post('/users/actions/bulk', { ids, action: 'activate' });
    }
  }
}

function circles(all: People): string[] {
  return all.filter(({ id }) => chainAbove(all, id).includes(id)).map(({ email }) => email);
}

/** All who stand above somebody, until nobody does or somebody comes again. */
function chainAbove(all: People, id: string): string[] {
  const managerOf = new Map(all.map((one) => [one.id, one.manager]));
  const chain: string[] = [];
  let next = managerOf.get(id) ?? null;
  while (next !== null && !chain.includes(next)) {
    chain.push(next);
    next = managerOf.get(next) ?? null;
  }
  return chain;
}

describe('the chain of managers', () => {
  it('is refused what would close it, and nothing else', () =>
    fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 3, maxLength: 12 }), async (deeds) => {
        await begin();
        for (const one of deeds) {
          const all = await people();
          const answer = await does(one, all);
          const { status } = answer;
          const body: unknown = answer.body;
          if (one.do === 'edit') {
            const [id, managerId] = [idAt(all, one.who) ?? '', idAt(all, one.above)];
            const closes =
              managerId !== null && [managerId, ...chainAbove(all, managerId)].includes(id);
            expect(status).toBe(closes ? 422 : 200);
            if (closes) expect(Problem.parse(body).errors).toMatchObject([{ code: 'cycle' }]);
          }
          expect([200, 201, 422]).toContain(status);
          expect(circles(await people())).toEqual([]);
        }
      }),
      { numRuns: 25 },
    ));

  it('stays a chain when all of it is done at once', () =>
    fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 8 }), async (deeds) => {
        await begin();
        const all = await people();
        const answers = await Promise.all(deeds.map((one) => does(one, all)));
        expect(answers.map(({ status }) => status).filter((code) => code > 422)).toEqual([]);
        expect(circles(await people())).toEqual([]);
      }),
      { numRuns: 40 },
    ));
});
