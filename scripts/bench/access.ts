/**
 * People and access: lists among a hundred thousand people, a read with the token of a program beside one
 * with that of a person, and a read while others sign in.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Desk } from '../rig/desk';
import { drive, type Driven, type Request } from './drive';
import { type Figures, figuresOf, type Meter, ranked, slice, type Slice } from './measure';
import { signInAs, type People } from './people';
import type { Rows } from './rows';
import { wrongIn } from './tickets';
import type { Sizes } from './wish';
import type { Wire } from './wire';

export interface AccessLine {
  readonly what: string;
  readonly atOnce: number;
  readonly figures: Pick<Figures, 'perSecond' | 'p50' | 'p95' | 'p99' | 'longest' | 'errors'> &
    Partial<Pick<Figures, 'cpu'>>;
}

export interface AccessField {
  readonly wire: Wire;
  readonly desk: Pick<Desk, 'password' | 'agents' | 'manager'>;
  readonly people: People;
  readonly rows: Rows;
  readonly meter: Meter;
  readonly sizes: Sizes;
}

const crowd = 100_000;
const signingIn = 8;

export async function measureAccess(field: AccessField): Promise<AccessLine[]> {
  await seedCrowd(field.rows);
  await field.people.refresh();
  return [
    ...(await measureLists(field)),
    ...(await measureTokens(field)),
    ...(await measureSignIns(field)),
  ];
}

/** Names, titles and departments are shared by very many; numbers are of one each. */
async function seedCrowd(rows: Rows): Promise<void> {
  await rows.query(
    `insert into users (organization_id, id, email, name, role, title, department)
     select nullif(current_setting('app.organization'), '')::uuid, gen_random_uuid(),
            'person' || n || '@crowd.example', f.name || ' ' || l.name || ' ' || n, 'end_user', t.name, d.name
       from generate_series(1, ${crowd}) n
       join unnest(array['Ada', 'Grace', 'Linus', 'Barbara', 'Edsger', 'Alan', 'Donald', 'Frances'])
            with ordinality f(name, k) on f.k = 1 + n % 8
       join unnest(array['Lovelace', 'Hopper', 'Liskov', 'Dijkstra', 'Turing', 'Knuth', 'Allen'])
            with ordinality l(name, k) on l.k = 1 + n % 7
       join unnest(array['Clerk', 'Engineer', 'Nurse', 'Driver', 'Analyst'])
            with ordinality t(name, k) on t.k = 1 + n % 5
       join unnest(array['Sales', 'Finance', 'Support']) with ordinality d(name, k) on d.k = 1 + n % 3`,
  );
  await rows.query('vacuum analyze users');
}

/** What is looked for is another one each time, so that nothing is found warm. */
async function measureLists({ wire, people, meter, sizes }: AccessField): Promise<AccessLine[]> {
  let turn = 0;
  const number = () => 10_000 + ((turn += 7919) % 90_000);
  const paths: readonly (readonly [string, () => string])[] = [
    ['50 people', () => '/users?limit=50'],
    ['50 people, newest first', () => '/users?limit=50&sort=-createdAt'],
    ['search: one is found', () => `/users?limit=50&search=person${number()}@`],
    ['search: some are found', () => `/users?limit=50&search=knuth%20${number() % 1000}`],
    ['search: all are found', () => '/users?limit=50&search=crowd.example'],
  ];
  const lines: AccessLine[] = [];
  for (const [what, path] of paths) {
    for (const atOnce of [1, signingIn]) {
      const slices: Slice[] = [];
      const next = () => reading(wire, people.agent, path());
      for (let round = 1; round <= sizes.rounds; round += 1)
        slices.push(await slice(meter, { atOnce, milliseconds: sizes.sliceMs, next }));
      lines.push({ what, atOnce, figures: figuresOf(slices) });
    }
  }
  return lines;
}

const Made = z.object({ token: z.string() });

/** Slices of the one and the other take turns. */
async function measureTokens(field: AccessField): Promise<AccessLine[]> {
  const { wire, desk, rows, meter, sizes } = field;
  const [email = ''] = desk.agents;
  const session = await signInAs(wire, email, desk.password);
  const body = { name: 'bench', scopes: ['incident:read', 'incident:all'], expiresAt: null };
  const reply = await wire.send({
    ...{ method: 'POST', path: '/me/api-tokens', token: session.accessToken, body },
    key: randomUUID(),
  });
  const { token } = Made.parse(JSON.parse(reply.text));
  const path = await ticketPath(rows);
  const bearers = { 'read, JWT': session.accessToken, 'read, API token': token };
  const slices = new Map<string, Slice[]>();
  for (let round = 1; round <= sizes.rounds * 2; round += 1) {
    for (const [what, bearer] of Object.entries(bearers)) {
      const next = () => reading(wire, () => bearer, path);
      const taken = await slice(meter, { atOnce: 1, milliseconds: sizes.sliceMs, next });
      slices.set(what, [...(slices.get(what) ?? []), taken]);
    }
  }
  return [...slices].map(([what, all]) => ({ what, atOnce: 1, figures: figuresOf(all) }));
}

/** One reader, alone and beside eight who sign in over and over. */
async function measureSignIns(field: AccessField): Promise<AccessLine[]> {
  const { wire, desk, people, rows, sizes } = field;
  const path = await ticketPath(rows);
  const read = { atOnce: 1, milliseconds: sizes.sliceMs };
  const next = () => reading(wire, people.agent, path);
  let turn = 0;
  const signIn = (): Request => async () => {
    const email = desk.agents[(turn += 1) % desk.agents.length] ?? '';
    const body = { email, password: desk.password };
    return wrongIn(await wire.send({ method: 'POST', path: '/auth/login', token: '', body }), 200);
  };
  const runs: Record<'alone' | 'beside' | 'signIns', Driven[]> = { ...empty() };
  for (let round = 1; round <= sizes.rounds * 2; round += 1) {
    runs.alone.push(await drive({ ...read, next }));
    const both = [drive({ ...read, next }), drive({ ...read, atOnce: signingIn, next: signIn })];
    const [beside, signIns] = await Promise.all(both);
    if (beside) runs.beside.push(beside);
    if (signIns) runs.signIns.push(signIns);
  }
  return [
    lineOf('read, nobody signs in', 1, runs.alone),
    lineOf(`read, ${signingIn} sign in`, 1, runs.beside),
    lineOf('sign-in', signingIn, runs.signIns),
  ];
}

const empty = () => ({ alone: [], beside: [], signIns: [] });

function lineOf(what: string, atOnce: number, runs: readonly Driven[]): AccessLine {
  const latencies = runs.flatMap((one) => one.latencies);
  const seconds = runs.reduce((sum, one) => sum + one.elapsedMs, 0) / 1000;
  const errors: Record<string, number> = {};
  for (const error of runs.flatMap((one) => one.errors)) errors[error] = (errors[error] ?? 0) + 1;
  const perSecond = latencies.length / seconds;
  return { what, atOnce, figures: { perSecond, ...ranked(latencies), errors } };
}

function reading(wire: Wire, token: () => string, path: string): Request {
  return async () => wrongIn(await wire.send({ method: 'GET', path, token: token() }), 200);
}

async function ticketPath(rows: Rows): Promise<string> {
  const [row] = await rows.query('select id from tickets order by id limit 1');
  return `/incidents/${z.object({ id: z.uuid() }).parse(row).id}`;
}
