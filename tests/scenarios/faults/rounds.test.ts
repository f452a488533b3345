/**
 * Rounds of approval while worker, API and engine are killed at random as answers arrive: each answer counts
 * once, each round is decided. `APPROVAL_ROUNDS=200` asks for more of them, `APPROVAL_SEED` for other chances.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { diceOf, type Dice } from '../../../scripts/soak/dice';
import { askedOfTest } from '../../../scripts/stack/environment';
import type { Part } from '../../../scripts/rig/part';
import { ApprovalDetailsShape } from '../../../workflows/approvals/details';
import { openRound, type Round } from '../../api/rounds';
import { eventually, type World } from '../../harness';
import { ownEngine, type OwnEngine } from '../../setup/own-engine';
import { services } from '../../setup/services';
import { feedOf, inWorld, refusalsOf, rowOf, type Caller } from './record';

const asked = askedOfTest('APPROVAL_ROUNDS');
const rounds = Number(asked ?? 10);
const seed = askedOfTest('APPROVAL_SEED') ?? 'november';
/** Answers come one after the other over so long. */
const spreadMs = Math.max(15_000, rounds * 1_500);
const patienceMs = spreadMs * 2 + 180_000;

const byApi = ['manager', 'lead', 'colleague', 'user'];
/** Answers by the engine, as somebody with the command line does. */
const byEngine = 'stranger';

interface Answer {
  readonly round: Round;
  readonly voter: string;
  readonly name: 'approve' | 'abstain';
  readonly afterMs: number;
}

/** What the installation is made of, and what each killing is followed by. */
interface Rig {
  readonly world: World;
  readonly engine: OwnEngine;
  readonly parts: readonly Part[];
  readonly url: string;
}

describe('rounds of approval under kill -9', () => {
  let engine: OwnEngine;
  beforeAll(async () => {
    engine = await ownEngine();
    await engine.start();
  });
  afterAll(() => engine.close());

  it(
    `count every answer once and are all decided (${rounds}, seed ${seed})`,
    () =>
      inWorld({ worker: false, temporalAddress: engine.address }, async (world) => {
        const cluster = await services(world);
        try {
          const parts = [await cluster.worker(), await cluster.api()];
          await expectEachCounted({ world, engine, parts, url: cluster.url });
        } finally {
          await cluster.close();
        }
      }),
    patienceMs,
  );
});

async function expectEachCounted(rig: Rig): Promise<void> {
  const { world, url } = rig;
  await isReady(rig);
  const dice = diceOf(seed);
  const callers = new Map<string, Caller>();
  for (const name of ['agent', ...byApi]) callers.set(name, await world.callersAt(url).as(name));
  const opened: Round[] = [];
  for (let k = 0; k < rounds; k += 1)
    opened.push(await openRound(world, callerOf(callers, 'agent'), [...byApi, byEngine]));
  const answers = opened.flatMap((round) => answersTo(round, dice.of(round.number)));

  const began = performance.now();
  const over = new AbortController();
  const killing = killAtRandom(rig, dice.of('killing'), over.signal);
  const giving = answers.map((answer) =>
    given(rig, callers.get(answer.voter), answer, over.signal),
  );
  const tries = await Promise.all(giving).finally(async () => {
    over.abort();
    // Nothing is started or asked any more when the installation is taken away.
    await Promise.allSettled([killing, ...giving]);
  });
  const killed = await killing;
  expect(killed).toBeGreaterThan(2);
  for (const round of opened) await expectDecided(world, round, answers);
  if (asked !== undefined) {
    const seconds = Math.round((performance.now() - began) / 1_000);
    process.stdout.write(
      `${opened.length} rounds, ${answers.length} answers, ${killed} killings, ${sum(tries)} tries, ${seconds} s\n`,
    );
  }
}

function callerOf(callers: ReadonlyMap<string, Caller>, name: string): Caller {
  const caller = callers.get(name);
  if (!caller) throw new Error(`${name} has not signed in`);
  return caller;
}

