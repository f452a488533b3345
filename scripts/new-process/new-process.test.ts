import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { namesOf, type Wish } from './names';
import { indexWith, registryWith } from './registration';
import { refuseTaken } from './taken';

describe('what a new process is called', () => {
  it.each([
    { type: 'loan', pascal: 'Loan', path: 'loans', prefix: 'LOA', words: 'loan' },
    { type: 'query', pascal: 'Query', path: 'queries', prefix: 'QUE', words: 'query' },
    {
      ...{ type: 'leaveRequest', pascal: 'LeaveRequest', path: 'leave-requests' },
      ...{ prefix: 'LEA', words: 'leave request' },
    },
    {
      ...{ type: 'accessPass', pascal: 'AccessPass', path: 'access-passes' },
      ...{ prefix: 'ACC', words: 'access pass' },
    },
  ])('follows from its type: $type', (names) => {
    expect(namesOf(names.type)).toEqual(names);
  });

  it('is what one says instead of what is guessed', () => {
    const wish = { plural: 'children', prefix: 'KID' };
    expect(namesOf('child', wish)).toMatchObject({ path: 'children', prefix: 'KID' });
  });

  it.each<[string, Wish]>([
    ['class', {}],
    ['default', {}],
    ['Loan', {}],
    ['office-move', {}],
    ['a b', {}],
    ['../loan', {}],
    ['9lives', {}],
    ['foundling', { plural: '../loans' }],
    ['foundling', { plural: 'Loans' }],
    ['foundling', { prefix: 'lo' }],
    ['of', { prefix: 'O' }],
  ])('is refused when it is no name: %s %j', (type, wish) => {
    expect(() => namesOf(type, wish)).toThrow(/is no (name|address|prefix)/);
  });
});

describe('a name that is taken', () => {
  const taken = (type: string, wish: Wish = {}) => {
    refuseTaken(resolve('.'), namesOf(type, wish));
  };

  it.each<[string, string, Wish]>([
    ['incident', 'The name incident is taken', {}],
    ['mail', 'The name mail is taken', {}],
    ['user', 'The name user is taken', {}],
    ['teams', 'The name teams is taken', {}],
    ['reference', 'a schema Reference', {}],
    ['foundling', 'The address /teams is taken', { plural: 'teams' }],
    ['foundling', 'The address /incidents is taken', { plural: 'incidents' }],
    ['foundling', 'The address /life is taken', { plural: 'life' }],
    ['foundling', 'Numbers of incidents begin with INC', { prefix: 'INC' }],
  ])('is refused: %s (%s)', (type, words, wish) => {
    expect(() => {
      taken(type, wish);
    }).toThrow(words);
  });

  it('is none that nobody has', () => {
    expect(() => {
      taken('lostProperty');
    }).not.toThrow();
  });
});

describe('registering', () => {
  const names = namesOf('lostProperty');
  const read = (path: string) => readFileSync(resolve(path), 'utf8');

  it('adds to both lists and leaves all that was there as it is', () => {
    const registry = registryWith(read('workflows/registry.ts'), names).split('\n');
    const kept = registry.filter((line) => !line.includes('lostProperty'));
    expect(kept.join('\n')).toBe(read('workflows/registry.ts'));
    expect(registry.length).toBe(kept.length + 2);
    const index = indexWith(read('workflows/index.ts'), names);
    expect(index).toContain(', live as lostProperty');
    expect(index.replace(', live as lostProperty', '')).toBe(read('workflows/index.ts'));
  });

  it('takes the list of lives in one line as in several', () => {
    const several = "export {\n  live as a,\n  live as b,\n} from './life';\n";
    expect(indexWith(several, names)).toContain('live as b, live as lostProperty,\n}');
  });

  it('is refused when a list has a form that is not known', () => {
    expect(() => registryWith('export const processes = [];', names)).toThrow('by hand');
    expect(() => indexWith('export const live = 1;', names)).toThrow('by hand');
  });
});
