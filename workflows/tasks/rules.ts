/** What happens to a task: one pure rule for each command and fact, in the order of its life. */
import { invalid } from '../../models/errors';
import { plusDays } from '../../models/instant';
import type { Fact } from '../../models/tickets/fact';
import { holderOf } from '../../models/tickets/holder';
import { membersOf, namedNeeds } from '../../models/tickets/named';
import { next, type Next } from '../../models/tickets/next';
import type { Need, RuleBook } from '../../models/tickets/rules';
import { say } from '../../models/tickets/say';
import type { Ticket } from '../../models/tickets/ticket';
import { assign, given, leftBy, type AssignInput } from '../handing';
import { freshTask, type TaskDetails } from './details';
import type { OpenTask, taskInputs } from './inputs';
import type { task } from './process';

type Task = Ticket<TaskDetails>;
type Said = Next<TaskDetails>;

/** Reminded once a day, and no longer than this: whoever has not looked by then looks at lists. */
const mostReminders = 7;

export const taskRules: RuleBook<TaskDetails, typeof task, typeof taskInputs> = {
  details: freshTask,
  needs,

  opened(ticket, { input }, context) {
    const { subjectId, key, isUndo, outcomes, dueAt } = input;
    // A team that has left since the plan was written is no reason to lose the task.
    const named = input.teamId !== null && context.team(input.teamId)?.isActive === true;
    const service = input.serviceId === null ? undefined : context.service(input.serviceId);
    const teamId =
      ticket.confidentialTeamId ??
      (named ? input.teamId : (service?.teamId ?? context.settings.defaultTeamId));
    return next(ticket)
      .set({ teamId, plannedEnd: dueAt })
      .details({ subjectId, key, isUndo, outcomes, dueAt, isTeamNamed: named })
      .event('opened', { title: input.title })
      .when(dueAt !== null, (so) =>
        so.plan({ key: 'overdue', at: dueAt ?? '', what: 'It is to be done.' }),
      )
      .when(teamId !== null, (so) => so.notify('team', 'assignedToTeam'));
  },

  commands: {
    assign,

    start: (ticket, { actor, occurredAt }) =>
      next(ticket)
        .state('inProgress')
        .set({ assigneeId: ticket.assigneeId ?? actor.id })
        .details({ startedAt: occurredAt }),

    complete(ticket, { input, actor, occurredAt }) {
      const { outcomes } = ticket.details;
      const outcome = input.outcome ?? outcomes[0] ?? 'done';
      if (!outcomes.includes(outcome))
        throw invalid('/outcome', `must be one of ${outcomes.join(', ')}`);
      const note = input.note ?? null;
      const so = next(ticket)
        .state('done')
        .set({ assigneeId: ticket.assigneeId ?? actor.id, closedAt: occurredAt })
        .details({ outcome, note, byId: actor.id });
      return told(so, true);
    },

    cancel: (ticket, { input, actor, occurredAt }) =>
      told(
        next(ticket)
          .state('cancelled')
          .set({ closedAt: occurredAt })
          .details({ note: input.reason, byId: actor.id }),
        false,
      ),
  },

  signals: {
    withdrawn: (ticket, { input, occurredAt }) =>
      isOver(ticket)
        ? next(ticket).event('withdrawn', { ...input, counts: false }, 'internal')
        : next(ticket)
            .state('cancelled')
            .set({ closedAt: occurredAt })
            .event('withdrawn', { reason: input.reason })
            .notify(holderOf(ticket), 'withdrawn'),
  },

  commented: (ticket, fact) => say(next(ticket), fact),

  released: leftBy,

  namesTeam: ({ details }) => details.isTeamNamed,

  given,

  agenda: {
    overdue(ticket, { occurredAt }) {
      const remindedTimes = ticket.details.remindedTimes + 1;
      return next(ticket)
        .details({ remindedTimes })
        .event('overdue', { times: remindedTimes })
        .notify(holderOf(ticket), 'overdue')
        .when(remindedTimes > 1, (so) => so.notify('teamLead', 'overdue'))
        .when(remindedTimes < mostReminders, (so) =>
          so.plan({ key: 'overdue', at: plusDays(occurredAt, 1), what: 'It is still to be done.' }),
        );
    },
  },

  results: {},
};

function needs(ticket: Task | undefined, fact: Fact): readonly Need[] {
  const given = membersOf<OpenTask & AssignInput>(fact);
  const isNamed = ticket === undefined || fact.name === 'assign';
  return namedNeeds([
    ['team', isNamed ? given.teamId : undefined],
    ['person', ticket ? given.assigneeId : undefined],
    ['service', ticket ? undefined : given.serviceId],
  ]);
}

/** Whoever asked for it hears how it ended. */
function told(so: Said, isDone: boolean): Said {
  const { subjectId, key, isUndo, outcome, note } = so.ticket.details;
  if (subjectId === null) return so;
  const input = { taskId: so.ticket.id, key, isUndo, isDone, outcome, note };
  return so.send({ ticketId: subjectId, name: 'taskEnded', input });
}

function isOver({ state }: Task): boolean {
  return state === 'done' || state === 'cancelled';
}
