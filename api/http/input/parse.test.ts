import { z } from 'zod';
import { Refusal } from '../../../models/errors';
import { parseInput } from './parse';

const schemas = {
  params: z.strictObject({ id: z.uuid() }),
  query: z.strictObject({ at: z.iso.datetime().optional() }),
  body: z.strictObject({
    title: z.string().min(1),
    impact: z.enum(['high', 'low']),
    'a/b~c': z.number().optional(),
    links: z.array(z.strictObject({ kind: z.string() })).optional(),
    target: z
      .union([
        z.strictObject({ user: z.string() }),
        z.strictObject({ team: z.string(), role: z.string() }),
      ])
      .optional(),
  }),
};
const good = {
  params: { id: '0197d9f5-2b1c-7c3e-8f21-3a6f0f2b9c11' },
  query: {},
  body: { title: 'No network', impact: 'high' },
};

function issues(raw: typeof good | object) {
  try {
    parseInput(schemas, { ...good, ...raw });
  } catch (error) {
    if (error instanceof Refusal) return error.details.errors ?? [];
    throw error;
  }
  return [];
}

const body = (members: object) => ({ body: { ...good.body, ...members } });

describe('input', () => {
  it('that is right is handed on as parsed', () => {
    expect(parseInput(schemas, good)).toEqual(good);
  });

  it('is refused with everything that is wrong at once, each with its pointer', () => {
    const found = issues({
      params: { id: 'x' },
      query: { at: 'noon', colour: 'red' },
      body: { title: '', weight: 3 },
    });
    expect(found.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/path/id', 'invalid_format'],
      ['/query/at', 'invalid_format'],
      ['/query/colour', 'unknown_field'],
      ['/title', 'too_small'],
      ['/impact', 'required'],
      ['/weight', 'unknown_field'],
    ]);
  });

  it('names each unknown field, also inside lists', () => {
    const found = issues(body({ x: 1, y: 2, links: [{ kind: 'a' }, { kind: 'b', why: 'c' }] }));
    expect(found.map((issue) => issue.pointer).sort()).toEqual(['/links/1/why', '/x', '/y']);
  });

  it('escapes pointers', () => {
    expect(issues(body({ 'a/b~c': 'x' }))[0]?.pointer).toBe('/a~1b~0c');
  });

  it('is held against the alternative that it is nearest to', () => {
    expect(issues(body({ target: { user: 'u', nick: 'n' } }))).toEqual([
      expect.objectContaining({ pointer: '/target/nick', code: 'unknown_field' }),
    ]);
  });

  it('is refused when it holds a character that the database cannot store', () => {
    expect(issues(body({ title: 'a\u0000b' }))).toEqual([
      expect.objectContaining({ pointer: '/title' }),
    ]);
  });

  it('may be no object at all: the pointer is the whole body then', () => {
    expect(issues({ body: [] })).toEqual([expect.objectContaining({ pointer: '' })]);
    expect(issues({ body: null })).toEqual([expect.objectContaining({ pointer: '' })]);
  });
});
