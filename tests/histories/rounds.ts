/** Lives of changes and of rounds of approval whose histories are recorded. */
import { plusSeconds, toInstant } from '../../models/instant';
import { beginLife } from '../life/living';
import { becomes, roundOf } from '../life/rounds';
import type { Stage } from './stage';

const hour = 3_600;
const day = 24 * hour;

export const rounds: Readonly<Record<string, (stage: Stage) => Promise<string>>> = {
  /** Answers as signals, by the service and by hand; a question, reminders, the end by the last answer. */
  'approval-round': async ({ world }) => {
    const approvers = ['colleague', 'manager'].map((name) => ({
      ...{ kind: 'person', id: world.id('person', name) },
    }));
    const input = { title: 'A second monitor', approvers, shown: { cost: 240 } };
    const round = await beginLife(world, { type: 'approval', by: 'agent', input });
    await round.answer('ask', 'manager', { comment: 'Which one?' });
    await round.hears('asked');
    await round.skip(2 * day + hour);
    await round.hears('reminded', 2);
    await round.answer('approve', 'colleague');
    await round.hears('answered');
    await round.handle.signal('approve', { by: world.id('person', 'manager') });
    await round.ended();
    return round.workflowId;
  },

  /** Asked, edited while people vote, approved, begun in its window, warned, too late, reviewed, closed. */
  'change-emergency': async ({ world }) => {
    const now = toInstant(Date.now());
    const window = { start: plusSeconds(now, -hour), end: plusSeconds(now, 2 * hour) };
    const plans = { implementation: 'a', test: 'b', backOut: 'c', communication: 'd' };
    const risk = { impact: 'high', testEvidence: 'none', backOut: 'none' };
    const input = { kind: 'emergency', window, plans, risk };
    const change = await beginLife(world, { type: 'change', by: 'agent', input });
    await change.give('submit');
    await change.give('plan', { cost: 100 });
    const round = await roundOf(world, change);
    await round.hears('restated');
    await round.answer('approve', 'manager');
    await becomes(change, 'scheduled');
    await change.give('implement');
    await change.skip(2 * hour + 60);
    await change.hears('overran');
    await change.give('complete', { outcome: 'successfulWithIssues' });
    await change.skip(3 * day + hour);
    await change.hears('reviewOverdue');
    await change.give('review', { findings: 'Too slow.' });
    await change.give('close');
    await change.ended();
    return change.workflowId;
  },
};
