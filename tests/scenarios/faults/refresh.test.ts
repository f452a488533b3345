/** The API dies when it has committed the next refresh token and has not told anybody. */
import { connect, createServer, type Socket } from 'node:net';
import supertest from 'supertest';
import { z } from 'zod';
import { anyFreePort } from '../../../scripts/stack/ports';
import { eventually, password, type World } from '../../harness';
import { services } from '../../setup/services';
import { inWorld } from './record';

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string() });

describe('kill -9 between rotating a refresh token and answering', () => {
  it('leaves its owner able to go on with the token they have', () =>
    inWorld({ worker: false }, async (world) => {
      const wire = await deafWire(new URL(world.databaseUrl), 'update refresh_tokens set used_at');
      const cluster = await services({ ...world, databaseUrl: wire.url });
      try {
        const dying = await cluster.api();
        await answers(cluster.url);
        const first = Tokens.parse((await login(world)).body);
        const lost = refresh(cluster.url, first).then(
          () => 'answered',
          () => 'lost',
        );
        await eventually('the commit', async () =>
          (await tokensOf(world)).join() === 'unused,used' ? true : undefined,
        );
        expect(wire.heldBack()).toBe(true);
        await dying.kill();
        expect(await lost).toBe('lost');

        const next = Tokens.parse((await refresh(world.app, first).expect(200)).body);
        expect(next.refreshToken).not.toBe(first.refreshToken);
        await me(world, next).expect(200);
        expect(await endedSessions(world)).toBe(0);

        wire.mend();
        await cluster.api();
        await answers(cluster.url);
        const last = Tokens.parse((await refresh(cluster.url, next).expect(200)).body);
        await me(world, last).expect(200);
      } finally {
        await cluster.close();
        wire.close();
      }
    }));

  it('is no way in for whoever comes with that token later', () =>
    inWorld({ worker: false }, async (world) => {
      const first = Tokens.parse((await login(world)).body);
      const next = Tokens.parse((await refresh(world.app, first).expect(200)).body);
      await world.rows(
        `update refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null`,
      );
      await refresh(world.app, first).expect(401);
      await me(world, next).expect(401);
      expect(await endedSessions(world)).toBe(1);
    }));
});

const login = (world: World) =>
  supertest(world.app)
    .post('/api/v1/auth/login')
    .send({ email: `agent@${world.slug}.example`, password });

const refresh = (at: World['app'] | string, { refreshToken }: z.infer<typeof Tokens>) =>
  supertest(at).post('/api/v1/auth/refresh').send({ refreshToken });

const me = (world: World, { accessToken }: z.infer<typeof Tokens>) =>
  supertest(world.app).get('/api/v1/me').set('authorization', `Bearer ${accessToken}`);

async function tokensOf(world: World) {
  const rows = await world.rows(
    `select case when used_at is null then 'unused' else 'used' end as word
       from refresh_tokens order by word`,
  );
  return rows.map(({ word }) => String(word));
}

async function endedSessions(world: World): Promise<number> {
  return (await world.rows('select 1 from sessions where ended_at is not null')).length;
}

function answers(url: string) {
  return eventually(
    'an API that listens',
    () => fetch(`${url}/health/live`).catch(() => undefined),
    30_000,
  );
}

/**
 * A wire to the database that carries everything there, but nothing back any more from the `commit` on that
 * follows this statement: whoever is behind it has committed and cannot know.
 */
async function deafWire(database: URL, statement: string) {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'armed' | 'deaf' | 'mended' = 'whole';
  const server = createServer((near) => {
    const far = connect(Number(database.port), database.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    near.on('data', (sent: Buffer) => {
      const text = sent.toString('latin1');
      if (state === 'whole' && text.includes(statement)) state = 'armed';
      if (state === 'armed' && text.includes('commit')) state = 'deaf';
      far.write(sent);
    });
    far.on('data', (sent: Buffer) => {
      if (state !== 'deaf') near.write(sent);
    });
  });
  const port = await anyFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = new URL(database);
  url.port = String(port);
  return {
    url: url.toString(),
    heldBack: () => state === 'deaf',
    mend: () => {
      state = 'mended';
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
