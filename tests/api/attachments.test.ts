/** Files of tickets: in and out as real streams, by right, safely, and nothing left of what was refused. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import { z } from 'zod';
import { sweepFiles } from '../../models/attachments/sweep';
import { eventually, openWorld, type World } from '../harness';
import { addressOf, Attachment, doorOf, listedBy, pdfOf, png, problemIn, type Door } from './files';
import { opened } from './incident';

const mebibyte = 2 ** 20;

let world: World;
let server: Server;
let user: Door;
let agent: Door;
let colleague: Door;
/** The user's incident. */
let path: string;
beforeAll(async () => {
  world = await openWorld({ worker: false });
  server = world.app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = addressOf(server);
  user = await doorOf(world, url, 'user');
  agent = await doorOf(world, url, 'agent');
  colleague = await doorOf(world, url, 'stranger');
});
beforeEach(async () => {
  const { id } = await opened(await world.as('user'));
  path = `/incidents/${id}/attachments`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await world.close();
});

const pdf = { 'content-type': 'application/pdf' };
const added = async (door: Door, name: string, file: Uint8Array, query = '') => {
  const answer = await door.add(`${path}?name=${encodeURIComponent(name)}${query}`, file);
  expect([answer.status, name]).toEqual([201, name]);
  return Attachment.parse(await answer.json());
};
const stored = async () =>
  (await readdir(world.fileFolder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  ).length;
const rows = (sql: string) => world.rows(sql, [world.organizationId]);
const feed = () =>
  world.rows(
    `select type, visibility, actor->>'name' as who, data from ticket_events
      where ticket_id = $1 and type in ('attached', 'detached') order by version`,
    [path.split('/')[2]],
  );

describe('a file', () => {
  it('of 10 MB goes in and comes out as it was, whole and in parts', async () => {
    const file = pdfOf(10 * mebibyte);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const one = await added(user, 'Bericht Käse.pdf', file);
    expect(one).toMatchObject({
      ...{ name: 'Bericht Käse.pdf', mediaType: 'application/pdf', bytes: file.length, sha256 },
      ...{ isPublic: true, commentId: null, addedBy: { id: world.id('person', 'user') } },
    });
    const whole = await user.get(`${path}/${one.id}`);
    expect(Buffer.from(await whole.arrayBuffer()).equals(file)).toBe(true);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(file.length),
      'content-disposition': `attachment; filename="Bericht K?se.pdf"; filename*=UTF-8''Bericht%20K%C3%A4se.pdf`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      etag: `"${sha256}"`,
    });

    const part = await user.get(`${path}/${one.id}`, { range: 'bytes=1000000-1999999' });
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 1000000-1999999/${file.length}`,
    ]);
    const bytes = Buffer.from(await part.arrayBuffer());
    expect(bytes.equals(file.subarray(1_000_000, 2_000_000))).toBe(true);
    const beyond = await user.get(`${path}/${one.id}`, { range: 'bytes=99999999-' });
    expect(beyond.headers.get('content-range')).toBe(`bytes */${file.length}`);
    expect(await problemIn(beyond)).toEqual([416, 'range_not_satisfiable']);
    const known = await user.get(`${path}/${one.id}`, { 'if-none-match': `"${sha256}"` });
    expect([known.status, await known.text()]).toEqual([304, '']);
    const head = await world.as('user').then((by) => by.get(`${path}/${one.id}?inline`));
    expect(head.headers['content-disposition']).toMatch(/^inline; /);
  });

  it('is stored once for an organization, and stays until nobody has it', async () => {
    const file = pdfOf(5_000);
    const before = await stored();
    const [one, two] = [await added(user, 'a.pdf', file), await added(agent, 'b.pdf', file)];
    expect(await stored()).toBe(before + 1);
    expect((await user.delete(`${path}/${one.id}`)).status).toBe(204);
    await rows(
      `update attachment_files set unheld_since = unheld_since - interval '25 hours'`.concat(
        ' where organization_id = $1',
      ),
    );
    await sweepFiles(world);
    const again = await agent.get(`${path}/${two.id}`);
    expect((await again.arrayBuffer()).byteLength).toBe(5_000);
    expect((await agent.delete(`${path}/${two.id}`)).status).toBe(204);
    await sweepFiles(world);
    expect(await stored()).toBe(before + 1);
    await rows(`update attachment_files set unheld_since = unheld_since - interval '25 hours'
                 where organization_id = $1`);
    await sweepFiles(world);
    expect(await stored()).toBe(before);
    expect(await problemIn(await agent.delete(`${path}/${two.id}`))).toEqual([404, 'not_found']);
    // As new: the one that was removed is not taken for it.
    await added(user, 'a.pdf', file);
    expect(await stored()).toBe(before + 1);
  });

  it('sent by many at once with the same content is stored once', async () => {
    const file = pdfOf(200_000);
    const before = await stored();
    await Promise.all([1, 2, 3, 4, 5].map((n) => added(user, `${n}.pdf`, file)));
    expect(await stored()).toBe(before + 1);
    expect(await listedBy(user, path)).toHaveLength(5);
  });

  it('is added once by a repeat with the same key', async () => {
    const send = () =>
      user.add(`${path}?name=a.pdf`, pdfOf(3_000), { ...pdf, 'idempotency-key': 'once' });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await second.json()).toEqual(await first.json());
    expect(await listedBy(user, path)).toHaveLength(1);
  });

  it('has a line in the feed when it comes and when it goes, with its hash', async () => {
    const { id, sha256, name } = await added(user, 'a.png', png);
    await agent.delete(`${path}/${id}`);
    const about = { attachmentId: id, name, sha256, bytes: png.length };
    expect(await feed()).toEqual([
      {
        ...{ type: 'attached', visibility: 'public', who: 'user' },
        data: expect.objectContaining({ ...about, mediaType: 'image/png' }) as unknown,
      },
      {
        ...{ type: 'detached', visibility: 'public', who: 'agent' },
        data: expect.objectContaining(about) as unknown,
      },
    ]);
  });

  it('may have any name, and keeps what is harmless of it', async () => {
    const names = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\temp\\ shot.png', 'shot.png'],
      ['cv\u202egnp.pdf', 'cvgnp.pdf'],
      ['a\r\nSet-Cookie: x=1.png', 'aSet-Cookie: x=1.png'],
      ['..', 'file'],
      ['Zu\u0308rich.png', 'Z\u00fcrich.png'],
    ] as const;
    for (const [given, kept] of names) {
      const one = await added(user, given, png);
      expect(one.name).toBe(kept);
      const sent = await user.get(`${path}/${one.id}`);
      expect([sent.status, sent.headers.get('set-cookie')]).toEqual([200, null]);
      await sent.arrayBuffer();
    }
    const disposition = { 'content-disposition': `attachment; filename="from header.png"` };
    const answer = await user.add(path, png, disposition);
    expect(await answer.json()).toMatchObject({ name: 'from header.png' });
    expect(await problemIn(await user.add(path, png))).toEqual([422, 'invalid_input']);
  });
});

describe('what is not taken', () => {
  const exe = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(400)]);
  const html = Buffer.from('<!DOCTYPE html><script>alert(1)</script>');
  const svg = Buffer.from('<?xml version="1.0"?>\n<!-- x -->\n<svg onload="alert(1)"/>');
  it.each([
    ['a picture that is a PDF', 'a.png', 'image/png', pdfOf(100)],
    ['a PDF that is text', 'a.pdf', 'application/pdf', Buffer.from('hello')],
    ['text that is no text', 'a.txt', 'text/plain', Buffer.from([0, 1, 2, 250])],
    ['an executable', 'a.bin', 'application/octet-stream', exe],
    ['an executable by its name', 'a.PS1', 'text/plain', Buffer.from('Get-Item')],
    ['a page', 'a.txt', 'text/plain', html],
    ['a page that says so', 'a', 'text/html', Buffer.from('hello')],
    ['a drawing', 'a.xml', 'application/xml', svg],
  ])('%s', async (_, name, type, file) => {
    const before = await stored();
    const answer = await user.add(`${path}?name=${name}`, file, { 'content-type': type });
    expect(await problemIn(answer)).toEqual([415, 'unsupported_media_type']);
    expect(await stored()).toBe(before);
  });

  it('an empty one, one in an encoding, and one that is too large, said or not', async () => {
    const before = await stored();
    expect(await problemIn(await user.add(`${path}?name=a`, Buffer.alloc(0)))).toEqual([
      400,
      'invalid_request',
    ]);
    const gzip = { 'content-encoding': 'gzip' };
    expect(await problemIn(await user.add(`${path}?name=a`, png, gzip))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    const large = pdfOf(25 * mebibyte + 1);
    expect(await problemIn(await user.add(`${path}?name=a.pdf`, large, pdf))).toEqual([
      413,
      'payload_too_large',
    ]);
    // In chunks, so that nobody knows before.
    const sending = user.begin(`${path}?name=a.pdf`, pdf);
    const status = new Promise((resolve) => {
      sending.on('response', (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
    });
    sending.end(large);
    expect(await status).toBe(413);
    expect(await stored()).toBe(before);
    expect(
      await rows('select 1 from attachment_files where organization_id = $1 and sha256 is null'),
    ).toEqual([]);
    expect(await listedBy(user, path)).toEqual([]);
  });

  it('one whose sender goes away leaves nothing', async () => {
    const before = await stored();
    const sending = user.begin(`${path}?name=a.pdf`, pdf);
    sending.write(pdfOf(mebibyte));
    await eventually('it has begun', async () => ((await stored()) > before ? true : undefined));
    sending.destroy();
    await eventually('it is gone', async () => ((await stored()) === before ? true : undefined));
    const left = () =>
      rows('select 1 from attachment_files where organization_id = $1 and sha256 is null');
    await eventually('its row, too', async () => ((await left()).length === 0 ? true : undefined));
    expect(await feed()).toEqual([]);
  });
});

describe('who may', () => {
  it('see an internal one: agents, and nobody else', async () => {
    const one = await added(agent, 'note.png', png, '&isPublic=false');
    expect(await listedBy(agent, path)).toHaveLength(1);
    expect(await listedBy(user, path)).toEqual([]);
    for (const answer of [
      await user.get(`${path}/${one.id}`),
      await user.delete(`${path}/${one.id}`),
    ])
      expect(await problemIn(answer)).toEqual([404, 'not_found']);
    const wish = await user.add(`${path}?name=a.png&isPublic=false`, png);
    expect(await problemIn(wish)).toEqual([403, 'forbidden']);
    expect((await feed())[0]).toMatchObject({ visibility: 'internal' });
  });

  it('reach those of a ticket: whoever sees it; take one away: whoever added it, and agents', async () => {
    const one = await added(agent, 'a.png', png);
    for (const answer of [
      await colleague.get(path),
      await colleague.get(`${path}/${one.id}`),
      await colleague.add(`${path}?name=a.png`, png),
      await colleague.delete(`${path}/${one.id}`),
    ])
      expect(await problemIn(answer)).toEqual([404, 'not_found']);
    expect(await problemIn(await user.delete(`${path}/${one.id}`))).toEqual([403, 'forbidden']);
    const { id } = await opened(await world.as('user'));
    const elsewhere = `/incidents/${id}/attachments/${one.id}`;
    expect(await problemIn(await agent.get(elsewhere))).toEqual([404, 'not_found']);
  });

  it('add one to a comment: it is of this ticket, and no more public than the comment', async () => {
    const by = await world.as('agent');
    const comments = path.replace('attachments', 'comments');
    const said = await by.post(comments, { body: 'look', isPublic: false }).expect(201);
    const { id } = z.object({ id: z.string() }).parse(said.body);
    const wish = `${path}?name=a.png&commentId=${id}`;
    expect(await problemIn(await agent.add(wish, png))).toEqual([422, 'invalid_input']);
    expect(await problemIn(await user.add(wish, png))).toEqual([422, 'invalid_input']);
    const answer = await agent.add(`${wish}&isPublic=false`, png);
    expect(await answer.json()).toMatchObject({ commentId: id, isPublic: false });
    const found = await listedBy(agent, `${path}?filter[commentId]=${id}`);
    expect(found).toHaveLength(1);
  });
});
