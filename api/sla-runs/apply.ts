/** Running clocks go on by the newest version of a calendar: an edit alone moves none of them. */
import { z } from 'zod';
import { Refusal } from '../../models/errors';
import type { ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';
import { beginRunOf } from './begin';
import { SlaRun } from './shown';

export function applyRoute({ database }: ListSources): Route {
  return defineRoute({
    method: 'post',
    path: '/calendars/{id}/actions/apply',
    tag: 'Catalogue',
    access: 'calendar:manage',
    ifMatch: false,
    summary: 'Let running clocks go on by the newest version of a calendar.',
    description:
      'Those of open tickets that began with an older one: their deadlines are counted anew. Clocks that were stopped keep what they were judged by.',
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 202, description: 'It begins.', body: SlaRun },
    handle: ({ actor, params: { id: calendarId }, request }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const [calendar] = await tx.rows<{ name: string }>(
          'select name from business_calendars where organization_id = $1 and id = $2',
          [tx.organizationId, calendarId],
        );
        if (calendar === undefined) throw new Refusal('not_found', 'There is no such calendar.');
        const { name } = calendar;
        const run = { id: request.commandId, kind: 'calendar', startsAt: await tx.now() } as const;
        return beginRunOf(tx, { ...run, ticketType: null, calendarId, name }, { actor, request });
      }),
  });
}
