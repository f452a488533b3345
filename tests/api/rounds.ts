/** Rounds of approval as callers of the API open, answer and read them. */
import { z } from 'zod';
import { sweepOutbox } from '../../engine/outbox';
import { eventually, type World } from '../harness';
import type { Caller } from './incident';

const Round = z.looseObject({
  id: z.uuid(),
  number: z.string(),
  state: z.string(),
  revision: z.int(),
  allowed: z.array(z.string()),
  awaited: z.array(z.object({ id: z.string(), name: z.string() })),
  votes: z.array(z.looseObject({ answer: z.string(), approverId: z.string(), byId: z.string() })),
  outcome: z.looseObject({ result: z.string(), reason: z.string() }).nullable(),
});
export type Round = z.infer<typeof Round>;

const Rounds = z.object({ data: z.array(Round) });
const Feed = z.object({
  data: z.array(
    z.object({ type: z.string(), via: z.string(), data: z.record(z.string(), z.unknown()) }),
  ),
});

export function roundOf({ body }: { readonly body: unknown }): Round {
  return Round.parse(body);
}

/** A round that these people are asked in, by name. */
export async function openRound(
  world: World,
  by: Caller,
  names: readonly string[],
  body: object = {},
): Promise<Round> {
  const approvers = names.map((name) => ({ kind: 'person', id: world.id('person', name) }));
  const given = { title: 'A second monitor', description: '240 EUR', approvers, ...body };
  return roundOf(await by.post('/approvals', given).expect(201));
}

export const answering = (caller: Caller, { id }: Pick<Round, 'id'>, name: string, body = {}) =>
  caller.post(`/approvals/${id}/actions/${name}`, body);

export async function readRound(caller: Caller, { id }: Pick<Round, 'id'>): Promise<Round> {
  return roundOf(await caller.get(`/approvals/${id}`).expect(200));
}

/** Numbers of the rounds that wait for the caller. */
export async function inboxOf(caller: Caller): Promise<string[]> {
  const answer = await caller.get('/approvals?filter[approver]=me').expect(200);
  return Rounds.parse(answer.body).data.map(({ number }) => number);
}

export const awaitedIn = ({ awaited }: Round) => awaited.map(({ name }) => name).sort();

/** Lines of the feed of one type, as somebody sees them. */
export async function linesOf(
  caller: Caller,
  path: string,
  type: string,
): Promise<z.infer<typeof Feed>['data']> {
  const answer = await caller.get(`${path}/events?limit=100`).expect(200);
  return Feed.parse(answer.body).data.filter((line) => line.type === type);
}

/** Delivers what rows owe the engine until the round is as wanted. */
export function becomes(
  world: World,
  caller: Caller,
  round: Pick<Round, 'id' | 'number'>,
  isSo: (round: Round) => boolean,
): Promise<Round> {
  return eventually(`a change of ${round.number}`, async () => {
    await sweepOutbox(world);
    const now = await readRound(caller, round);
    return isSo(now) ? now : undefined;
  });
}
