/** `GET /changes/{id}/conflicts`: computed from the rows when it is asked for, so right after any edit of anything. */
import { z } from 'zod';
import type { Conflict } from '../../models/changes/conflicts';
import { windowOf } from '../../workflows/changes/needs';
import { Reference } from '../http/reference';
import { defineRoute, type Route } from '../http/route';
import { TicketParams } from '../tickets/routes';
import { selectTicket } from '../tickets/select';
import { viewerOf } from '../tickets/sight';
import { changeOf, collisionsOf, isUnnamed } from './collisions';
import type { SurfaceDeps } from './deps';
import { Window } from './window';

const OtherChange = z
  .object({
    type: z.literal('change'),
    id: z.uuid().nullable().describe('null, as number and title: not for this reader.'),
    number: z.string().nullable(),
    title: z.string().nullable(),
    window: Window.describe('One that is under way lasts at least until now.'),
  })
  .meta({ id: 'ConflictingChange' });

const OtherFreeze = z
  .object({ type: z.literal('freeze'), id: z.uuid(), name: z.string(), window: Window })
  .meta({ id: 'ConflictingFreeze' });

const Shape = z
  .object({
    kind: z.enum([
      ...(['freeze', 'sameConfigurationItem', 'sameService'] as const),
      ...(['outsideMaintenance', 'dependentService', 'samePeople'] as const),
    ]),
    with: z
      .discriminatedUnion('type', [OtherChange, OtherFreeze])
      .nullable()
      .describe('null: a time outside of maintenance.'),
    services: z.array(Reference).describe('That both are about.'),
    configurationItems: z.array(z.string()),
    people: z.array(Reference),
    overlap: z.object({ from: z.iso.datetime(), until: z.iso.datetime() }),
    isBlocking: z
      .boolean()
      .describe('Whether the change is not begun while it lasts: another change while that runs.'),
    reason: z.string(),
  })
  .meta({ id: 'ChangeConflict' });

/** More is nothing that anybody reads. */
const mostShown = 1_000;

export function conflictsRoute({ database, change }: SurfaceDeps): Route {
  return defineRoute({
    method: 'get',
    path: '/changes/{id}/conflicts',
    tag: 'Change',
    access: 'change:read',
    summary: 'What the change collides with: other changes, freezes, times outside of maintenance.',
    params: TicketParams,
    reply: {
      status: 200,
      description: 'The heaviest first.',
      body: z.object({
        asOf: z.iso.datetime(),
        window: Window.nullable().describe('null: not planned, so it collides with nothing.'),
        total: z.int(),
        data: z.array(Shape).describe(`At most ${mostShown}.`),
      }),
    },
    handle: async ({ actor, params }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        const viewer = viewerOf(change, actor);
        const { ticket } = await selectTicket(tx, viewer, params.id);
        const own = changeOf(change, ticket);
        const found = (await collisionsOf(tx, viewer, [own])).get(own.id) ?? [];
        return {
          body: {
            asOf: await tx.now(),
            window: windowOf(own),
            total: found.length,
            data: found.slice(0, mostShown).map(presented),
          },
        };
      }),
  });
}

function presented({ with: met, ...conflict }: Conflict) {
  if (met?.type !== 'change') return { ...conflict, with: met };
  const { type, window } = met;
  const other = isUnnamed(met) ? { type, id: null, number: null, title: null, window } : met;
  return { ...conflict, with: other };
}
