/** Lives whose histories are recorded: together they go through every branch of workflows/life.ts; a mail, a run. */
import { ApplicationFailure } from '@temporalio/common';
import { mailWorkflowId, sweepMails } from '../../engine/mails';
import { toInstant } from '../../models/instant';
import { eventually } from '../harness';
import { startByHand } from '../life/by-hand';
import { beginLife, type LivingTicket } from '../life/living';
import { requests } from './requests';
import { rounds } from './rounds';
import { runs } from './runs';
import type { Disturbance, Stage } from './stage';

/** Leads a life; gives the id of its workflow. */
export type Case = (stage: Stage) => Promise<string>;

const p1 = { impact: 'high', urgency: 'high' };
const p5 = { impact: 'low', urgency: 'low' };
const solved = { code: 'solved', notes: 'Done' };
const minute = 60;
const day = 86_400;

export const cases: Readonly<Record<string, Case>> = {
  ...rounds,
  ...runs,
  ...requests,

  /** Commands, an answer that resumes, a timer set anew, the reminder and the end by itself. */
  'incident-usual': async ({ world }) => {
    const ticket = await beginLife(world, { input: p5 });
    await ticket.give('assign', { assigneeId: world.id('person', 'agent') }, { by: 'colleague' });
    await ticket.give('start');
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'customer', comment: 'Which version is it?' });
    await ticket.say('The newest.', { by: 'user' });
    await ticket.hears('resumed');
    await ticket.give('resolve', solved);
    await ticket.skip(6 * day);
    return ended(ticket);
  },

  /** Deadlines that are warned of and missed, retargeted, paused without any timer. */
  'incident-clocks': async ({ world }) => {
    const ticket = await beginLife(world, { input: p1, at: toInstant(Date.now()) });
    await ticket.skip(12 * minute);
    await ticket.hears('slaWarned');
    await ticket.skip(4 * minute);
    await ticket.hears('slaBreached');
    await ticket.give('prioritize', { urgency: 'low' });
    await ticket.say('We look into it.');
    await ticket.give('hold', { reason: 'scheduled', until: ticket.inSeconds(2 * day) });
    await ticket.give('hold', { reason: 'customer' });
    await ticket.give('resume');
    await ticket.give('cancel', { reason: 'Sent twice.' });
    return ended(ticket);
  },

  /** What is typed into the Web UI: a cancel, names and payloads of no sense, a look, updates refused. */
  'strange-messages': async ({ world }) => {
    const ticket = await beginLife(world, { input: p5 });
    const { handle } = ticket;
    await handle.cancel();
    await ticket.hears('engineCancelIgnored');
    for (const payload of ['rubbish', 7, null, { cause: 'x', ticketId: 'of another' }]) {
      await handle.signal('fact', payload);
    }
    await handle.signal('no such signal', { a: 1 });
    await handle.signal('look', {});
    await handle
      .executeUpdate('command', { args: [{ ticketId: 'of another' }] })
      .catch(() => undefined);
    await handle.executeUpdate('no such update', { args: [] }).catch(() => undefined);
    await ticket.give('explode').catch(() => undefined);
    await ticket.give('cancel', { reason: 'Sent twice.' });
    return ended(ticket);
  },

  /** Owed work that fails twice while a command is taken beside it. */
  'errand-work': async ({ world }) => {
    const errand = await beginLife(world, { type: 'errand', by: 'agent' });
    await errand.handle.signal('go', { fails: 2 });
    await errand.hears('went');
    await errand.give('nudge');
    await errand.hears('fetched');
    return ended(errand);
  },

  'errand-work-failed': async ({ world }) => {
    const errand = await beginLife(world, { type: 'errand', by: 'agent' });
    await errand.handle.signal('go', { fails: 99 });
    await errand.hears('fetchFailed');
    return ended(errand);
  },

  /** An attempt that ends without an answer: the row still owes the work, the life lives on. */
  'errand-work-left': async ({ world, spoil }) => {
    const errand = await beginLife(world, { type: 'errand', by: 'agent' });
    spoil(errand.id, ApplicationFailure.nonRetryable('ended by hand'));
    await errand.handle.signal('go', { fails: 0 });
    await errand.hears('went');
    await errand.rests();
    await errand.give('nudge');
    return errand.workflowId;
  },

  /** More facts than a run takes: some are on their way when it ends, and travel along. */
  'continued-as-new': async ({ world, disturb }) => {
    const errand = await beginLife(world, { type: 'errand', by: 'agent' });
    await errand.handle.terminate('to be started by hand');
    disturb(errand.id, slow);
    const { workflowId } = await startByHand(world, errand.id, errand.workflowId);
    // So many at once that the run is never quiet before it has to leave.
    const burst = Array.from({ length: 40 }, () =>
      errand.handle.signal('bomb', { inSeconds: 7_200 }),
    );
    await Promise.all(burst);
    await eventually(
      'all of them',
      async () => {
        const told = (await errand.feed()).filter(({ type }) => type === 'bombPlanned');
        return told.length === 40 ? true : undefined;
      },
      60_000,
    );
    await errand.rests();
    return workflowId;
  },

  /** The database does not answer at once: the step is tried patiently. */
  'step-patient': async ({ world, disturb }) => {
    const ticket = await beginLife(world, { input: p5 });
    disturb(
      ticket.id,
      failing('acknowledge', 3, () => new Error('PostgreSQL is away')),
    );
    await ticket.give('acknowledge');
    await ticket.give('cancel', { reason: 'Sent twice.' });
    return ended(ticket);
  },

  /** Somebody ended a step by hand: its caller is told, the next fact is taken. */
  'step-given-up': async ({ world, disturb }) => {
    const ticket = await beginLife(world, { input: p5 });
    const byHand = () => ApplicationFailure.nonRetryable('ended by hand');
    disturb(ticket.id, failing('acknowledge', 2, byHand));
    await ticket.give('acknowledge').catch(() => undefined);
    await ticket.give('cancel', { reason: 'Sent twice.' });
    return ended(ticket);
  },

  /** A rule that leaves on the agenda what it handled: the alarm waits a second, then two. */
  'agenda-stands-still': async ({ world, disturb }) => {
    const ticket = await beginLife(world, { input: p5 });
    const until = ticket.inSeconds(1);
    let times = 0;
    disturb(ticket.id, async ({ fact }, step) => {
      const answer = await step();
      if (fact.name !== 'due' || !answer.view || times === 2) return answer;
      times += 1;
      return { ...answer, view: { ...answer.view, nextDueAt: until } };
    });
    await ticket.give('hold', { reason: 'scheduled', until });
    await ticket.hears('resumed');
    await ticket.skip(10);
    await ticket.give('cancel', { reason: 'Sent twice.' });
    return ended(ticket);
  },

  /** Another life owns the ticket now. */
  superseded: async ({ world }) => {
    const ticket = await beginLife(world, { input: p5 });
    await world.rows('update tickets set life = 2 where id = $1', [ticket.id]);
    await ticket.handle.signal('look', {});
    return ended(ticket);
  },

  /** The way of a mail, whose row says that it was sent by the time it is tried. */
  mail: async ({ world }) => {
    const { database, engine, log, slug } = world;
    const id = world.id('person', 'user');
    await world.rows(
      `insert into mails (organization_id, id, kind, user_id, to_address, subject, text)
       values ($1, $2, 'lockout', $2, 'user@acme.example', 'Subject', 'Text')`,
      [world.organizationId, id],
    );
    await world.stopWorker();
    await sweepMails({ database, engine, log });
    await world.rows('update mails set sent_at = now()');
    await world.startWorker();
    const workflowId = mailWorkflowId(slug, id);
    await engine.client.workflow.getHandle(workflowId).result();
    return workflowId;
  },
};

async function ended(ticket: LivingTicket): Promise<string> {
  await ticket.ended();
  return ticket.workflowId;
}

const slow: Disturbance = async (_, step) => {
  await new Promise((resolve) => setTimeout(resolve, 30));
  return step();
};

/** The first tries of this fact end in an error, the others go through. */
function failing(name: string, tries: number, error: () => Error): Disturbance {
  let left = tries;
  return ({ fact }, step) => {
    if (fact.name !== name || left === 0) return step();
    left -= 1;
    return Promise.reject(error());
  };
}
