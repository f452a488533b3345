/** What API processes have to share: the answers to keys, and the count of requests. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openDoor, type Call, type Door } from '../replay/door';
import type { Desk } from '../rig/desk';

export interface SharedKeys {
  /** Requests that were sent to every API process at once, under one key. */
  readonly sent: number;
  /** Answers that the service called a repeat of another. */
  readonly replayed: number;
  readonly longestMs: number;
  /** Of each whose answers were not one and the same. */
  readonly differing: readonly string[];
  readonly ticketIds: readonly string[];
}

const Opened = z.object({ id: z.string() });
const opening = {
  ...{ title: 'Asked twice, opened once', description: 'One key, every door.' },
  ...{ impact: 'low', urgency: 'low' },
};

/** Sends each of `rounds` openings and comments to all API processes at the same time, by one key. */
export async function tryKeys(
  addresses: readonly string[],
  desk: Desk,
  rounds: number,
): Promise<SharedKeys> {
  const doors = addresses.map((address) => openDoor(address, desk.password));
  const [as = ''] = desk.agents;
  for (const door of doors) await door.read(as, '/me');
  const differing: string[] = [];
  const ticketIds: string[] = [];
  const everywhere = async (call: Call) => {
    const answers = await Promise.all(doors.map((door) => door.say(call)));
    const texts = new Set(answers.map((answer) => JSON.stringify(answer)));
    const [first] = answers;
    if (texts.size !== 1 || first?.isApplied !== true) differing.push([...texts].join(' | '));
    return first?.isApplied === true ? first.body : undefined;
  };
  const round = async () => {
    const call = (kind: string, path: string, body: unknown) =>
      everywhere({ as, kind, path, body, key: randomUUID() });
    const opened = Opened.safeParse(await call('open', '/incidents', opening));
    if (!opened.success) return;
    const { id } = opened.data;
    ticketIds.push(id);
    await call('comment', `/incidents/${id}/comments`, { body: 'Once.' });
  };
  await Promise.all(Array.from({ length: rounds }, round));
  return { sent: rounds * 2, ...countedIn(doors), differing, ticketIds };
}

function countedIn(doors: readonly Door[]) {
  const latencies = doors.flatMap(({ figures }) => [...figures.latencies.values()].flat());
  return {
    replayed: doors.reduce((sum, { figures }) => sum + figures.replayed.total, 0),
    longestMs: Math.max(0, ...latencies),
  };
}

export interface SharedLimit {
  readonly quota: number;
  /** By API process, in the order of the addresses. */
  readonly accepted: readonly number[];
}

const askedAtOnce = 8;
const windowSeconds = 60;
/** A limit of this size is used up in a few seconds; the window must not end meanwhile. */
const neededSeconds = 25;

/** Lets one person read until every API process refuses; resolves with who accepted how many. */
export async function tryLimit(
  addresses: readonly string[],
  desk: Desk,
  quota: number,
): Promise<SharedLimit> {
  const tokens = await Promise.all(addresses.map((address) => signIn(address, desk)));
  await windowWithRoom();
  const accepted = addresses.map(() => 0);
  const ask = async (index: number) => {
    for (;;) {
      const headers = { authorization: `Bearer ${tokens[index] ?? ''}` };
      const answer = await fetch(`${addresses[index] ?? ''}/api/v1/me`, { headers });
      await answer.body?.cancel();
      if (answer.status === 429) return;
      if (answer.status !== 200) throw new Error(`GET /me: ${answer.status}`);
      accepted[index] = (accepted[index] ?? 0) + 1;
      // Far beyond what is allowed: the limit does not hold, and there is no point in going on.
      if (accepted.reduce((sum, n) => sum + n, 0) > 3 * quota) return;
    }
  };
  const clients = addresses.flatMap((_, index) => Array<number>(askedAtOnce).fill(index));
  await Promise.all(clients.map(ask));
  return { quota, accepted };
}

async function windowWithRoom(): Promise<void> {
  const left = windowSeconds - ((Date.now() / 1000) % windowSeconds);
  if (left < neededSeconds) await pause(left * 1000 + 200);
}

const SignedIn = z.object({ accessToken: z.string() });

async function signIn(address: string, { manager, password }: Desk): Promise<string> {
  const answer = await fetch(`${address}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: manager, password }),
  });
  return SignedIn.parse(await answer.json()).accessToken;
}