/** The first approves, so that the last one decides, whatever the others say. */
function answersTo(round: Round, dice: Dice): Answer[] {
  return [...byApi, byEngine].map((voter, k) => ({
    ...{ round, voter, afterMs: dice.whole(0, spreadMs) },
    name: k > 0 && dice.chance(0.3) ? 'abstain' : 'approve',
  }));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, one) => all + one, 0);
}

/** Gives an answer until it is taken; how often it was tried. */
async function given(
  rig: Rig,
  caller: Caller | undefined,
  answer: Answer,
  over: AbortSignal,
): Promise<number> {
  await pause(answer.afterMs);
  const key = randomUUID();
  const deadline = Date.now() + 120_000;
  for (let tries = 1; Date.now() < deadline && !over.aborted; tries += 1) {
    const isTaken = caller
      ? await overApi(caller, answer, key)
      : await overEngine(rig.world, answer);
    if (isTaken) return tries;
    await pause(200);
  }
  throw new Error(`${answer.voter} could not answer ${answer.round.number}`);
}

/** Throws when it is refused; false when nobody knows yet, or nobody was there to ask. */
async function overApi(caller: Caller, { round, name }: Answer, key: string): Promise<boolean> {
  const call = caller.post(`/approvals/${round.id}/actions/${name}`).set('idempotency-key', key);
  const answer = await call.then(
    ({ status, text }) => ({ status, text }),
    (error: unknown) => ({ status: 0, text: String(error) }),
  );
  if (answer.status === 200) return true;
  const isOpen = [0, 202, 429, 503].includes(answer.status);
  if (isOpen || answer.text.includes('idempotency_in_progress')) return false;
  throw new Error(`${round.number}: ${answer.status} ${answer.text}`);
}

async function overEngine(world: World, { round, name, voter }: Answer): Promise<boolean> {
  const { client, connection } = world.engine;
  const life = client.workflow.getHandle(world.workflowId(round.number, 'approval'));
  const by = `${voter}@${world.slug}.example`;
  return connection
    .withDeadline(Date.now() + 3_000, () => life.signal(name, { by }))
    .then(
      () => true,
      () => false,
    );
}

/** Kills one of them, lets it be dead for a moment, and starts it again, until it is told to end; how often. */
async function killAtRandom(rig: Rig, dice: Dice, over: AbortSignal): Promise<number> {
  const { engine, parts, world } = rig;
  let killed = 0;
  while (!over.aborted) {
    await pause(dice.whole(200, 1_500));
    const victim = dice.pick([engine, ...parts]);
    await victim.kill();
    killed += 1;
    await pause(dice.whole(0, 600));
    // What a dead process held is free after its lease.
    await world.rows('update idempotency_keys set lease_until = now() where lease_until > now()');
    await victim.start();
    await isReady(rig);
  }
  return killed;
}

/** A worker that has lost its engine for too long ends by itself, as an orchestrator expects: it is started again. */
async function isReady({ parts, url }: Rig): Promise<void> {
  await eventually(
    'an installation that is ready',
    async () => {
      for (const part of parts) await part.start();
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      return answer?.status === 200 || undefined;
    },
    60_000,
  );
}

async function expectDecided(world: World, round: Round, all: readonly Answer[]): Promise<void> {
  await eventually(
    `the end of ${round.number}`,
    async () => (await rowOf(world, round.id)).state !== 'pending' || undefined,
    60_000,
  );
  const { state, snapshot, isSettled } = await rowOf(world, round.id);
  const { votes } = ApprovalDetailsShape.parse(snapshot['details']);
  const cast = votes.map(({ approverId, answer, via }) => [approverId, answer, via]);
  const wanted = all
    .filter((answer) => answer.round === round)
    .map(({ voter, name }) => [
      ...[world.id('person', voter), name],
      voter === byEngine ? 'signal' : 'api',
    ]);
  expect([state, isSettled, cast.sort()]).toEqual(['approved', true, wanted.sort()]);
  const types = (await feedOf(world, round.id)).map(({ type }) => type);
  expect(types.filter((type) => type === 'answered')).toHaveLength(wanted.length);
  expect(types.filter((type) => type === 'decided')).toHaveLength(1);
  const failed = (await refusalsOf(world, round.id)).filter(([outcome]) => outcome === 'failed');
  expect(failed).toEqual([]);
}
