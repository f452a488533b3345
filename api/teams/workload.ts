/** What the members of a team have to do, and who would get the next ticket. */
import { z } from 'zod';
import { readCandidates } from '../../models/assignment/candidates';
import { readTeam, type GroundTeam } from '../../models/assignment/ground';
import { calendarOf } from '../../models/assignment/hours';
import { countOf, loadOf } from '../../models/assignment/load';
import { pick } from '../../models/assignment/pick';
import type { Candidate } from '../../models/assignment/shape';
import type { Tx } from '../../models/database';
import { Refusal } from '../../models/errors';
import type { Instant } from '../../models/instant';
import { priorities } from '../../models/tickets/ticket';
import type { ListSources } from '../http/list/readable';
import { defineRoute, type Route } from '../http/route';

const Burden = z
  .object({
    id: z.uuid(),
    name: z.string(),
    skills: z.array(z.string()),
    capacity: z.int().nullable(),
    isAbsent: z.boolean().describe('Somebody acts in their place.'),
    open: z
      .partialRecord(z.enum([...priorities, 'none']), z.int())
      .describe(
        'Open tickets by priority, of whichever team; those that are resolved do not count.',
      ),
    openCount: z.int(),
    load: z.int().describe('What they weigh together: a P5 is 1, a P1 is 20.'),
    lastAssignedAt: z.iso.datetime().nullable().describe('When the team last gave them one.'),
  })
  .meta({ id: 'Burden' });

const Workload = z
  .object({
    members: z.array(Burden).describe('Those who may work on tickets, by name.'),
    next: z
      .object({
        assigneeId: z.uuid().nullable(),
        reason: z.string().nullable(),
        waits: z.object({ until: z.iso.datetime(), what: z.string() }).nullable(),
      })
      .nullable()
      .describe(
        'Who would get a ticket that has no priority, takes no skills and is of somebody new. ' +
          'null: the team gives out its tickets by hand, or is inactive.',
      ),
  })
  .meta({ id: 'Workload' });

export function workloadRoute({ database }: Pick<ListSources, 'database'>): Route {
  return defineRoute({
    tag: 'People',
    access: 'user:read',
    method: 'get',
    path: '/teams/{id}/workload',
    summary: 'What the members of a team have to do, and whose turn it is next and why.',
    params: z.strictObject({ id: z.uuid() }),
    reply: { status: 200, description: 'As it is now.', body: Workload },
    handle: ({ actor, params: { id } }) =>
      database.inOrganization(actor.organizationId, async (tx) => {
        await refuseUnknown(tx, id);
        const at = await tx.now();
        const team = await readTeam(tx, id);
        const candidates = await readCandidates(tx, { teamId: id, ticketId: null, at });
        const next = team ? await nextOf(tx, team, candidates, at) : null;
        return { body: { members: candidates.toSorted(byName).map(burdenOf), next } };
      }),
  });
}

async function refuseUnknown(tx: Tx, id: string): Promise<void> {
  const [team] = await tx.rows('select 1 from teams where organization_id = $1 and id = $2', [
    tx.organizationId,
    id,
  ]);
  if (!team) throw new Refusal('not_found', 'There is no such team.');
}

async function nextOf(
  tx: Tx,
  { name, sharing, calendar: hours }: GroundTeam,
  candidates: readonly Candidate[],
  at: Instant,
): Promise<z.infer<typeof Workload>['next']> {
  if (sharing === null) return null;
  const calendar = hours && (await calendarOf(tx, hours));
  const question = { priority: null, requiredSkills: [], lastHandlerId: null, at };
  const nobody = { assigneeId: null, reason: null, waits: null };
  return { ...nobody, ...pick({ name, assignment: sharing, calendar }, candidates, question) };
}

function burdenOf(candidate: Candidate): z.infer<typeof Burden> {
  const { id, name, skills, capacity, isAbsent, open, lastAssignedAt } = candidate;
  const facts = { id, name, skills: [...skills], capacity, isAbsent, open };
  return { ...facts, openCount: countOf(open), load: loadOf(open), lastAssignedAt };
}

function byName(one: Candidate, other: Candidate): number {
  return one.name.localeCompare(other.name) || (one.id < other.id ? -1 : 1);
}
