/** What only incidents have, beside the fields of every ticket. */
import { z } from 'zod';
import { priorities } from '../../models/tickets/ticket';

const at = z.iso.datetime();

export const IncidentDetailsShape = z.object({
  hold: z
    .object({
      reason: z.enum(['customer', 'vendor', 'change', 'problem', 'scheduled']),
      until: at.nullable(),
      since: at,
    })
    .nullable(),
  startedAt: at.nullable(),
  resolution: z
    .object({ code: z.string(), notes: z.string(), byId: z.uuid().nullable() })
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
  major: z.object({ declaredAt: at, reason: z.string(), byId: z.uuid().nullable() }).nullable(),
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

export const freshIncident: IncidentDetails = {
  hold: null,
  startedAt: null,
  resolution: null,
  cancellation: null,
  priorityOverride: null,
  escalation: { level: 0, reason: null, acknowledgedAt: null, acknowledgedById: null },
  raisedAt: null,
  major: null,
  workarounds: [],
  suggestedResolution: null,
  reopenCount: 0,
  reassignmentCount: 0,
};
