/** What only incidents have, beside the fields of every ticket. */
import { z } from 'zod';
import { priorities } from '../../models/tickets/ticket';
import { HoldShape } from '../holding';
import { ReviewShape } from '../review';

const at = z.iso.datetime();

export const IncidentDetailsShape = z.object({
  hold: HoldShape,
  startedAt: at.nullable(),
  resolution: z
    .object({
      code: z.string(),
      notes: z.string(),
      byId: z.uuid().nullable(),
      followedId: z.uuid().optional().describe('Resolved with this one, which it follows.'),
    })
    .nullable(),
  cancellation: z.object({ reason: z.string() }).nullable(),
  priorityOverride: z
    .object({ priority: z.enum(priorities), reason: z.string(), byId: z.uuid().nullable() })
    .nullable(),
  escalation: z.object({
    level: z.number().int(),
    reason: z.string().nullable(),
    acknowledgedAt: at.nullable(),
    acknowledgedById: z.uuid().nullable(),
  }),
  /** A ladder has raised the priority; it does so once. */
  raisedAt: at.nullable(),
  major: z
    .object({
      declaredAt: at,
      reason: z.string(),
      byId: z.uuid().nullable(),
      coordinatorId: z.uuid().nullable().describe('null: somebody has to be named.'),
      updateEveryMinutes: z.int().nullable().describe('null: no updates are due.'),
      nextUpdateAt: at.nullable().describe('When the next public update is due, or was.'),
      lastUpdateAt: at.nullable(),
      lastUpdateId: z.uuid().nullable().describe('The comment.'),
      remindedTimes: z.int().describe('Of the update that is due.'),
    })
    .nullable(),
  majorReview: ReviewShape.nullable(),
  /** The newest public update of its parent that its people were told. */
  parentUpdate: z.object({ ticketId: z.uuid(), at }).nullable(),
  workarounds: z
    .array(z.object({ problemId: z.uuid(), version: z.number().int() }))
    .describe('Which versions of the workarounds of its problems it has been told.'),
  suggestedResolution: z
    .object({ code: z.string(), notes: z.string(), problemId: z.uuid() })
    .nullable()
    .describe('How a problem behind it was resolved.'),
  reopenCount: z.number().int(),
  reassignmentCount: z.number().int(),
});

export type IncidentDetails = Readonly<z.infer<typeof IncidentDetailsShape>>;

/** What agents know among themselves: how a problem suggests to resolve it, and what its review found. */
export function toldOf(details: IncidentDetails): IncidentDetails {
  return { ...details, suggestedResolution: null, majorReview: null };
}

export const freshIncident: IncidentDetails = {
  hold: null,
  startedAt: null,
  resolution: null,
  cancellation: null,
  priorityOverride: null,
  escalation: { level: 0, reason: null, acknowledgedAt: null, acknowledgedById: null },
  raisedAt: null,
  major: null,
  majorReview: null,
  parentUpdate: null,
  workarounds: [],
  suggestedResolution: null,
  reopenCount: 0,
  reassignmentCount: 0,
};

/** What a major incident has that was declared before version 3: nobody was told of updates. */
const earlierMajor = {
  ...{ coordinatorId: null, updateEveryMinutes: null, nextUpdateAt: null },
  ...{ lastUpdateAt: null, lastUpdateId: null, remindedTimes: 0 },
};

/** Version 2: a ladder raises the priority once. Version 3: major incidents have a coordinator and updates. */
export function upcastIncident(stored: Readonly<Record<string, unknown>>): IncidentDetails {
  const details = { ...freshIncident, ...stored };
  return { ...details, major: details.major && { ...earlierMajor, ...details.major } };
}
