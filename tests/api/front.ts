/** A database of its own with two organizations and their people, and the application before it. */
import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { Client } from 'pg';
import { pino } from 'pino';
import supertest from 'supertest';
import { z } from 'zod';
import { createApp, type AppDeps } from '../../api/app';
import { defaultLimits } from '../../api/http/admission';
import { hashPassword } from '../../api/auth/password';
import { openDatabase, type Database } from '../../models/database';
import type { Role } from '../../models/users/actor';
import { templateDatabase, testStack } from '../setup/stack';

export const password = 'correct horse battery staple';
export const acme = '0197d9f5-0000-7000-8000-00000000000a';
export const globex = '0197d9f5-0000-7000-8000-00000000000b';

const SignedIn = z.object({ accessToken: z.string() });

export interface Front {
  readonly database: Database;
  /** As the superuser, past all walls: to prepare rows and to look at them. */
  readonly admin: Client;
  readonly deps: AppDeps;
  /** Calls the application, signed in as somebody or as nobody. */
  as(email?: string): Promise<ReturnType<typeof supertest.agent>>;
  close(): Promise<void>;
}

export async function openFront(): Promise<Front> {
  const stack = testStack();
  const name = `front_${randomUUID().replaceAll('-', '')}`;
  const server = await connect(stack.adminUrl);
  await server.query(`create database ${name} template ${templateDatabase}`);
  const admin = await connect(withDatabase(stack.adminUrl, name).toString());
  const url = withDatabase(stack.adminUrl, name);
  url.username = 'holdfast_app';
  url.password = stack.appPassword;
  const database = await openDatabase({
    url: url.toString(),
    poolMax: 5,
    applicationName: 'test',
    statementTimeoutMs: 5_000,
  });
  const deps = depsOf(database);
  const app = createApp(deps);
  return {
    database,
    admin,
    deps,
    as: (email) => signedIn(app, email),
    close: async () => {
      await database.close();
      await admin.end();
      await server.query(`drop database ${name} with (force)`);
      await server.end();
    },
  };
}

/** One person of each role in acme, one agent in globex. */
export async function settle({ admin }: Front): Promise<void> {
  await admin.query(
    `insert into organizations (id, slug, name) values ($1, 'acme', 'Acme'), ($2, 'globex', 'Globex')`,
    [acme, globex],
  );
  const people: [organization: string, name: string, role: Role][] = [
    [acme, 'user', 'end_user'],
    [acme, 'agent', 'agent'],
    [acme, 'manager', 'manager'],
    [acme, 'admin', 'admin'],
    [globex, 'agent', 'agent'],
  ];
  const hash = await hashPassword(password);
  for (const [organization, name, role] of people) {
    const domain = organization === acme ? 'acme.example' : 'globex.example';
    await admin.query(
      `insert into users (organization_id, id, email, name, role, password_hash)
       values ($1, gen_random_uuid(), $2, $3, $4, $5)`,
      [organization, `${name}@${domain}`, name, role, hash],
    );
  }
}

function depsOf(database: Database): AppDeps {
  return {
    database,
    secret: 'a secret of at least thirty-two characters',
    logger: pino({ level: 'silent' }),
    mayCall: () => true,
    permissionsOf: (actor) => [`${actor.role}:all`],
    readiness: () => Promise.resolve({ ready: true, parts: {} }),
    routes: [],
    // All calls come from one address here.
    limits: { ...defaultLimits, perAddress: { ...defaultLimits.perAddress, quota: 100_000 } },
    verifyReplies: true,
  };
}

async function signedIn(app: Express, email: string | undefined) {
  const agent = supertest.agent(app);
  if (email === undefined) return agent;
  const response = await agent.post('/api/v1/auth/login').send({ email, password });
  const { accessToken } = SignedIn.parse(response.body);
  return agent.set('Authorization', `Bearer ${accessToken}`);
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function withDatabase(adminUrl: string, name: string): URL {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url;
}
