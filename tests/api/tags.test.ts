/** Tags: given as a whole, told in the feed, found by, and completed within what one may see. */
import { z } from 'zod';
import { openWorld, type World } from '../harness';
import { opened, ticketOf, type Caller } from './incident';

let world: World;
let agent: Caller;
let user: Caller;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  [agent, user] = [await world.as('agent'), await world.as('user')];
});
afterAll(() => world.close());

const Tagged = z.object({ tags: z.array(z.string()), revision: z.int() });
const tag = async (id: string, tags: readonly string[]) =>
  Tagged.parse((await agent.put(`/incidents/${id}/tags`, { tags }).expect(200)).body);
const used = async (by: Caller, prefix = '') =>
  (
    (await by.get(`/tags?prefix=${encodeURIComponent(prefix)}`).expect(200)).body as {
      data: unknown;
    }
  ).data;
const found = async (query: string) => {
  const answer = await agent.get(`/incidents?${query}`).expect(200);
  const { data } = z.object({ data: z.array(z.object({ id: z.string() })) }).parse(answer.body);
  return data.map(({ id }) => id).sort();
};

describe('tags of a ticket', () => {
  it('are given in place of those it has, in small letters, each once, with lines in the feed', async () => {
    const { id } = await opened(agent);
    expect((await tag(id, ['VPN', ' vpn', 'Zu\u0308rich', 'home-office'])).tags).toEqual([
      'home-office',
      'vpn',
      'z\u00fcrich',
    ]);
    expect((await tag(id, ['vpn', 'printer'])).tags).toEqual(['printer', 'vpn']);
    expect((await tag(id, ['vpn', 'printer'])).tags).toEqual(['printer', 'vpn']);
    const lines = await world.rows(
      `select type, data->'tags' as tags from ticket_events
        where ticket_id = $1 and type like '%tagged' order by version`,
      [id],
    );
    expect(lines).toEqual([
      { type: 'tagged', tags: ['home-office', 'vpn', 'z\u00fcrich'] },
      { type: 'tagged', tags: ['printer'] },
      { type: 'untagged', tags: ['home-office', 'z\u00fcrich'] },
    ]);
  });

  it('are words, and few; for whoever may edit it; not over what was changed meanwhile', async () => {
    const own = await opened(user);
    const path = `/incidents/${own.id}/tags`;
    for (const tags of [['two words'], [''], ['x'.repeat(41)], ['a,b'], Array(21).fill('a'), [1]])
      await agent.put(path, { tags }).expect(422);
    await user.put(path, { tags: ['vpn'] }).expect(403);
    await (await world.as('stranger')).put(path, { tags: ['vpn'] }).expect(404);
    await tag(own.id, ['one']);
    const stale = agent.put(path, { tags: ['two'] }).set('if-match', `"${own.revision}"`);
    await stale.expect(412);
    const seen = ticketOf(await user.get(`/incidents/${own.id}`));
    expect(Tagged.parse(seen).tags).toEqual(['one']);
  });

  it('are what lists are narrowed by', async () => {
    const ids = [];
    for (const tags of [['red'], ['red', 'green'], ['blue'], []]) {
      const { id } = await opened(agent);
      if (tags.length > 0) await tag(id, tags);
      ids.push(id);
    }
    const [red, both, blue, none] = ids as [string, string, string, string];
    expect(await found('filter[tags]=red')).toEqual([red, both].sort());
    expect(await found('q=tags==green')).toEqual([both]);
    expect(await found('q=tags=in=(green,blue)')).toEqual([both, blue].sort());
    const others = await found('limit=100&q=tags!=red');
    expect(others).toEqual(expect.arrayContaining([blue, none]));
    expect(others).not.toContain(both);
    await agent.get('/incidents?sort=tags').expect(422);
  });
});

describe('tags in use', () => {
  it('are counted over what one may read, the most used first', async () => {
    const mine = await opened(user);
    const other = await opened(agent);
    await tag(mine.id, ['used-often', 'used-once']);
    await tag(other.id, ['used-often', 'used_by#']);
    expect(await used(agent, 'USED')).toEqual([
      { tag: 'used-often', tickets: 2 },
      { tag: 'used-once', tickets: 1 },
      { tag: 'used_by#', tickets: 1 },
    ]);
    expect(await used(agent, '%')).toEqual([]);
    expect(await used(user, 'used')).toEqual([
      { tag: 'used-often', tickets: 1 },
      { tag: 'used-once', tickets: 1 },
    ]);
    const neighbour = await (await world.neighbour()).as('admin');
    expect(await used(neighbour)).toEqual([]);
  });
});
