import * as fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { toInstant } from '../instant';
import { conflictsOf, type Conflict, type Ground, type PlannedChange } from './conflicts';
import { relatedTo } from './dependencies';

const dayMs = 86_400_000;
const hour = (n: number) => toInstant(Date.UTC(2026, 2, 2) + n * 3_600_000);
const named = (id: string) => ({ id, name: id.toUpperCase() });
const bare: Ground = { dependencies: [], freezes: [], maintenance: [] };

interface Wish {
  readonly hours?: readonly [number, number];
  readonly services?: readonly string[];
  readonly items?: readonly string[];
  readonly people?: readonly string[];
}

function change(id: string, wish: Wish): PlannedChange {
  const { hours = [0, 4], services = [], items = [], people = [] } = wish;
  return {
    ...{ id, number: `CHG-${id}`, title: `Change ${id}` },
    window: { start: hour(hours[0]), end: hour(hours[1]) },
    services: services.map(named),
    configurationItems: items,
    people: people.map(named),
  };
}

const needs = (serviceId: string, dependsOnId: string) => ({ serviceId, dependsOnId });
const briefly = ({ kind, services, isBlocking }: Conflict) => [
  kind,
  services.map(({ id }) => id).sort(),
  isBlocking,
];

describe('two changes', () => {
  const mine = change('1', { services: ['mail'], items: ['srv-7'], people: ['ann', 'bob'] });

  it('collide over services, items and people, with when and why, the heaviest first', () => {
    const other = change('2', {
      ...{ hours: [3, 9], services: ['mail', 'web'], items: ['srv-7'], people: ['bob'] },
    });
    const found = conflictsOf(mine, [other], bare);
    expect(found.map(({ kind }) => kind)).toEqual([
      ...['sameConfigurationItem', 'sameService', 'samePeople'],
    ]);
    const { id, number, title, window } = other;
    const met = { type: 'change', id, number, title, window };
    expect(found).toMatchObject([
      { configurationItems: ['srv-7'], isBlocking: true, with: met },
      { services: [named('mail')], isBlocking: true, with: met },
      { people: [named('bob')], isBlocking: false, with: met },
    ]);
    expect(found.map(({ overlap }) => overlap)).toEqual(
      found.map(() => ({ from: hour(3), until: hour(4) })),
    );
    expect(found.map(({ reason }) => reason)).toEqual([
      'CHG-2 works on srv-7 at the same time.',
      'CHG-2 works on MAIL at the same time.',
      'CHG-2 needs BOB at the same time.',
    ]);
  });

  it('do not collide when the one begins as the other ends, nor does one with itself', () => {
    const next = change('2', { hours: [4, 8], services: ['mail'] });
    expect(conflictsOf(mine, [next, mine], bare)).toEqual([]);
  });

  it('are tied by dependencies, whichever way round and over services between', () => {
    const ground = { ...bare, dependencies: [needs('mail', 'network'), needs('network', 'power')] };
    const power = change('2', { services: ['power', 'print'] });
    const expected = [['dependentService', ['mail', 'power'], false]];
    expect(conflictsOf(mine, [power], ground).map(briefly)).toEqual(expected);
    expect(conflictsOf(power, [mine], ground).map(briefly)).toEqual(expected);
    expect(conflictsOf(mine, [power], ground)[0]?.reason).toBe(
      'CHG-2 works on POWER at the same time, tied to MAIL by a dependency.',
    );
  });

  it('that only need the same service are not tied', () => {
    const ground = { ...bare, dependencies: [needs('mail', 'power'), needs('web', 'power')] };
    expect(conflictsOf(mine, [change('2', { services: ['web'] })], ground)).toEqual([]);
  });
});

describe('a change alone', () => {
  const mine = change('1', { services: ['mail', 'web'] });
  const freeze = (id: string, serviceIds: string[]) => ({
    ...{ id, name: `Freeze ${id}`, reason: 'The books are closed.', serviceIds },
    ...{ from: hour(-24), until: hour(1) },
  });

  it('collides with freezes of everything and of its services', () => {
    const freezes = [freeze('a', []), freeze('b', ['web', 'print']), freeze('c', ['print'])];
    const found = conflictsOf(mine, [], { ...bare, freezes });
    expect(found).toMatchObject([
      { kind: 'freeze', with: { type: 'freeze', id: 'a', name: 'Freeze a' }, isBlocking: true },
      { kind: 'freeze', with: { type: 'freeze', id: 'b' }, services: [named('web')] },
    ]);
    expect(found[0]?.overlap).toEqual({ from: hour(0), until: hour(1) });
    expect(found.map(({ reason }) => reason)).toEqual([
      'Everything is frozen by "Freeze a": The books are closed.',
      'WEB is frozen by "Freeze b": The books are closed.',
    ]);
  });

  it('collides with its own time when a service has maintenance windows elsewhere', () => {
    const definition = { timezone: 'UTC', weekly: { sun: [['02:00', '06:00']] } } as const;
    const maintenance = [{ id: 'm', name: 'Sundays', serviceIds: ['web'], definition }];
    expect(conflictsOf(mine, [], { ...bare, maintenance })).toMatchObject([
      {
        ...{ kind: 'outsideMaintenance', with: null, services: [named('web')], isBlocking: true },
        reason: 'No maintenance window of WEB holds the whole window of the change.',
      },
    ]);
  });
});

