import { differing } from './record';

describe('what an act changed', () => {
  it('is all of what came or went', () => {
    expect(differing(undefined, { name: 'Mail' })).toEqual({
      before: null,
      after: { name: 'Mail' },
    });
    expect(differing({ name: 'Mail' }, undefined)).toEqual({
      before: { name: 'Mail' },
      after: null,
    });
  });

  it('is of what stayed only the fields that differ, deeply compared', () => {
    const before = { name: 'Mail', team: { id: '1' }, tags: ['a'], gone: 1 };
    const after = { name: 'Mail', team: { id: '2' }, tags: ['a'], come: 2 };
    expect(differing(before, after)).toEqual({
      before: { team: { id: '1' }, gone: 1 },
      after: { team: { id: '2' }, come: 2 },
    });
  });
});
