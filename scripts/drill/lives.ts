/** Tickets in every state that a restore has to bring back: with timers, held, settled, owed. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { withClient } from '../../models/provision';
import type { Door } from '../replay/door';
import type { Desk } from '../rig/desk';

const Opened = z.object({ id: z.string() });

export interface Cast {
  readonly door: Door;
  readonly desk: Desk;
}

interface Step {
  readonly kind: string;
  readonly below: string;
  readonly body: unknown;
}

interface Fate {
  readonly level: object;
  readonly steps: readonly Step[];
}

const urgent = { impact: 'high', urgency: 'high' };
const calm = { impact: 'low', urgency: 'low' };
const act = (kind: string, body: unknown = {}): Step => ({
  ...{ kind, below: `actions/${kind}`, body },
});
const comment: Step = { kind: 'comment', below: 'comments', body: { body: 'We look into it.' } };
const resolve = act('resolve', { code: 'solved', notes: 'Done' });

/** One of each; an instant that the steps need lies `soonMs` ahead. */
const fates = (soonMs: number): Fate[] => [
  { level: urgent, steps: [] },
  { level: calm, steps: [] },
  { level: urgent, steps: [act('start'), comment] },
  { level: urgent, steps: [act('start'), act('hold', { reason: 'customer' })] },
  {
    level: urgent,
    steps: [
      act('hold', { reason: 'scheduled', until: new Date(Date.now() + soonMs).toISOString() }),
    ],
  },
  { level: urgent, steps: [act('hold', { reason: 'vendor' })] },
  { level: calm, steps: [act('start'), resolve] },
  { level: calm, steps: [resolve, act('close')] },
  { level: calm, steps: [act('cancel', { reason: 'not needed' })] },
  { level: urgent, steps: [resolve, act('reopen', { reason: 'It is back.' })] },
];

const atOnce = 8;
/** Holds end spread over this time, so that some do before the dump, some after the restore. */
const spreadMs = 90_000;

/** Opens so many tickets and leads each to one of its fates; ids of those that go on. */
export async function fill(cast: Cast, tickets: number): Promise<string[]> {
  const ids: string[] = [];
  let taken = 0;
  const client = async () => {
    while (taken < tickets) {
      const number = taken++;
      const all = fates(10_000 + (number / tickets) * spreadMs);
      const fate = all[number % all.length];
      if (fate === undefined) continue;
      const id = await live(cast, fate);
      if (!isEnded(fate)) ids.push(id);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return ids;
}

const isEnded = ({ steps }: Fate) =>
  steps.some(({ kind }) => kind === 'close' || kind === 'cancel');

async function live(cast: Cast, { level, steps }: Fate): Promise<string> {
  const id = await open(cast, level);
  for (const { kind, below, body } of steps)
    await say(cast, kind, `/incidents/${id}/${below}`, body);
  return id;
}

/** Opens one: works without the engine, too, which then is owed its life. */
export async function open(cast: Cast, level: object = urgent): Promise<string> {
  const wish = { title: 'Mail does not leave', description: 'Nothing is sent.', ...level };
  return Opened.parse(await say(cast, 'open', '/incidents', wish)).id;
}

/** Works without the engine, too. */
export async function commentOn(cast: Cast, id: string): Promise<void> {
  await say(cast, comment.kind, `/incidents/${id}/${comment.below}`, comment.body);
}

/** Gives a command that has to be applied. */
async function say({ door, desk }: Cast, kind: string, path: string, body: unknown) {
  const [as = ''] = desk.agents;
  const decision = await door.say({ as, kind, path, body, key: randomUUID() });
  if (decision.isApplied) return decision.body;
  throw new Error(`${kind} was not applied: ${decision.code}. ${decision.detail}`);
}

/** Publishes promises of seconds for P1, so that deadlines fall before, in and after the loss. */
export function promiseSoon(adminUrl: string, { organizationId }: Desk): Promise<void> {
  return withClient(adminUrl, async (client) => {
    await client.query(
      `insert into sla_policies (organization_id, id, version, ticket_type, name, rules)
       select organization_id, id, version + 1, ticket_type, name,
              jsonb_set(jsonb_set(rules, '{0,targets,0,targetSeconds,P1}', '40'),
                        '{0,targets,1,targetSeconds,P1}', '90')
         from sla_policies where organization_id = $1`,
      [organizationId],
    );
  });
}
