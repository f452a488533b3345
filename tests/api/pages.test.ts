/** The pages behind the links of mails; what they do in a browser is looked at with one. */
import supertest from 'supertest';
import { openWorld, type World } from '../harness';

let world: World;
beforeAll(async () => {
  world = await openWorld({ worker: false });
});
afterAll(() => world.close());

const get = (path: string) => supertest(world.app).get(path);

describe('the page to choose a password', () => {
  it('is there without a sign-in, with all that it names, below its own address', async () => {
    const page = await get('/set-password').expect(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const named = [...page.text.matchAll(/(?:href|src)="(?!data:)([^"]+)"/g)].map(
      ([, path = '']) => path,
    );
    expect(named.sort()).toEqual(['set-password/page.css', 'set-password/page.mjs']);
    const types = await Promise.all(named.map(async (path) => (await get(`/${path}`)).type));
    expect(types).toEqual(['text/css', 'text/javascript']);
  });

  it('has nothing that the door forbids, and no field without a label', async () => {
    const { text, headers } = await get('/set-password');
    expect(headers['content-security-policy']).toContain("script-src 'self'");
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
    const fields = [...text.matchAll(/<input\s+id="(\w+)"\s+type="password"/g)];
    for (const [, id = ''] of fields) expect(text).toContain(`<label for="${id}">`);
    expect(fields).toHaveLength(2);
  });

  it('asks what there is: the route that its script calls takes what it sends', async () => {
    const { text } = await get('/set-password/page.mjs');
    const path = /fetch\('([^']+)'/.exec(text)?.[1] ?? '';
    const answer = await supertest(world.app)
      .post(`/${path}`)
      .send({ token: 'none', newPassword: 'Correct-horse-22' });
    expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ pointer: '/token' }] }]);
  });

  it.each(['/set-password/pages.ts', '/set-password/../app.ts', '/set-password/nothing'])(
    'shows no other file: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});
