/** Mail on its way: written with its cause, kept by a workflow, sent to a real SMTP server that behaves badly. */
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { pino } from 'pino';
import supertest from 'supertest';
import { z } from 'zod';
import { createDeliver } from '../../activities/mail/deliver';
import { smtpPost } from '../../activities/mail/post';
import { mailWorkflowId, sweepMails } from '../../engine/mails';
import { eventually, mailFrom, openWorld, type World } from '../harness';
import { services } from '../setup/services';
import { startSmtp, type SmtpPeer } from '../setup/smtp';

const Person = z.looseObject({ id: z.string() });
const Mail = z.looseObject({
  id: z.string(),
  state: z.string(),
  link: z.string().nullable(),
  attempts: z.number(),
  lastError: z.string().nullable(),
});
type Mail = z.infer<typeof Mail>;

let smtp: SmtpPeer;
let world: World;
let admin: Awaited<ReturnType<World['as']>>;
beforeAll(async () => {
  smtp = await startSmtp();
  world = await openWorld({ smtpUrl: smtp.url });
  admin = await world.as('admin');
});
afterAll(async () => {
  await world.close();
  await smtp.close();
});

const log = pino({ level: 'silent' });
const addressOf = (name: string) => `${name}@${world.slug}.example`;
const make = async (name: string) =>
  Person.parse((await admin.post('/users', { name, email: addressOf(name) })).body);
const mailTo = async (name: string): Promise<Mail> => {
  const answer = await admin.get(`/mails?filter[to]=${addressOf(name)}`);
  const [mail] = z.object({ data: z.array(Mail).length(1) }).parse(answer.body).data;
  if (!mail) throw new Error(`No mail to ${name}`);
  return mail;
};
const settled = (name: string, withinMs?: number) =>
  eventually(
    `the end of the mail to ${name}`,
    async () => {
      const mail = await mailTo(name);
      return ['sent', 'failed'].includes(mail.state) ? mail : undefined;
    },
    withinMs,
  );
const sweep = () => {
  const { database, engine } = world;
  return sweepMails({ database, engine, log });
};
const post = (path: string, body: object) =>
  supertest(world.app).post(`/api/v1/auth/${path}`).send(body);
