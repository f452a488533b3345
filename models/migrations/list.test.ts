import { migrations } from './list';

/** What the code of the release before could stumble over. Functions and policies may be replaced. */
const takesAway: readonly [what: string, mark: RegExp][] = [
  ['drops a table', /\bdrop table\b/i],
  ['drops a column', /\balter table [^;]*\bdrop (?!constraint|not null|default|expression)/i],
  ['renames', /\balter (table|type) [^;]*\brename\b/i],
  ['changes a type', /\balter table [^;]*\balter (column )?\w+ (set data )?type\b/i],
  ['demands a value', /\balter table [^;]*\bset not null\b/i],
  [
    'adds a column that old code does not fill',
    /\balter table [^;]*\badd (column )?(if not exists )?(?!constraint|primary|unique|foreign|check)(?![^;,]*\bdefault\b)[^;,]*\bnot null\b/i,
  ],
];

function takenAway(sql: string): string[] {
  const plain = sql.replaceAll(/--.*$/gm, ' ').replaceAll(/\s+/g, ' ');
  return takesAway.filter(([, mark]) => mark.test(plain)).map(([what]) => what);
}

describe('a migration', () => {
  it.each(migrations)('$name only adds, or says since when nobody uses it', (migration) => {
    if (migration.unusedSince === undefined) expect(takenAway(migration.up)).toEqual([]);
    else expect(migration.unusedSince).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('has a number that follows the one before', () => {
    const numbers = migrations.map(({ name }) => Number(/^(\d{4})-[a-z0-9-]+$/.exec(name)?.[1]));
    expect(numbers).toEqual(numbers.map((_, k) => k + 1));
  });
});

describe('what takes something away is noticed', () => {
  it.each([
    ['drop table votes', 'drops a table'],
    ['alter table tickets\n  drop column mood', 'drops a column'],
    ['alter table tickets drop mood', 'drops a column'],
    ['alter table tickets rename column mood to temper', 'renames'],
    ['ALTER TABLE tickets RENAME TO cases', 'renames'],
    ['alter table tickets alter column mood type integer', 'changes a type'],
    ['alter table tickets alter mood set data type integer', 'changes a type'],
    ['alter table tickets alter column mood set not null', 'demands a value'],
    [
      'alter table tickets add column mood text not null',
      'adds a column that old code does not fill',
    ],
    [
      'alter table tickets add column a text default 1, add b text not null',
      'adds a column that old code does not fill',
    ],
  ])('%s', (sql, what) => {
    expect(takenAway(sql)).toEqual([what]);
  });

  it.each([
    'create table votes (id uuid not null)',
    'alter table tickets add column mood text',
    "alter table tickets add column mood text not null default 'fine'",
    'alter table tickets drop constraint tickets_mood_check',
    'alter table tickets alter column mood drop not null',
    'create index tickets_mood on tickets (mood); alter table tickets enable row level security',
    '-- drop table votes\nselect 1',
  ])('but not by mistake: %s', (sql) => {
    expect(takenAway(sql)).toEqual([]);
  });
});
