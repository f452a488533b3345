/**
 * Answers in rounds of approval: how many a second, how soon the ticket that waits for them goes on, and
 * what a round leaves in the engine.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { openEngine } from '../../engine/client';
import { workflowIdOf } from '../../workflows/process';
import type { AccessField, AccessLine } from './access';
import { drive } from './drive';
import { type HistorySize, sizeIn } from './history';
import { figuresOf, ranked, slice, type Slice } from './measure';
import { signInAs } from './people';
import { wrongIn } from './tickets';

export interface ApprovalFigures {
  readonly answers: readonly AccessLine[];
  /** Milliseconds from the commit of the last answer to that of the next step of the ticket that waited. */
  readonly goesOn: ReturnType<typeof ranked> & { readonly rounds: number };
  /** Of a round with one answer. */
  readonly history: HistorySize;
}

export interface ApprovalField extends AccessField {
  readonly slug: string;
  readonly temporalAddress: string;
}

/** More rounds than can be answered in a slice. */
const roundsASecond = 250;
const deciderRole = 'manager';

export async function measureApprovals(field: ApprovalField): Promise<ApprovalFigures> {
  const { wire, desk, people, meter, sizes } = field;
  const decider = await signInAs(wire, desk.manager, desk.password);
  const lines: AccessLine[] = [];
  for (const atOnce of [1, 8]) {
    const slices: Slice[] = [];
    for (let round = 1; round <= sizes.rounds; round += 1) {
      await people.refresh();
      const waiting = await openRounds(field, Math.ceil((roundsASecond * sizes.sliceMs) / 1_000));
      const next = () => {
        const id = waiting.pop();
        return id === undefined ? undefined : approve(field, decider.accessToken, id);
      };
      slices.push(await slice(meter, { atOnce, milliseconds: sizes.sliceMs, next }));
    }
    lines.push({ what: 'answer that decides a round', atOnce, figures: figuresOf(slices) });
  }
  return { answers: lines, goesOn: await goesOn(field), history: await historyOf(field) };
}

const Opened = z.object({ id: z.uuid() });

/** Each about one of many tickets, which take what they are told one at a time. */
async function openRounds({ wire, people, rows }: ApprovalField, many: number): Promise<string[]> {
  const subjects = await rows.query(
    `select id from tickets where is_open and type = 'incident' order by random() limit 100`,
  );
  const ids: string[] = [];
  let turn = 0;
  const open = async () => {
    const subjectId = Opened.parse(subjects[(turn += 1) % subjects.length]).id;
    const body = {
      ...{ title: 'A second monitor', description: '240 EUR.', subjectId },
      approvers: [{ kind: 'role', id: deciderRole }],
    };
    const sent = { method: 'POST', path: '/approvals', token: people.agent(), body } as const;
    const reply = await wire.send({ ...sent, key: randomUUID() });
    const wrong = wrongIn(reply, 201);
    if (wrong === undefined) ids.push(Opened.parse(JSON.parse(reply.text)).id);
    return wrong;
  };
  await drive({ atOnce: 8, milliseconds: Infinity, atMost: many, next: () => open });
  return ids;
}

function approve({ wire }: ApprovalField, token: string, id: string) {
  return async () => {
    const path = `/approvals/${id}/actions/approve`;
    return wrongIn(
      await wire.send({ method: 'POST', path, token, key: randomUUID(), body: {} }),
      200,
    );
  };
}

const Waited = z.object({ ms: z.coerce.number() });

/** By the database's clock: both lines of the feed say when they were written. */
async function goesOn({ rows }: ApprovalField): Promise<ApprovalFigures['goesOn']> {
  for (let left = await undelivered({ rows }); left > 0; left = await undelivered({ rows })) {
    await pause(200);
  }
  const waited = await rows.query(
    `select extract(epoch from next.recorded_at - answer.recorded_at) * 1000 as ms
       from ticket_events answer
       join ticket_events next on next.organization_id = answer.organization_id
                              and next.type = 'approvalDecided'
                              and next.data ->> 'approvalId' = answer.ticket_id::text
      where answer.type = 'answered'`,
  );
  const values = waited.map((row) => Waited.parse(row).ms);
  return { ...ranked(values), rounds: values.length };
}

const Count = z.object({ n: z.coerce.number() });

async function undelivered({ rows }: Pick<ApprovalField, 'rows'>): Promise<number> {
  const [row] = await rows.query(
    `select count(*) as n from ticket_events answer
      where answer.type = 'answered' and not exists (
        select from ticket_events e where e.type = 'approvalDecided'
           and e.organization_id = answer.organization_id
           and e.data ->> 'approvalId' = answer.ticket_id::text)
        and answer.recorded_at > now() - interval '1 minute'`,
  );
  return Count.parse(row).n;
}

const Numbered = z.object({ number: z.string() });

async function historyOf({ rows, slug, temporalAddress }: ApprovalField): Promise<HistorySize> {
  const [row] = await rows.query(
    `select number from tickets where type = 'approval' and state = 'approved' limit 1`,
  );
  const engine = openEngine({ address: temporalAddress, namespace: 'default', taskQueue: 'none' });
  try {
    return await sizeIn(engine, workflowIdOf(slug, 'approval', Numbered.parse(row).number));
  } finally {
    await engine.close();
  }
}