/** With the payloads that a history keeps in base64. */
const inClear = (history: string) =>
  history.replaceAll(/"data": *"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
/** A mail that nobody has handed over, in a world of mails that are. */
async function keptFor(name: string): Promise<{ id: string }> {
  const user = world.id('person', 'user');
  const [row] = await world.rows(
    `insert into mails (organization_id, id, kind, user_id, to_address, subject, text, lease_until)
     values ($1, gen_random_uuid(), 'lockout', $2, $3, 'Subject', 'Text', now() + interval '1 day')
     returning id`,
    [world.organizationId, user, addressOf(name)],
  );
  return z.object({ id: z.string() }).parse(row);
}

describe('a mail', () => {
  it('brings somebody new to their password; no trace of the link is kept', async () => {
    const { id } = await make('ada');
    expect(await settled('ada')).toMatchObject({ state: 'sent', attempts: 1, link: null });
    const [taken, ...more] = smtp.takenFor(addressOf('ada'));
    expect(more).toEqual([]);
    const [, token = ''] = /#token=([\w.-]+)/.exec(taken?.text ?? '') ?? [];
    const newPassword = 'Analytical-engine-1';
    expect((await post('reset-password', { token, newPassword })).status).toBe(204);
    const login = { email: addressOf('ada'), password: newPassword };
    expect((await post('login', login)).body).toMatchObject({ user: { id } });

    const hidden = token.split('.')[1] ?? '';
    const mail = await mailTo('ada');
    const workflowId = mailWorkflowId(world.slug, mail.id);
    const history = await world.engine.client.workflow.getHandle(workflowId).fetchHistory();
    const rows = await world.rows('select * from mails');
    for (const kept of [inClear(historyToJSON(history)), JSON.stringify(rows)]) {
      expect(kept).toContain(mail.id);
      expect(kept).not.toContain(hidden);
    }
  });

  it('says by whom it is, to nobody else, under the id of its row', async () => {
    await make('grace');
    const { id } = await settled('grace');
    const [taken] = smtp.takenFor(addressOf('grace'));
    expect(taken?.messageId).toBe(`<${id}@holdfast.example>`);
    expect(taken?.text).toMatch(/^From: Service desk <desk@holdfast.example>\r$/m);
    expect(taken?.text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(taken?.text).toContain('Hello grace,');
  });

  it.each([
    ['recipient', 550],
    ['data', 554],
  ] as const)(
    'that is refused for good at %s is given up at once, with the reason',
    async (at, code) => {
      const name = `refused-at-${at}`;
      smtp.troubling(addressOf(name), { at, code });
      await make(name);
      const mail = await settled(name);
      expect(mail).toMatchObject({ state: 'failed', attempts: 1 });
      expect(mail.lastError).toContain(`${code} so it is`);
      expect(mail.link).toContain('#token=');
    },
  );

  it('that is for no address is given up', async () => {
    const { id: mailId } = await keptFor('x');
    await world.rows('update mails set to_address = $2 where id = $1', [mailId, 'a <b> c']);
    await world.rows(`update mails set lease_until = null where id = $1`, [mailId]);
    await sweep();
    const failed = await eventually('its end', async () => {
      const [row] = await world.rows('select last_error, given_up_at from mails where id = $1', [
        mailId,
      ]);
      return row?.['given_up_at'] ? row : undefined;
    });
    expect(failed['last_error']).toMatch(/recipient/i);
  });

  it('keeps the secret of its link out of what a server says of it', async () => {
    const { id: mailId } = await keptFor('quoted');
    await world.rows(
      `update mails set link = 'https://x/#token=1.secret', link_expires_at = now() + interval '1 hour'
        where id = $1`,
      [mailId],
    );
    const post = () => Promise.reject(new Error('554 blocked: https://x/#token=1.secret'));
    const deliver = createDeliver({ database: world.database, log, now: () => new Date(), post });
    const delivery = { organizationId: world.organizationId, mailId, until: '9' };
    await expect(deliver(delivery)).rejects.toThrow('Not sent');
    expect((await mailTo('quoted')).lastError).toBe('554 blocked: https://x/#token=1.…');
  });

  it('that is refused for a while, or whose connection is cut, is tried again until it is taken', async () => {
    const to = addressOf('unlucky');
    smtp.troubling(
      to,
      { at: 'recipient', code: 451 },
      { at: 'data', drops: true },
      { at: 'data', code: 452 },
    );
    await make('unlucky');
    expect(await settled('unlucky', 30_000)).toMatchObject({ state: 'sent', attempts: 4 });
    expect([smtp.attemptsFor(to), smtp.takenFor(to).length]).toEqual([4, 1]);
  });

  it('waits for a slow server, but not for ever', async () => {
    smtp.troubling(addressOf('slow'), { at: 'data', delayMs: 500 });
    smtp.troubling(addressOf('silent'), { at: 'data' });
    await Promise.all([make('slow'), make('silent')]);
    expect(await settled('slow')).toMatchObject({ state: 'sent', attempts: 1 });
    expect(await settled('silent')).toMatchObject({ state: 'sent', attempts: 2 });
  });

  it('is sent once, however often it is handed over, and again only if the row does not say so', async () => {
    await make('once');
    const { id } = await settled('once');
    const again = `update mails set lease_until = null, sent_at = null where id = $1`;
    await world.rows(again, [id]);
    await Promise.all([sweep(), sweep()]);
    // The workflow has come to its end: none begins under this id, whatever the row says.
    expect(await mailTo('once')).toMatchObject({ state: 'sending', attempts: 1 });
    expect(smtp.takenFor(addressOf('once'))).toHaveLength(1);

    const { database } = world;
    const deliver = createDeliver({
      ...{ database, log, now: () => new Date() },
      post: smtpPost({ url: smtp.url, from: mailFrom }),
    });
    const delivery = { organizationId: world.organizationId, mailId: id, until: '9' };
    const { id: kept } = await keptFor('kept');
    await deliver({ ...delivery, mailId: kept });
    await deliver({ ...delivery, mailId: kept });
    expect(smtp.takenFor(addressOf('kept'))).toHaveLength(1);

    // It was taken, and the worker died before the row said so: the same Message-ID tells.
    await world.rows('update mails set sent_at = null where id = $1', [kept]);
    await deliver({ ...delivery, mailId: kept });
    const ids = smtp.takenFor(addressOf('kept')).map(({ messageId }) => messageId);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it('is begun anew when its workflow was ended by hand', async () => {
    const to = addressOf('ended');
    smtp.troubling(
      to,
      ...Array.from({ length: 4 }, () => ({ at: 'recipient', code: 450 }) as const),
    );
    await make('ended');
    await eventually('a try', () => Promise.resolve(smtp.attemptsFor(to) > 1 || undefined));
    const { id } = await mailTo('ended');
    const { workflow } = world.engine.client;
    await workflow.getHandle(mailWorkflowId(world.slug, id)).terminate('by hand');
    await world.rows('update mails set lease_until = null where id = $1', [id]);
    await sweep();
    expect(await settled('ended', 30_000)).toMatchObject({ state: 'sent' });
  });

  it('is given up after its time, and when its link is dead before it was sent', async () => {
    const { database } = world;
    const away = smtpPost({ url: 'smtp://127.0.0.1:1', from: mailFrom });
    const deliver = createDeliver({ database, log, now: () => new Date(), post: away });
    const { id: mailId } = await keptFor('late');
    const delivery = { organizationId: world.organizationId, mailId };
    const [later, before] = ['2100-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'];
    await expect(deliver({ ...delivery, until: later })).rejects.toThrow('Not sent');
    expect(await mailTo('late')).toMatchObject({ state: 'kept', attempts: 1 });
    expect((await mailTo('late')).lastError).toContain('ECONNREFUSED');
    await deliver({ ...delivery, until: before });
    expect(await mailTo('late')).toMatchObject({ state: 'failed', attempts: 2 });

    const { id: pointless } = await keptFor('pointless');
    await world.rows(`update mails set link = 'x', link_expires_at = now() where id = $1`, [
      pointless,
    ]);
    await deliver({ ...delivery, mailId: pointless, until: later });
    expect(await mailTo('pointless')).toMatchObject({
      state: 'failed',
      lastError: 'Its link ended before it was sent.',
    });
  });
});

it('a mail that the API could not hand over is sent by a worker, also when one is killed in it', async () => {
  const own = await services(world, {
    TEMPORAL_TASK_QUEUE: world.taskQueue,
    SMTP_URL: smtp.url,
    MAIL_FROM: mailFrom,
  });
  try {
    await world.stopWorker();
    const front = await world.anotherFront({ temporalAddress: '127.0.0.1:1' });
    const to = addressOf('patient');
    smtp.troubling(to, { at: 'data' });
    const caller = await front.as('admin');
    expect((await caller.post('/users', { name: 'patient', email: to })).status).toBe(201);
    await front.close();
    expect(await mailTo('patient')).toMatchObject({ state: 'kept', attempts: 0 });

    const worker = await own.worker();
    // The server has the whole mail, and does not say so.
    await eventually('a try', () => Promise.resolve(smtp.isTroubled(to) || undefined), 60_000);
    await worker.kill();
    expect(await mailTo('patient')).toMatchObject({ state: 'sending', attempts: 1 });
    await worker.start();
    expect(await settled('patient', 60_000)).toMatchObject({ state: 'sent', attempts: 2 });
    expect(smtp.takenFor(to)).toHaveLength(1);
  } finally {
    await own.close();
  }
}, 150_000);