const some = (names: readonly string[]) => fc.uniqueArray(fc.constantFrom(...names));
const services = ['a', 'b', 'c', 'd', 'e', 'f'];
const anyChange = (id: string) =>
  fc
    .record({
      hours: fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })),
      services: some(services),
      items: some(['x', 'y', 'z']),
      people: some(['ann', 'bob', 'cem']),
    })
    .map((wish) => change(id, { ...wish, hours: [wish.hours[0], wish.hours[0] + wish.hours[1]] }));
const anyDependencies = fc.array(
  fc
    .tuple(fc.constantFrom(...services), fc.constantFrom(...services))
    .map(([one, other]) => needs(one, other)),
  { maxLength: 8 },
);

/** All but the words and the other side. */
function essenceOf({ kind, overlap, isBlocking, ...about }: Conflict) {
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id).sort();
  return {
    ...{ kind, overlap, isBlocking, services: ids(about.services), people: ids(about.people) },
    configurationItems: about.configurationItems.toSorted(),
  };
}

describe('any two changes', () => {
  it('collide in the same way from both sides', () => {
    let collided = 0;
    fc.assert(
      fc.property(anyChange('1'), anyChange('2'), anyDependencies, (one, other, dependencies) => {
        const ground = { ...bare, dependencies };
        const found = conflictsOf(one, [other], ground);
        if (found.length > 0) collided += 1;
        expect(conflictsOf(other, [one], ground).map(essenceOf)).toEqual(found.map(essenceOf));
      }),
      { numRuns: 500 },
    );
    expect(collided).toBeGreaterThan(50);
  });

  it('are tied exactly when a path of dependencies leads from the one to the other', () => {
    fc.assert(
      fc.property(anyDependencies, (dependencies) => {
        const leads = (from: string, to: string, steps = services.length): boolean =>
          steps > 0 &&
          dependencies.some(
            (edge) =>
              edge.serviceId === from &&
              (edge.dependsOnId === to || leads(edge.dependsOnId, to, steps - 1)),
          );
        for (const one of services) {
          const tied = services.filter(
            (other) => other !== one && (leads(one, other) || leads(other, one)),
          );
          expect([...(relatedTo([one], dependencies).get(one) ?? [])].sort()).toEqual(tied);
        }
      }),
    );
  });
});

it('a thousand others are compared in a moment', () => {
  const pick = (k: number, of: string, among: number) => `${of}${k % among}`;
  const crowd = Array.from({ length: 1_000 }, (_, k) =>
    change(String(k), {
      hours: [k % 50, (k % 50) + 6],
      services: [0, 1, 2].map((n) => pick(k * 7 + n * 31, 's', 200)),
      items: [0, 1, 2].map((n) => pick(k * 5 + n * 17, 'ci', 400)),
      people: [0, 1].map((n) => pick(k * 3 + n * 13, 'p', 60)),
    }),
  );
  const dependencies = Array.from({ length: 400 }, (_, k) =>
    needs(pick(k, 's', 200), pick(k * 3 + 1, 's', 200)),
  );
  const freezes = Array.from({ length: 50 }, (_, k) => ({
    ...{ id: `f${k}`, name: 'Freeze', reason: 'Because.', serviceIds: [pick(k, 's', 200)] },
    ...{ from: hour(k), until: toInstant(Date.parse(hour(k)) + dayMs) },
  }));
  const mine = change('mine', {
    hours: [10, 30],
    services: Array.from({ length: 10 }, (_, k) => pick(k * 11, 's', 200)),
    people: ['p1', 'p2'],
  });
  const ground = { ...bare, dependencies, freezes };
  conflictsOf(mine, crowd, ground);
  const before = performance.now();
  const found = conflictsOf(mine, crowd, ground);
  const tookMs = performance.now() - before;
  expect(found.length).toBeGreaterThan(100);
  // 7 to 26 ms on two cores with eight to twelve at work; the promise is 50.
  expect(tookMs).toBeLessThan(250);
});
